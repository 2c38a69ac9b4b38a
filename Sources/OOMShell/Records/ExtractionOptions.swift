package import KernelLog

/// What `oomsh extract` is told beside its inputs.
package struct ExtractionOptions: Sendable {
  /// How many rows of each task table a record holds.
  package var tasks = EventRecord.TaskChoice.top(20)
  /// The host of reports whose lines name none.
  package var host: LogText?
  /// Where the reports begin that this run is to give, as byte offsets of the input; nil for all.
  package var own: Range<Int>?
  /// How far behind `own` is read for the ends of its reports.
  package var readAhead = ExtractionOptions.sufficientReadAhead
  /// When the inputs were last written to; it gives year-less stamps their year.
  package var reference = Reference.none
  /// The zone of stamps that print none; nil where it is not known.
  package var zone: Zone?

  /// More than the scan ever looks ahead for a report, so that no cutting of a file changes one.
  package static let sufficientReadAhead = 5 << 20

  /// What year-less stamps are related to.
  package enum Reference: Sendable, Equatable {
    /// Nothing: they stay without a date, since a worker must not depend on when it runs.
    case none
    /// When the file was changed.
    case modified
    /// A moment, in microseconds since 1970 UTC.
    case moment(Int64)
  }

  package init() {}
}

/// Reading the values of the command line.
extension ExtractionOptions {
  /// Reads `all`, `none` or `top=N`.
  package mutating func setTasks(_ text: String) throws(CommandError) {
    switch text {
    case "all": tasks = .all
    case "none": tasks = .none
    default:
      guard text.hasPrefix("top="), let count = Int(text.dropFirst(4)), count >= 0 else {
        throw CommandError(
          .usage, "--tasks: \(Visible.quoted(text)) is no choice of rows",
          hint: "it is all, none or top=N")
      }
      tasks = .top(count)
    }
  }

  /// Reads `START:END`, in bytes or as sizes; an end that is left out is the input's.
  package mutating func setOwn(_ text: String) throws(CommandError) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let hint = "it is START:END in bytes, as 0:64M or 64M:"
    guard parts.count == 2 else {
      throw CommandError(.usage, "--own: \(Visible.quoted(text)) is no range", hint: hint)
    }
    let start = try Self.size(String(parts[0]), of: "--own")
    let end = parts[1].isEmpty ? Int.max : try Self.size(String(parts[1]), of: "--own")
    guard start <= end else {
      throw CommandError(
        .usage, "--own: \(Visible.quoted(text)) ends before it begins", hint: hint)
    }
    own = start..<end
  }

  /// Reads a size.
  package mutating func setReadAhead(_ text: String) throws(CommandError) {
    readAhead = try Self.size(text, of: "--read-ahead")
  }

  /// Reads `mtime`, seconds since 1970 after an @, or a date and time with its zone.
  package mutating func setReference(_ text: String) throws(CommandError) {
    if text == "mtime" {
      reference = .modified
      return
    }
    let hint = "it is 2026-11-23T08:00:00Z, @1790000000 or mtime"
    let expression: TimeExpression
    do throws(GrammarFault) {
      expression = try TimeText.parse(text)
    } catch {
      throw CommandError(.usage, "--ref-time: \(error.message)", hint: hint)
    }
    switch expression {
    case .epoch(let micros):
      reference = .moment(micros)
    case .date(let date, let time, .some(let offset)):
      reference = .moment(
        CivilTime(date.year, date.month, date.day, time).unixMicrosAsUTC - Int64(offset) * 1_000_000
      )
    default:
      throw CommandError(
        .usage, "--ref-time: \(Visible.quoted(text)) is no moment that is the same everywhere",
        hint: hint)
    }
  }

  /// Reads a zone; whether the machine knows its name is for the caller to ask.
  package mutating func setZone(_ text: String) {
    zone = Zone(text)
  }

  private static func size(_ text: String, of option: String) throws(CommandError) -> Int {
    do throws(GrammarFault) {
      return Int(try SizeText.parse(text))
    } catch {
      throw CommandError(.usage, "\(option): \(error.message)", hint: error.hint)
    }
  }
}
