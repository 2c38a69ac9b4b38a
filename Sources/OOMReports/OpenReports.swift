internal import KernelLog

/// The reports whose end is not known yet, and those that wait to be given away in the order of the
/// source.
struct OpenReports: Sendable {
  private let clock: Clock
  private let isWhole: Bool
  private let isQuick: Bool
  /// Whether the source's lines did not come in the order of the kernel's log.
  var isPutInOrder = false
  private var open: [OpenReport] = []
  /// Reports that have been read and began behind one that is open.
  private var waiting: [ReportScanner.Found] = []
  private var ends = ReportEnds()

  /// How large a report may be: 20,000 tasks take about 3 MiB.
  static let longest = 4 << 20
  /// How far back the head of a report that lost its first line may be.
  static let history = 512 << 10

  init(clock: Clock, isWhole: Bool, isQuick: Bool) {
    (self.clock, self.isWhole, self.isQuick) = (clock, isWhole, isQuick)
  }

  /// Whether nothing is open, and nothing waits.
  var isEmpty: Bool { open.isEmpty && waiting.isEmpty }

  /// Whether one has come to its kill, so that what follows may be its aftermath.
  var haveEnded: Bool { open.contains(where: \.hasEnded) }

  /// Whether the only one that is open is a host's, and has come to its kill.
  func isOnlyEnded(of host: LogText?) -> Bool {
    open.count == 1 && open[0].hasEnded && open[0].host == host
  }

  /// The source's offset of the first byte that is still needed.
  var oldest: Int { min(oldestOpen, waiting.first?.byteRange.lowerBound ?? .max) }

  private var oldestOpen: Int {
    var oldest = Int.max
    for index in open.indices { oldest = min(oldest, open[index].start) }
    return oldest
  }

  /// Notes where the last report of a host ended that was read elsewhere.
  mutating func note(_ host: LogText?, _ end: Int) { ends.note(host, end) }

  /// Has all that is open read with care: something in it is put together, or was cut.
  mutating func doubt() {
    for index in open.indices { open[index].doubt() }
  }

  /// Notes a line of another program's.
  mutating func passOther() {
    for index in open.indices { open[index].pass(isOwn: false) }
  }

  /// Notes a line of a host's that is no key line; one without a prefix may be any host's.
  mutating func pass(_ host: LogText?, isBare: Bool) {
    for index in open.indices {
      open[index].pass(isOwn: isBare || open[index].host == host)
      open[index].doubt()
    }
  }

  /// Ends what is open of a host that boots.
  mutating func cutOff(_ host: LogText?) {
    for index in open.indices where open[index].host == host { open[index].cutOff() }
  }

  /// Adds a key line to the report of its host, or begins one with it.
  mutating func take(
    _ key: OpenReport.Key, in window: LogWindow, _ format: LogFormat,
    _ clocks: inout SourceClocks, _ emit: (ReportScanner.Found, Span<UInt8>) -> Void
  ) {
    let start = key.place.range.lowerBound
    var index = open.firstIndex { $0.host == key.place.host }
    if let late = index, start - open[late].start > Self.longest {
      close(late, at: start, in: window, format, &clocks, emit)
      index = nil
    }
    if case .killed = key.line, !(index.map { open[$0].hasVictim } ?? false),
      index.flatMap({ open[$0].keys.last?.place.range.upperBound }) != start,
      let group = groupLine(before: key.place, in: window, format)
    {
      // No key word leads to this line either, and behind it kills are one event.
      take(group, in: window, format, &clocks, emit)
      index = open.firstIndex { $0.host == key.place.host }
    }
    if let index, open[index].takes(key), !open[index].isLongBefore(key) {
      open[index].add(key)
      return
    }
    let floor = index.map { open[$0].keys.last?.place.range.upperBound ?? open[$0].start }
    var report = openReport(with: key, floor: floor, in: window, format)
    report.add(key)
    open.append(report)
    if let index { close(index, at: report.start, in: window, format, &clocks, emit) }
  }

  /// The line right before a kill that says that a group is killed.
  private func groupLine(
    before place: OpenReport.Place, in window: LogWindow, _ format: LogFormat
  ) -> OpenReport.Key? {
    let end = place.range.lowerBound - window.base
    guard end > 0 else { return nil }
    return window.withBytes { bytes in
      let last = format.record(
        at: format.recordStart(of: end - 1, in: bytes, floor: 0), in: bytes)
      guard let record = BrokenKey.startOfGroup(upTo: last, in: bytes, format) else { return nil }
      let group = OpenReport.Place(
        range: window.base + record.start..<place.range.lowerBound,
        line: place.line - bytes.newlines(in: record.start..<end), host: place.host,
        kernelMicros: clock.kernelMicros(record), fingerprint: 0,
        record: record.moved(by: window.base))
      return OpenReport.Key(line: .group, place: group)
    }
  }

