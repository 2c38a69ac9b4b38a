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
    })

  static let sysrq = LineGrammar(
    name: "sysrq",
    printedBy: "all; sysrq_handle_moom()",
    samples: ["sysrq: Manual OOM execution", "SysRq : Manual OOM execution"],
    read: { message, _, report in
      guard message.first("Manual OOM execution") != nil else { return .other }
      report.report.trigger = .sysrq
      return .known
    })

  /// The kernel or the console dropped lines.
  static let suppressed = LineGrammar(
    name: "suppressed",
    printedBy: "2.6.27 and later; ___ratelimit(), printk",
    samples: [
      "oom_kill_process: 12 callbacks suppressed", "** 5 printk messages dropped ** ",
      "dump_header: 3 output lines suppressed due to ratelimiting",
    ],
    read: { message, line, report in
      let isLoss =
        message.first(" callbacks suppressed") != nil
        || message.first(" printk messages dropped **") != nil
        || message.first(" suppressed due to ratelimiting") != nil
      guard isLoss else { return .other }
      report.note(.lost, line, message)
      return .known
    })
}
