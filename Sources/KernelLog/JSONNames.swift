/// The names that log stores and their shippers give to what they know of a line.
enum JSONNames {
  /// A member's name; behind a dot or in an object that has a name itself, that one is its owner.
  struct Key {
    let name: Range<Int>
    private let leaf: Range<Int>
    private let owner: Range<Int>?

    init(_ name: Range<Int>, in object: Range<Int>?, _ line: Span<UInt8>) {
      self.name = name
      let inside = line.extracting(0..<name.upperBound)
      guard let dot = inside.last(".", before: name.upperBound), dot >= name.lowerBound else {
        (leaf, owner) = (name, object)
        return
      }
      leaf = dot + 1..<name.upperBound
      let before = inside.extracting(0..<dot).last(".", before: dot).map { $0 + 1 }
      owner = max(before ?? 0, name.lowerBound)..<dot
    }

    func isOne(of names: [Name], in line: Span<UInt8>) -> Bool { rank(in: names, line) != nil }

    /// The place of the name in a table, the surest first; nil where it is not there.
    func rank(in names: [Name], _ line: Span<UInt8>) -> Int? {
      names.firstIndex { entry in
        guard line.isWord(leaf, entry.leaf) else { return false }
        guard let wanted = entry.owner else { return true }
        return owner.map { line.isWord($0, wanted) } ?? false
      }
    }
  }

  struct Name: ExpressibleByStringLiteral, Sendable {
    let leaf: StaticString
    var owner: StaticString?

    init(_ leaf: StaticString, of owner: StaticString) { (self.leaf, self.owner) = (leaf, owner) }
    init(stringLiteral leaf: StaticString) { self.leaf = leaf }
  }

  /// Of the line, the surest first.
  static let lines: [StaticString] = [
    "MESSAGE", "message", "@message", "textPayload", "log", "line", "msg", "_raw", "body",
    "short_message", "full_message", "SyslogMessage", "event", "Message", "Line", "Log",
    "jsonPayload.message", "jsonPayload.MESSAGE", "_source.message",
  ]

  static let hosts: [Name] = [
    "_HOSTNAME", "hostname", "host", "HOST", "Hostname", "Host", "HostName", "host_name",
    Name("name", of: "host"), "Computer", "node_name",
    Name("name", of: "node"), Name("name", of: "agent"),
    // Google's `compute.googleapis.com/resource_name`.
    Name("com/resource_name", of: "googleapis"), "instance_id", "node", "instance",
    "machine", "server", "logStream", "@logStream", "source_host", "InstanceId",
  ]

  /// How many of them are a host's in all stores.
  static let sureHosts = 9

  static let times: [StaticString] = [
    "time", "timestamp", "@timestamp", "ts", "_time", "ISODATE", "DATE", "receiveTimestamp", "date",
    "TimeGenerated", "TimeGenerated [UTC]", "EventTime", "Time", "Timestamp", "Date", "datetime",
    "created_at", "logged_at", "received_at", "TIME",
    "TIMESTAMP",
  ]

  /// Of who wrote the line: `kernel` in one of them is the kernel.
  static let authors: [Name] =
    programs + [
      "syslogtag", "tag", "unit", "facility", "Facility", "service", "app", "application",
      "identifier", "transport",
    ]

  /// Of the program that wrote the line: any other value is another program.
  static let programs: [Name] = [
    "SYSLOG_IDENTIFIER", "program", "PROGRAM", "programname", "ident", "appname", "app_name",
    "appName", "ProcessName", "processName", "process_name", "syslog_program", "_COMM", "_EXE",
    "_app", "_process", "process", "Program", "Process", "AppName", Name("name", of: "process"),
    Name("executable", of: "process"),
    Name("title", of: "process"),
  ]

  /// Of what only other programs' lines have, unless the value tells of a system log.
  static let others: [Name] = [
    "stream", "container", "container_name", "container_id", "kubernetes", "pod", "pod_name",
    "logger", "logger_name", "loggerName", "thread", "caller", "tag", "unit", "_SYSTEMD_UNIT",
    "facility", "Facility", "service", Name("name", of: "service"), "app", "application",
    "component", "module", "Container", "Pod", "Logger", "Service", "App", "Application",
    "Component", "Module", "identifier", "dataset", "ddsource", "filename",
    Name("path", of: "file"),
  ]

  /// Of objects that containers have, whatever is in them.
  static let containers: [Name] = ["container", "kubernetes", "pod"]

  /// The words of which one is in the names of the kernel's log and of those that hold it too.
  static let systemLogs: [StaticString] = [
    "kern", "kmsg", "dmesg", "syslog", "messages", "journal", "system",
  ]
}
