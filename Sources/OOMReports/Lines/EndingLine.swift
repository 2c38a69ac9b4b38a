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
      guard isPanic(message) else { return .other }
      if report.report.outcome != .panic {
        report.report.ending = Cited(LogText(message), line: line)
      }
      report.report.outcome = .panic
      return .read
    })

  static func isPanic(_ message: Span<UInt8>) -> Bool {
    guard let reason = message.end(of: "Kernel panic - not syncing: ", at: 0) else { return false }
    return message.starts(with: "Out of memory", at: reason)
      || message.starts(with: "out of memory", at: reason)
      || message.starts(with: "System is deadlocked on memory", at: reason)
  }
}
