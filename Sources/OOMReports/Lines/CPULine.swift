internal import KernelLog

/// The lines of `dump_stack()` that say where the report comes from.
enum CPULine {
  static let grammar = LineGrammar(
    name: "CPU and PID",
    printedBy: "2.6.20 and later; dump_stack_print_info() in lib/dump_stack.c",
    samples: [
      "Pid: 1234, comm: httpd Not tainted 2.6.32-431.el6.x86_64 #1",
      "CPU: 0 PID: 1 Comm: systemd Not tainted 4.18.0-147.el8.x86_64 #1",
      "CPU: 1 UID: 33 PID: 77 Comm: web app Tainted: G        W          6.12.1 #1 PREEMPT(full) ",
    ],
    read: { message, line, report in
      let isNew = message.starts(with: "CPU: ")
      guard isNew || message.starts(with: "Pid: "),
        let comm = message.first(isNew ? " Comm: " : ", comm: ")
      else { return .other }
      guard report.report.system == nil else { return .other }
      var system = SystemLine()
      system.cpu = isNew ? message.figure("CPU: ") : nil
      system.uid = message.extracting(0..<comm).figure("UID: ")
      system.pid = message.figure(isNew ? "PID: " : "Pid: ")
      let isComplete = readRest(message, from: comm + (isNew ? 7 : 8), into: &system)
      report.report.system = Cited(system, line: line)
      report.hasBody = true
      return isComplete ? .read : .torn
    })

  static let hardware = LineGrammar(
    name: "Hardware name",
    printedBy: "3.10 and later; dump_stack_print_info()",
    samples: ["Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2-1 04/01/2014"],
    read: { message, line, report in
      guard let end = message.end(of: "Hardware name: ", at: 0) else { return .other }
      report.report.hardware =
        report.report.hardware ?? Cited(message.text(end..<message.count), line: line)
      return .read
    })

  /// `{comm} cpuset={name} mems_allowed={nodes}`, a line of its own before 5.0.
  static let cpuset = LineGrammar(
    name: "cpuset",
    printedBy: "2.6.29 to 4.20; cpuset_print_current_mems_allowed()",
    samples: ["httpd cpuset=/ mems_allowed=0-1"],
    read: { message, _, _ in
      guard let name = message.first(" cpuset="), name <= 15,
        message.first(" mems_allowed=", from: name) != nil
      else { return .other }
      return .known
    })

  /// The name ends where the taint flags begin, and the release is the next word behind them;
  /// false where the line broke off before it.
  private static func readRest(
    _ message: Span<UInt8>, from start: Int, into system: inout SystemLine
  ) -> Bool {
    let clean = message.last(" Not tainted ", before: message.count) ?? -1
    let tainted = message.last(" Tainted: ", before: message.count) ?? -1
    let taint = max(clean, tainted)
    guard taint >= start else { return false }
    let kdump = message.last(" Kdump: loaded", before: taint) ?? -1
    system.comm = message.text(start..<(kdump >= start ? kdump : taint))
    var cursor = taint + 1
    while cursor < message.count {
      let end = message.endOfWord(from: cursor)
      // The version stands behind it, so a release that ends the line may be cut.
      if end < message.count, message.isRelease(cursor..<end) {
        system.taint = message.text(taint + 1..<cursor)
        system.kernelRelease = message.text(cursor..<end)
        return true
      }
      cursor = message.skippingBlanks(from: end)
    }
    return false
  }
}

extension Span where Element == UInt8 {
  /// Whether a word begins like a kernel release: two numbers parted by a dot, and a dot or dash.
  fileprivate func isRelease(_ range: Range<Int>) -> Bool {
    var cursor = range.lowerBound
    guard integer(at: &cursor) != nil, byte(at: cursor) == .dot else { return false }
    cursor += 1
    guard integer(at: &cursor) != nil else { return false }
    return cursor <= range.upperBound
  }
}
