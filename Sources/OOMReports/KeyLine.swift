internal import KernelLog

/// The lines of a report that the scan looks for; all others are read only once a report is known.
enum KeyLine: Equatable {
  case invoked
  /// The pid is nil where the line broke off before it.
  case decision(pid: Int64?)
  case intent(pid: Int64)
  case killed(pid: Int64)
  case group
  case panic

  /// The process of which it says that it was killed.
  var killed: Int64? {
    if case .killed(let pid) = self { pid } else { nil }
  }

  /// What a message is, if it is one of them.
  init?(_ message: Span<UInt8>) {
    let message = message.extracting(0..<message.startOfPadding)
    if DecisionLine.isDecision(message) {
      self = .decision(pid: DecisionLine.pid(of: message))
    } else if let start = KillLine.start(of: message) {
      var cursor = start.pid
      guard let pid = message.integer(at: &cursor) else { return nil }
      let name = message.skippingBlanks(from: cursor)
      guard
        name > cursor && message.byte(at: name) == .openParenthesis
          || message.starts(with: ", UID ", at: cursor)
      else { return nil }
      if start.isKilled {
        self = .killed(pid: pid)
      } else if message.first(") score ", from: cursor) != nil {
        self = .intent(pid: pid)
      } else {
        return nil
      }
    } else if let start = BeancounterLines.pid(of: message) {
      var cursor = start.pid
      guard let pid = message.integer(at: &cursor), message.starts(with: " (", at: cursor) else {
        return nil
      }
      self = .killed(pid: pid)
    } else if InvokedLine.start(of: message) != nil {
      self = .invoked
    } else if EndingLine.isPanic(message) {
      self = .panic
    } else if KillLine.isGroup(message),
      message.first(" due to memory.oom.group set") != nil
    {
      self = .group
    } else {
      return nil
    }
  }
}
