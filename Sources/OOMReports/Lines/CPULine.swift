internal import KernelLog

/// The line of `dump_stack()` that says which task, on which kernel, the report comes from.
enum CPULine {
  static let grammar = LineGrammar(
    name: "CPU and PID",
    printedBy: "2.6.20 and later; dump_stack_print_info() in lib/dump_stack.c",
    samples: [
      "Pid: 1234, comm: httpd Not tainted 2.6.32-431.el6.x86_64 #1",
      "CPU: 0 PID: 1 Comm: systemd Not tainted 4.18.0-147.el8.x86_64 #1",
      "CPU: 1 UID: 33 PID: 77 Comm: web app Tainted: G        W          6.12.1 #1 PREEMPT(full) ",
      "CPU: 5 PID: 42 Comm: ruby Kdump: loaded Tainted: G           OE    --------- -t - "
        + "4.18.0-348.el8.x86_64 #1",
    ],
    read: { message, line, report in
      let isNew = message.starts(with: "CPU: ")
      guard isNew || message.starts(with: "Pid: "),
        let comm = message.first(isNew ? " Comm: " : ", comm: "), report.isInHead
      else { return .other }
      var system = SystemLine()
      system.cpu = isNew ? message.figure("CPU: ") : nil
      system.uid = message.extracting(0..<comm).figure("UID: ")
      system.pid = message.figure(isNew ? "PID: " : "Pid: ")
      let isComplete = readRest(message, from: comm + (isNew ? 7 : 8), into: &system)
      if let known = report.report.system { return known.value == system ? .known : .other }
      report.report.system = Cited(system, line: line)
      report.hasBody = true
      return isComplete ? .read : .torn
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
    let kdump = message.last(" Kdump: loaded", before: taint + 1) ?? -1
    system.isKdumpLoaded = kdump >= start
    system.comm = message.text(start..<(kdump >= start ? kdump : taint))
    var cursor = taint == clean ? taint + " Not tainted ".utf8.count : taint + 1
    while cursor < message.count {
      let end = message.endOfWord(from: cursor)
      if message.isRelease(cursor..<end) {
        system.taint = message.text(taint + 1..<cursor).trimmed
        // The build's number stands behind the release: without that, it may be cut.
        guard let build = message.build(behind: end) else { return false }
        system.kernelRelease = message.text(cursor..<end)
        system.build = message.text(build..<message.count).trimmed
        return true
      }
      // Between the flags and the release is nothing.
      guard taint != clean, message.isFlags(cursor..<end) else { return false }
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
    guard integer(at: &cursor) != nil, cursor <= range.upperBound else { return false }
    return range.allSatisfy {
      self[$0].isLetter || self[$0].isDigit || "+-._~".utf8.contains(self[$0])
    }
  }

  /// Where the number of the build stands in the word behind the release. Web pages that make links
  /// of `#1` put more before it.
  fileprivate func build(behind release: Int) -> Int? {
    guard byte(at: release) == .space else { return nil }
    let number = first(UInt8(ascii: "#"), from: release + 1, within: 80)
    guard let number, number < endOfWord(from: release + 1) else { return nil }
    return number
  }

  /// Whether a word is `Tainted:` or letters of flags. Red Hat's kernels print dashes for flags that
  /// are kept free, and letters of their own behind these.
  fileprivate func isFlags(_ range: Range<Int>) -> Bool {
    starts(with: "Tainted:", at: range.lowerBound)
      || range.allSatisfy { self[$0].isLetter || self[$0] == .minus }
  }
}

extension LogText {
  /// The text without blanks at its ends.
  fileprivate var trimmed: LogText {
    let bytes = bytes
    guard let first = bytes.firstIndex(where: { $0 != .space }),
      let last = bytes.lastIndex(where: { $0 != .space })
    else { return LogText([UInt8]().span) }
    return LogText(Array(bytes[first...last]).span)
  }
}
