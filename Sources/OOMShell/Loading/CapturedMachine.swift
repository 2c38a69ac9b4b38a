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

  /// The path on the machine of a path in the capture, which often has a directory around it all.
  static func path(of member: String) -> String {
    var parts = member.split(separator: "/").filter { $0 != "." }
    if let first = parts.first, !tops.contains(first), parts.count > 1 { parts.removeFirst() }
    return parts.joined(separator: "/")
  }

  /// Whether a file of this path on the machine is worth taking.
  static func wants(_ path: String) -> Bool { wanted.contains(path) }

  mutating func take(_ path: String, _ bytes: [UInt8]) { files[path] = bytes }

  var isEmpty: Bool { files.isEmpty }

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
