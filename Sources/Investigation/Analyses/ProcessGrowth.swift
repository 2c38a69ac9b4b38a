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
    fileprivate let time: LogTime
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
  ///
  /// A pid stands for one process within a boot only: the same host and input, the uptime not
  /// running backwards, the same name, and not killed in between.
  package static func find(in events: [Event], reports: [Int: OOMReport]) -> [ProcessGrowth] {
    var boots = BootCount()
    var open: [Key: [Size]] = [:]
    var closed: [(key: Key, sizes: [Size])] = []
    for event in events {
      let boot = boots.count(event)
      guard let report = reports[event.number] else { continue }
      for row in report.tasks?.rows ?? [] {
        guard let footprint = row.footprint(report.pageSize) else { continue }
        let key = Key(boot: boot, pid: row.pid, comm: row.name)
        open[key, default: []].append(
          Size(event: event.number, footprint: footprint, time: event.time))
      }
      for victim in report.victims {
        let key = Key(boot: boot, pid: victim.pid, comm: victim.comm)
        if let sizes = open.removeValue(forKey: key) { closed.append((key, sizes)) }
      }
    }
    return (closed + open.map { (key: $0.key, sizes: $0.value) })
      .filter { $0.sizes.count >= 3 }
      .map { ProcessGrowth($0.key, $0.sizes) }
      .sorted { left, right in
        (right.largestAtLast, left.pid, left.sizes[0].event)
          < (left.largestAtLast, right.pid, right.sizes[0].event)
      }
  }

  private var largestAtLast: Bytes { sizes.last?.footprint ?? Bytes(0) }

  private struct Key: Hashable {
    let boot: Run
    let pid: Int64
    let comm: LogText
  }

  private struct Run: Hashable {
    let host: LogText?
    let input: Int
    let number: Int
  }

  /// Tells boots apart by uptimes that run backwards within a host's events of one input.
  private struct BootCount {
    private struct Source: Hashable {
      let host: LogText?
      let input: Int
    }
    private var newest: [Source: (uptime: Int64, boot: Int)] = [:]

    mutating func count(_ event: Event) -> Run {
      let source = Source(host: event.host, input: event.input)
      var state = newest[source] ?? (0, 0)
      if let uptime = event.time.uptimeMicros {
        if uptime < state.uptime { state.boot += 1 }
        state.uptime = uptime
      }
      newest[source] = state
      return Run(host: event.host, input: event.input, number: state.boot)
    }
  }

  private init(_ key: Key, _ sizes: [Size]) {
    pid = key.pid
    comm = key.comm
    host = key.boot.host
    self.sizes = sizes
    trend = SizeTrend(sizes.map(\.footprint))
    spanMicros = sizes.first.flatMap { first in
      sizes.last.flatMap { LogTime.micros(from: first.time, to: $0.time) }
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
