internal import KernelLog

/// How a report ends where nothing was killed.
enum EndingLine {
  static let noVictim = LineGrammar(
    name: "no killable processes",
    printedBy: "4.18 and later; out_of_memory()",
    samples: ["Out of memory and no killable processes..."],
    read: { message, line, report in
      guard message.starts(with: "Out of memory and no killable processes") else { return .other }
      report.report.ending = report.report.ending ?? Cited(LogText(message), line: line)
      return .read
    })

  static let panic = LineGrammar(
    name: "panic",
    printedBy: "all; check_panic_on_oom() and out_of_memory()",
    samples: [
      "Kernel panic - not syncing: Out of memory: system-wide panic_on_oom is enabled",
      "Kernel panic - not syncing: Out of memory and no killable processes...",
      "Kernel panic - not syncing: System is deadlocked on memory",
      "Kernel panic - not syncing: out of memory. panic_on_oom is selected",
    ],
    read: { message, line, report in
      guard isPanic(message) else { return isBeginning(message) ? .torn : .other }
      if report.report.outcome != .panic {
        report.report.ending = Cited(LogText(message), line: line)
      }
      report.report.outcome = .panic
      return .read
    })

  private static let panicWords: StaticString = "Kernel panic - not syncing: "

  private static let panicReasons: [StaticString] = [
    "Out of memory", "out of memory", "System is deadlocked on memory",
  ]

  static func isPanic(_ message: Span<UInt8>) -> Bool {
    guard let reason = message.end(of: panicWords, at: 0) else { return false }
    return panicReasons.contains { message.starts(with: $0, at: reason) }
  }

  /// Whether a panic's message breaks off in what would tell its reason.
  private static func isBeginning(_ message: Span<UInt8>) -> Bool {
    guard message.starts(with: "Kernel panic - not syncing:") else { return false }
    return panicReasons.contains { reason in
      let words = Array("\(panicWords)\(reason)".utf8)
      return message.count < words.count && message.indices.allSatisfy { message[$0] == words[$0] }
    }
  }
}
