package import KernelLog
package import OOMReports

/// One and the same process as several reports' task tables show it.
///
/// The only thing in a log that can show growth. It is biased: the samples are moments in which
/// memory had run out.
package struct ProcessGrowth: Sendable, Equatable {
  package let pid: Int64
  package let comm: LogText
  package let host: LogText?
  /// RAM and swap that it held, by event, in order. At least three.
  package let sizes: [Size]
  package let trend: SizeTrend
  /// Time from the first to the last size, in microseconds; nil where the log does not tell.
  package let spanMicros: Int64?

  /// What the process held at one event.
  package struct Size: Sendable, Equatable {
    package let event: Int
    package let footprint: Bytes
    package let time: LogTime
  }

  /// The id of the text in book help that says what this trend proves.
  package var meaningID: String {
    switch trend {
    case .onlyCounts: "repeats.only-counts"
    case .sizesGrow: "repeats.same-process-grows"
    case .sizesSteady: "repeats.same-process-steady"
    case .sizesFall: "repeats.same-process-shrinks"
    case .sizesVary: "repeats.same-process-varies"
    }
  }

  /// The processes that at least three of the reports list, largest at last first.
  package static func find(in events: [Event], reports: [Int: OOMReport]) -> [ProcessGrowth] {
    var sizes = ProcessSizes()
    for event in events { sizes.take(event, reports[event.number]) }
    return sizes.all.filter { $0.sizes.count >= 3 }.map(ProcessGrowth.init)
      .sorted { left, right in
        (right.largestAtLast, left.pid, left.sizes[0].event)
          < (left.largestAtLast, right.pid, right.sizes[0].event)
      }
  }

  private var largestAtLast: Bytes { sizes.last?.footprint ?? Bytes(0) }

  private init(_ process: ProcessSizes.Followed) {
    pid = process.pid
    comm = process.comm
    host = process.host
    sizes = process.sizes
    trend = SizeTrend(process.sizes.map(\.footprint))
    spanMicros = process.sizes.first.flatMap { first in
      process.sizes.last.flatMap { LogTime.micros(from: first.time, to: $0.time) }
    }
  }
}

extension LogTime {
  /// Time that went by between two lines of one log; nil where it does not tell, or cannot be.
  static func micros(from first: LogTime, to last: LogTime) -> Int64? {
    let clocks = [(first.uptimeMicros, last.uptimeMicros), (first.wallMicros, last.wallMicros)]
    for case (let start?, let end?) in clocks {
      let span = end.subtractingReportingOverflow(start)
      if !span.overflow && span.partialValue >= 0 { return span.partialValue }
    }
    return nil
  }
}
