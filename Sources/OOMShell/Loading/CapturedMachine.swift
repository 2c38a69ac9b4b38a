internal import Investigation
internal import KernelLog

/// What a sosreport, or any capture of a machine's files, tells besides logs.
struct CapturedMachine: Sendable, Equatable {
  /// The archive or directory, as the user named it.
  let name: String
  private var files: [String: [UInt8]] = [:]

  /// Larger files are no facts.
  static let longestFile = 1 << 20

  private static let sysctls = "sos_commands/kernel/sysctl_-a"
  private static let hostNames = [
    "sos_commands/host/hostname", "sos_commands/general/hostname", "etc/hostname", "hostname",
  ]
  private static let wanted = Set(HostFacts.wanted + [sysctls] + hostNames + clockFiles)
  private static let tops: Set<Substring> = [
    "proc", "sys", "sos_commands", "var", "etc", "sos_logs",
  ]

  init(name: String) { self.name = name }

  /// The path on the machine of a path in the capture, and the directory around the machine, which
  /// often is there; one around several of them too.
  static func place(of member: String) -> (root: String, path: String) {
    let parts = member.split(separator: "/").filter { $0 != "." }
    let top = parts.prefix(3).firstIndex { tops.contains($0) } ?? (parts.count == 2 ? 1 : 0)
    return (parts[..<top].joined(separator: "/"), parts[top...].joined(separator: "/"))
  }

  /// Whether a file of this path on the machine is worth taking.
  static func wants(_ path: String) -> Bool { wanted.contains(path) }

  /// Adds a file under its path on the machine.
  mutating func take(_ path: String, _ bytes: [UInt8]) { files[path] = bytes }

  /// The lines of a file, as text; none where it was not captured.
  func lines(of path: String) -> [Substring] {
    String(decoding: files[path] ?? [], as: UTF8.self).split(separator: "\n")
  }

  /// The machine's own name.
  var hostName: LogText? {
    let name = Self.hostNames.lazy.compactMap { files[$0] }.first.map {
      Array($0.prefix { $0 > UInt8(ascii: " ") }.prefix(64))
    }
    return name.flatMap { $0.isEmpty ? nil : LogText($0) }
  }

  var facts: HostFacts {
    let label = hostName.map { "\(name) (host \($0.description))" } ?? name
    var facts = HostFacts(files: files, isLive: false, source: LogText(label))
    if let output = files[Self.sysctls] { facts.take(sysctlOutput: output) }
    return facts
  }
}
