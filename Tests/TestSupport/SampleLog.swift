internal import KernelLog

/// A small log that holds one report, of which every line is known.
package struct SampleLog: Sendable, CustomStringConvertible {
  package let kernel: Kernel
  package let scenario: Scenario
  package let form: LogForm
  /// What the report says, as it was printed.
  package let printed: PrintedReport
  package let lines: [Line]

  /// A line of the log, with its end.
  package struct Line: Sendable {
    package let bytes: [UInt8]
    /// What the form writes before a message that the kernel logs at that moment.
    package let prefix: [UInt8]
    /// What ends the line: a newline, on a console with a carriage return.
    package let end: [UInt8]

    /// The line without its end.
    package var text: [UInt8] { bytes.dropLast(end.count) }

    /// Whether it is of a message that says whom the kernel kills.
    package let isKill: Bool
  }

  package var description: String { "\(kernel), \(scenario), \(form)" }

  package var log: [UInt8] { Array(lines.map(\.bytes).joined()) }

  package init(_ kernel: Kernel, _ scenario: Scenario, _ form: LogForm, seed: UInt64 = 11) {
    (self.kernel, self.scenario, self.form) = (kernel, scenario, form)
    var printer = KernelPrinter(kernel, scenario, seed: seed, startingAt: 12_345_678)
    printer.taskCount = 3
    printed = printer.print()
    lines = printed.records.flatMap { record in
      let empty = KernelRecord(level: record.level, micros: record.micros, text: [])
      let prefix = form.log([empty]).span
      let written = form.log([record])
      return written.dropLast().split(
        separator: .newline, omittingEmptySubsequences: false
      ).map { line in
        let hasReturn = line.last == .carriageReturn
        return Line(
          bytes: line + [.newline], prefix: LogText(prefix.extracting(0..<prefix.lineEnd)).bytes,
          end: hasReturn ? [.carriageReturn, .newline] : [.newline],
          isKill: record.text.span.first("Killed process ") != nil)
      }
    }
  }

  /// Ten reports of kernels that differ in what they print, each as another carrier keeps it.
  package static let ten = [
    SampleLog(.linux2618, .global, .named("RFC 3164 without uptime")),
    SampleLog(.rhel6, .global, .dmesg),
    SampleLog(.rhel7, .memcgV1, .traditional),
    SampleLog(.linux414, .global, .named("console")),
    SampleLog(.rhel8, .group, .journalExport),
    SampleLog(.linux50, .memcgV1, .kmsg),
    SampleLog(.linux510, .cpuset, .named("CRI")),
    SampleLog(.linux61, .memcgV2, .named("dmesg -T")),
    SampleLog(.linux612, .panic, .named("RFC 5424")),
    SampleLog(.linux618, .noVictim, .journalJSON),
  ]
}

extension Span where Element == UInt8 {
  /// The offset of the first byte that ends the line.
  fileprivate var lineEnd: Int { first(.carriageReturn) ?? first(.newline) ?? count }
}

extension LogForm {
  /// One of all forms.
  package static func named(_ name: String) -> LogForm {
    guard let form = all.first(where: { $0.name == name }) else {
      preconditionFailure("there is no form \(name)")
    }
    return form
  }
}
