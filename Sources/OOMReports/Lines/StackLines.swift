internal import KernelLog

/// The call trace and registers: they belong to a report, and nothing of them is kept.
enum StackLines {
  static let grammar = LineGrammar(
    name: "call trace",
    printedBy: "all; dump_stack()",
    samples: [
      "Call Trace:", "Call trace:", " <TASK>", " dump_stack_lvl+0x44/0x5c",
      " [<ffffffff8111b2c9>] ? dump_header+0x1/0x2", "RIP: 0033:0x7f2f", "Code: 48 8b",
      "RAX: 0000000000000000 RBX: 0000000000000001 RCX: 0000000000000002",
    ],
    read: { message, _, report in
      // The trace stands in a report's head; one behind that is of another warning.
      guard (report.section ?? .head) == .head else { return .other }
      if words.contains(where: { message.starts(with: $0) }) { return .known }
      return isFrame(message) ? .known : .other
    })

  private static let words: [StaticString] = [
    "Call Trace:", "Call trace:", "Backtrace", "<TASK>", "</TASK>", "<IRQ>", "</IRQ>", "RIP: ",
    "Code: ", "RSP: ", "RAX: ", "RDX: ", "RBP: ", "R10: ", "R13: ", "ORIG_RAX: ", "EIP: ", "EAX: ",
    "ESI: ", "DS: ", "FS: ", "CS: ", "Tainted: ", "Workqueue: ", "COMPACTION is disabled!!!",
    "Stack:", "lowmem_reserve", "Exception ", "pstate: ", "pc : ", "lr : ", "sp : ",
  ]

  /// `[<address>] ? function+0x1/0x2 [module]` or `? function+0x1/0x2`.
  private static func isFrame(_ message: Span<UInt8>) -> Bool {
    if message.starts(with: "[<") { return true }
    var cursor = message.end(of: "? ", at: 0) ?? 0
    cursor = message.endOfWord(from: cursor)
    guard cursor > 0, let plus = message.extracting(0..<cursor).last("+0x", before: cursor) else {
      return false
    }
    return message.extracting(plus..<cursor).first("/0x") != nil
  }
}
