internal import Glibc
internal import OOMShell
internal import Platform
internal import Synchronization

/// Asks the C library about several zones, although it knows one at a time.
final class ZoneSwitch: Sendable {
  /// TZ as the process found it.
  private let original = EnvironmentVariables["TZ"]
  private let current = Mutex(Zone.local)

  /// How far the zone is from UTC at a moment; nil where the system knows no such zone.
  func offset(_ zone: Zone, at micros: Int64) -> ZoneOffset? {
    switch zone {
    case .utc: return ZoneOffset(seconds: 0, name: "UTC")
    case .offset(let seconds): return ZoneOffset(seconds: seconds, name: nil)
    case .local, .named: break
    }
    return current.withLock { current in
      guard use(zone, &current) else { return nil }
      let second = micros / 1_000_000 - (micros % 1_000_000 < 0 ? 1 : 0)
      let offset = LocalZone.offset(at: second)
      return ZoneOffset(seconds: offset.seconds, name: offset.abbreviation)
    }
  }

  private func use(_ zone: Zone, _ current: inout Zone) -> Bool {
    if zone == current { return true }
    if case .named(let name) = zone {
      do throws(HostError) { try LocalZone.use(name: name) } catch { return false }
    } else {
      if let original { unsafe setenv("TZ", original, 1) } else { unsafe unsetenv("TZ") }
      tzset()
    }
    current = zone
    return true
  }
}
