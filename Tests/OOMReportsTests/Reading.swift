import KernelLog

@testable import OOMReports

/// Reading messages that are written out in a test.
enum Reading {
  /// The report after some messages, read as whole lines without prefix.
  static func report(_ messages: [String]) -> OOMReport {
    report(messages.map { Array($0.utf8) })
  }

  static func report(_ messages: [[UInt8]]) -> OOMReport {
    var builder = ReportBuilder(firstLine: 1, time: LogTime(), isWhole: true)
    for (index, message) in messages.enumerated() {
      _ = Lines.read(message.span, index + 1, &builder)
    }
    var report = builder.report
    report.taskRowCount = builder.taskRows
    return report
  }

  /// What one grammar makes of a message, in a report of its own.
  static func reading(of message: String, by grammar: LineGrammar) -> LineGrammar.Reading {
    var builder = ReportBuilder(firstLine: 1, time: LogTime(), isWhole: true)
    return grammar.read(Array(message.utf8).span, 1, &builder)
  }

  static func keyLine(_ message: String) -> KeyLine? {
    KeyLine(Array(message.utf8).span)
  }
}
