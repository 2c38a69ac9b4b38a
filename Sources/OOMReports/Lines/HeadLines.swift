internal import KernelLog

/// The lines of a report's head that stand around the task and its trace.
enum HeadLines {
  static let hardware = LineGrammar(
    name: "Hardware name",
    printedBy: "3.10 and later; dump_stack_print_info()",
    samples: ["Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2-1 04/01/2014"],
    read: { message, line, report in
      guard let end = message.end(of: "Hardware name: ", at: 0), report.isInHead else {
        return .other
      }
      report.report.hardware =
        report.report.hardware ?? Cited(message.text(end..<message.count), line: line)
      return .read
    })

  /// The meanings of the letters behind `Tainted:`.
  static let taints = LineGrammar(
    name: "named taints",
    printedBy: "6.12 and later; print_tainted_verbose() in kernel/panic.c",
    samples: ["Tainted: [W]=WARN, [O]=OOT_MODULE"],
    read: { message, line, report in
      guard message.starts(with: "Tainted: ["), report.isInHead else { return .other }
      let names = message.ascii(9..<message.count).split(separator: ",").compactMap {
        $0.split(separator: "=").dropFirst().first.map(String.init)
      }
      report.report.taints = report.report.taints ?? Cited(names, line: line)
      return .known
    })

  static let workqueue = LineGrammar(
    name: "Workqueue",
    printedBy: "3.10 and later; print_worker_info() in kernel/workqueue.c",
    samples: ["Workqueue: events moom_callback"],
    read: { message, line, report in
      guard let end = message.end(of: "Workqueue: ", at: 0), report.isInHead else {
        return .other
      }
      report.noteSysrqWork(message, line)
      report.report.workqueue =
        report.report.workqueue ?? Cited(message.text(end..<message.count), line: line)
      return .known
    })

  static let compaction = LineGrammar(
    name: "no compaction",
    printedBy: "4.9 and later without CONFIG_COMPACTION; dump_header()",
    samples: ["COMPACTION is disabled!!!"],
    read: { message, line, report in
      guard message.starts(with: "COMPACTION is disabled") else { return .other }
      report.report.compactionNotice = report.report.compactionNotice ?? line
      return .known
    })

  /// `{comm} cpuset={name} mems_allowed={nodes}`, a line of its own before 5.0.
  static let cpuset = LineGrammar(
    name: "cpuset",
    printedBy: "2.6.29 to 4.20; cpuset_print_current_mems_allowed()",
    samples: ["httpd cpuset=/ mems_allowed=0-1"],
    read: { message, line, report in
      guard let name = message.first(" cpuset="), message.mayBeComm(0..<name),
        let mems = message.last(" mems_allowed=", before: message.count), mems >= name + 8
      else { return .other }
      let nodes = message.extracting(mems + 14..<message.count)
      guard nodes.isNodeList else { return .torn }
      // Behind a failed allocation the same line is that one's.
      guard (report.section ?? .head) == .head, report.report.cpuset == nil else { return .known }
      report.report.cpuset = Cited(
        CpusetLine(
          comm: message.text(0..<name), name: message.text(name + 8..<mems),
          memsAllowed: message.ascii(mems + 14..<message.count)), line: line)
      return .known
    })
}

extension Span where Element == UInt8 {
  /// Whether this is a list of nodes, such as `0-1,4`.
  fileprivate var isNodeList: Bool {
    guard endsInFigure else { return false }
    for offset in indices {
      let byte = self[offset]
      guard byte.isDigit || byte == .comma || byte == .minus || byte == .space else { return false }
    }
    return true
  }
}
