internal import KernelLog

/// Lines that stand next to reports and change how they are read.
enum NeighbourLines {
  /// A task's own failed allocation; it prints a memory state of its own, which is not the
  /// event's.
  static let allocationFailure = LineGrammar(
    name: "page allocation failure",
    printedBy: "all; warn_alloc() in mm/page_alloc.c",
    samples: ["python3: page allocation failure: order:4, mode:0x40cc0(GFP_KERNEL|__GFP_COMP)"],
    read: { message, _, report in
      guard message.first(": page allocation failure") != nil else { return .other }
      report.isMemoryForeign = true
      return .known
    },
    aside: { message in
      guard let failure = message.first(": page allocation failure") else { return [] }
      let comm = LineFigure(name: "comm", text: message.text(0..<failure))
      return [comm]
        + message.figures(
          [
            ("order:", "order"), ("mode:", "gfp_mask"), ("nodemask=", "nodemask"),
            ("cpuset=", "cpuset"), ("mems_allowed=", "mems_allowed"),
          ], from: failure)
    })

  static let sysrq = LineGrammar(
    name: "sysrq",
    printedBy: "all; sysrq_handle_moom()",
    samples: [
      "sysrq: Manual OOM execution", "SysRq : Manual OOM execution",
      "sysrq: SysRq : Manual OOM execution",
      "sysrq: OOM request ignored. No task eligible",
      "sysrq: OOM request ignored because killer is disabled",
    ],
    read: { message, line, report in
      if message.first("OOM request ignored") != nil, message.starts(with: "sysrq: ") {
        report.remark(.requestIgnored, pid: nil, message, line)
        return .known
      }
      let isRequest = words.contains { message.starts(with: $0) }
      guard isRequest, message.first("Manual OOM execution") != nil else { return .other }
      report.report.trigger = .sysrq
      report.report.sysrqLine = report.report.sysrqLine ?? line
      return .known
    })

  private static let words: [StaticString] = ["sysrq: ", "SysRq : "]

  /// The kernel or the console dropped lines.
  static let suppressed = LineGrammar(
    name: "suppressed",
    printedBy: "2.6.27 and later (messages suppressed: up to 2.6.25); ___ratelimit(), printk",
    samples: [
      "oom_kill_process: 12 callbacks suppressed", "** 5 printk messages dropped ** ",
      "dump_header: 3 output lines suppressed due to ratelimiting",
      "printk: 4 messages suppressed.", "** replaying previous printk message **",
    ],
    read: { message, line, report in
      if message.starts(with: "** replaying previous printk message **") { return .known }
      if let stars = message.end(of: "** ", at: 0),
        message.first(" printk messages dropped **", from: stars) != nil
      {
        report.addDropped(message.figure("** "), line)
      } else if message.first(" callbacks suppressed") != nil {
        if isAboutReports(message), report.report.suppressedReports == nil {
          report.report.suppressedReports = message.figure(": ").map { Cited($0, line: line) }
        }
      } else if message.first(" suppressed due to ratelimiting") == nil {
        guard message.starts(with: "printk: "), message.first(" messages suppressed.") != nil else {
          return .other
        }
      }
      guard report.report.diagnostics.last?.text != message.text(0..<message.count) else {
        return .known
      }
      report.note(.lost, line, message)
      return .known
    },
    aside: { message in
      let counts: [(words: StaticString, name: String)] = [
        (" callbacks suppressed", "callbacks"), (" output lines suppressed", "output lines"),
        (" messages suppressed", "messages"),
      ]
      guard let colon = message.first(": "),
        let count = counts.first(where: { message.first($0.words) != nil })
      else { return [] }
      return [LineFigure(name: "function", text: message.text(0..<colon))]
        + message.figures([(": ", count.name)])
    })

  /// Whether a message says how many whole reports were left out, of kills that are in the log: it is
  /// the killer that was held back.
  static func isAboutReports(_ message: Span<UInt8>) -> Bool {
    reporters.contains { message.starts(with: $0) } && message.first(suppression) != nil
  }

  /// Whether a line that ends at an offset may be such a message.
  static func mayBeAboutReports(_ bytes: Span<UInt8>, endingAt end: Int) -> Bool {
    bytes.starts(with: suppression, at: end - suppression.utf8CodeUnitCount)
  }

  private static var suppression: StaticString { " callbacks suppressed" }

  /// The functions that print a report, by the names that rate limits give them.
  private static let reporters: [StaticString] = ["oom_kill_process: ", "dump_header: "]

  /// A page fault ran out of memory without a kill, as in a cgroup whose tasks are all protected.
  static let faultRetried = LineGrammar(
    name: "VM_FAULT_OOM",
    printedBy: "5.16 and later; pagefault_out_of_memory()",
    samples: ["Huh VM_FAULT_OOM leaked out to the #PF handler. Retrying PF"],
    read: { message, line, report in
      guard message.starts(with: "Huh VM_FAULT_OOM leaked out") else { return .other }
      report.remark(.faultRetried, pid: nil, message, line)
      return .known
    })
}

extension ReportBuilder {
  /// Notes that a line of the head names the work that SysRq-f queues: up to 4.2, nothing else in the
  /// report tells such a kill from another.
  mutating func noteSysrqWork(_ message: Span<UInt8>, _ line: Int) {
    guard report.intent == nil, report.decision == nil, message.first("moom_callback") != nil else {
      return
    }
    report.trigger = .sysrq
    report.sysrqLine = report.sysrqLine ?? line
  }

  fileprivate mutating func addDropped(_ count: Int64?, _ line: Int) {
    guard let count, count >= 0, count < 1 << 32 else { return }
    guard report.droppedLines?.line != line else { return }
    let before = report.droppedLines?.value ?? 0
    report.droppedLines = Cited(before + count, line: report.droppedLines?.line ?? line)
  }
}
