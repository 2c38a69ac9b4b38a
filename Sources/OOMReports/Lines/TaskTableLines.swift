internal import KernelLog

/// The task table (`dump_tasks()`, 2.6.25 and later). Its own header says what the columns are;
/// sizes are pages, `pgtables_bytes` bytes. A line that is torn changes nothing of the report.
enum TaskTableLines {
  static let title = LineGrammar(
    name: "task table title",
    printedBy: "4.19 and later; dump_tasks()",
    samples: ["Tasks state (memory values in pages):"],
    read: { message, _, report in
      guard message.starts(with: "Tasks state (memory values in pages)") else { return .other }
      report.section = .tasks
      report.hasBody = true
      return .read
    })

  static let header = LineGrammar(
    name: "task table header",
    printedBy: "2.6.25 and later; dump_tasks()",
    samples: [
      "[ pid ]   uid  tgid total_vm      rss cpu oom_adj name",
      "[  pid  ]   uid  tgid total_vm      rss rss_anon rss_file rss_shmem pgtables_bytes swapents "
        + "oom_score_adj name",
    ],
    read: { message, line, report in
      guard message.byte(at: 0) == .openBracket,
        let end = message.end(of: "pid", at: message.skippingBlanks(from: 1)),
        message.byte(at: message.skippingBlanks(from: end)) == .closeBracket
      else { return .other }
      guard report.columns == nil else { return .known }
      let names = names(message, from: message.skippingBlanks(from: end) + 1)
      guard names.last == "name" else { return .torn }
      report.isTablePadded = message.startOfPadding < message.count
      report.section = .tasks
      report.hasBody = true
      report.columns = names.dropLast().map(TaskColumn.named)
      if report.isWhole { report.report.tasks = TaskTable(headerLine: line, columns: names) }
      return .read
    },
    aside: { message in
      guard let bracket = message.first(.closeBracket) else { return [] }
      return (["pid"] + names(message, from: bracket + 1)).map {
        LineFigure(name: $0, text: LogText(""))
      }
    })

  /// The words of a message from an offset on.
  private static func names(_ message: Span<UInt8>, from start: Int) -> [String] {
    var names: [String] = []
    var cursor = message.skippingBlanks(from: start)
    while cursor < message.count {
      let end = message.endOfWord(from: cursor)
      names.append(message.ascii(cursor..<end))
      cursor = message.skippingBlanks(from: end)
    }
    return names
  }

  static let row = LineGrammar(
    name: "task row",
    printedBy: "2.6.25 and later; dump_task()",
    samples: [
      "[  321]  1000   321   202020   101010     250       4     1200             0 Web Content",
      "[   4242]  1000  4242   300000   250000   249000     1000         0  2150400        0"
        + "           200 node",
    ],
    read: { message, line, report in
      guard message.byte(at: 0) == .openBracket else { return .other }
      var cursor = message.skippingBlanks(from: 1)
      guard let pid = message.integer(at: &cursor) else { return .other }
      cursor = message.skippingBlanks(from: cursor)
      guard message.byte(at: cursor) == .closeBracket else { return .other }
      return read(message, pid: pid, from: cursor + 1, line, &report)
    })

  private static func read(
    _ message: Span<UInt8>, pid: Int64, from start: Int, _ line: Int, _ report: inout ReportBuilder
  ) -> LineGrammar.Reading {
    var cursor = start
    var nameStart = start
    var numbers: [Int64?] = []
    let wanted = report.columns?.count ?? .max
    while numbers.count < wanted {
      var next = message.skippingBlanks(from: cursor)
      let numberStart = next
      let value = message.integer(at: &next)
      guard next > numberStart, next == message.count || message[next] == .space else { break }
      numbers.append(value)
      (nameStart, cursor) = (cursor, next)
    }
    // Without a header, a name of digits looks like a column; but a name is never left out.
    if report.columns == nil, cursor == message.count, message.isDigits(behindBlankAt: nameStart) {
      numbers.removeLast()
      cursor = nameStart
    }
    guard numbers.count >= 5 else { return numbers.isEmpty ? .other : .torn }
    let columns = report.columns ?? TaskColumn.inferred(numbers)
    // A terminal from which a log was copied fills its lines with blanks, the table's title too.
    let end = report.isTablePadded ? message.startOfPadding : message.count
    // A longer name has another line in it.
    guard let columns, numbers.count >= columns.count, cursor < end,
      message.mayBeComm(cursor + 1..<end)
    else { return .torn }
    guard pid != report.lastRowPID else { return .known }
    report.hasBody = true
    report.section = .tasks
    report.taskRows += 1
    report.lastRowPID = pid
    guard report.isWhole else { return .read }

    // The name is all that is left behind one blank, with blanks of its own.
    var row = TaskRow(
      line: line, pid: pid, name: message.text(min(cursor + 1, end)..<end))
    for (column, value) in zip(columns, numbers) { column.put(value, &row) }
    // A sum of which a part is not known is not known.
    if zip(columns, numbers).contains(where: { $1 == nil && $0.isTableCount }) {
      row.pageTablePages = nil
    }
    var table = report.report.tasks ?? TaskTable(headerLine: nil, columns: columns.map(\.name))
    report.report.tasks = nil
    table.rows.append(row)
    report.report.tasks = table
    return .read
  }
}

extension Span where Element == UInt8 {
  /// Whether one blank stands at an offset and a number right behind it.
  fileprivate func isDigits(behindBlankAt offset: Int) -> Bool {
    byte(at: offset) == .space && byte(at: offset + 1)?.isDigit ?? false
  }
}
