internal import KernelLog

/// An event of which the scan has seen a key line, and whose end it has not reached.
struct OpenReport: Sendable {
  let host: LogText?
  /// The source's offset of its first byte.
  let start: Int
  let firstLine: Int
  private(set) var hasEnded = false
  private var pids: [Int64] = []
  private var hasDecision = false
  private var hasIntent = false
  private var isGroupKill = false

  init(host: LogText?, start: Int, firstLine: Int) {
    self.host = host
    self.start = start
    self.firstLine = firstLine
  }

  /// Whether a key line belongs to this event, and does not begin another.
  func takes(_ key: KeyLine) -> Bool {
    switch key {
    case .invoked: false
    case .decision: !hasDecision && pids.isEmpty && !hasEnded
    case .intent: !hasIntent && pids.isEmpty && !hasEnded
    // Without a new report, more kills are one event only where the kernel says so: as a group,
    // or the same process once more.
    case .killed(let pid): pids.isEmpty || isGroupKill || pids.contains(pid)
    case .group, .panic: true
    }
  }

  mutating func add(_ key: KeyLine) {
    switch key {
    case .invoked: break
    case .decision: hasDecision = true
    case .intent: hasIntent = true
    case .killed(let pid):
      pids.append(pid)
      hasEnded = true
    case .group: isGroupKill = true
    case .panic: hasEnded = true
    }
  }
}