  /// A report that begins with a key line, or before it where its first line is lost; `floor` is
  /// where the key lines end of the report that is open of the host.
  private func openReport(
    with key: OpenReport.Key, floor: Int?, in window: LogWindow, _ format: LogFormat
  ) -> OpenReport {
    let place = key.place
    if key.line == .invoked, floor != nil {
      // What stands between the two is the first one's.
      return OpenReport(host: place.host, start: place.range.lowerBound, firstLine: place.line)
    }
    let earliest = max(
      floor ?? 0, ends.last(of: place.host), place.range.lowerBound - Self.history, window.base)
    let head = window.withBytes { bytes in
      let search = key.line == .invoked ? ReportHead.searchSuppression : ReportHead.search
      return search(key, earliest - window.base, bytes, format, window.base)
    }
    return OpenReport(host: place.host, start: head.start, firstLine: head.line)
  }

  /// Ends the first of the open events, of which nothing can be behind `end`.
  mutating func closeFirst(
    at end: Int, in window: LogWindow, _ format: LogFormat, _ clocks: inout SourceClocks,
    _ emit: (ReportScanner.Found, Span<UInt8>) -> Void
  ) {
    close(0, at: end, in: window, format, &clocks, emit)
  }

  /// Ends the events whose aftermath is over, and those that have grown too large to be one, before an
  /// offset of the window.
  mutating func closeFinished(
    before position: Int, in window: LogWindow, _ format: LogFormat,
    _ clocks: inout SourceClocks, _ emit: (ReportScanner.Found, Span<UInt8>) -> Void
  ) {
    for index in open.indices.reversed() {
      let isTooLarge = window.base + position - open[index].start > Self.longest
      if open[index].isOver || isTooLarge {
        close(index, at: window.base + position, in: window, format, &clocks, emit)
      }
    }
  }

  /// Ends all of them at the end of the source.
  mutating func closeAll(
    in window: LogWindow, _ format: LogFormat, _ clocks: inout SourceClocks,
    _ emit: (ReportScanner.Found, Span<UInt8>) -> Void
  ) {
    while !open.isEmpty {
      close(0, at: window.base + window.count, in: window, format, &clocks, emit)
    }
  }

  /// Reads an event whose end is known, and gives away what nothing before it keeps back.
  private mutating func close(
    _ index: Int, at end: Int, in window: LogWindow, _ format: LogFormat,
    _ clocks: inout SourceClocks, _ emit: (ReportScanner.Found, Span<UInt8>) -> Void
  ) {
    var report = open.remove(at: index)
    while true {
      let behind = read(
        report, at: min(end, report.start + Self.longest), in: window, format, &clocks)
      // A report that broke off is over long before the next kill, which then is one of its own.
      var rest = report.keys.drop { $0.place.range.lowerBound < behind ?? 0 }
      if rest.count == report.keys.count { rest = rest.dropFirst() }
      guard let first = rest.first else { break }
      report = openReport(with: first, floor: behind ?? 0, in: window, format)
      for key in rest { report.add(key) }
    }
    let oldest = oldestOpen
    while !waiting.isEmpty, waiting[0].byteRange.lowerBound < oldest {
      let found = waiting.removeFirst()
      let range =
        found.byteRange.lowerBound - window.base..<found.byteRange.upperBound - window.base
      window.withBytes { emit(found, $0.extracting(range)) }
    }
  }

  /// Reads an event's bytes; returns where it ends in the source, or nil where they hold none.
  private mutating func read(
    _ report: OpenReport, at end: Int, in window: LogWindow, _ format: LogFormat,
    _ clocks: inout SourceClocks
  ) -> Int? {
    let base = window.base
    let range = report.start - base..<max(end, report.start) - base
    let hasLeap = report.hasLeap
    let parsed = window.withBytes { bytes in
      let quick =
        isQuick && !hasLeap
        ? QuickReading.parse(report, before: range.upperBound, in: bytes, at: base, format, clock)
        : nil
      return quick
        ?? ReportParser(format: format, clock: clock, isWhole: isWhole).parse(
          bytes, range, firstLine: report.firstLine, host: report.host, hasLeap: hasLeap)
    }
    guard let parsed else { return nil }
    let behind = base + parsed.range.upperBound
    let byteRange = base + parsed.range.lowerBound..<behind + (parsed.isGlued ? 1 : 0)
    let place = waiting.firstIndex { $0.byteRange.lowerBound > byteRange.lowerBound }
    let (host, last) = (report.host, max(byteRange.upperBound - 1, byteRange.lowerBound))
    let surrounded = window.withBytes { ReportBytes(surrounding: parsed.range, in: $0, format) }
    waiting.insert(
      ReportScanner.Found(
        report: parsed.report, byteRange: byteRange, carrier: parsed.carrier,
        boot: clocks.boot(of: host, at: last), isPutInOrder: isPutInOrder,
        surrounded: surrounded,
        // A list dates its events when the whole source is known.
        timeSoFar: isWhole
          ? clocks.time(of: parsed.report.time, host: host, at: last) : parsed.report.time),
      at: place ?? waiting.count)
    ends.note(report.host, behind)
    return behind
  }
}

extension Clock {
  /// What a record's stamp says of the kernel's own clock, or of the wall clock that dmesg made of it, in
  /// microseconds; nil for a daemon's.
  func kernelMicros(_ record: LogRecord) -> Int64? {
    if let uptime = record.stamp.uptimeMicros { return uptime }
    guard record.carrier == .dmesgTime || record.carrier == .dmesgISO else { return nil }
    return time(of: record.stamp, record.carrier).wallMicros
  }
}
