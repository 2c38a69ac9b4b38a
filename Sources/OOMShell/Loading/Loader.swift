internal import Investigation
internal import KernelLog
internal import OOMReports

/// Reads a log to its end and gathers its events; nothing of the session changes before it has
/// succeeded.
struct Loader {
  private let environment: Environment
  private let zone: Zone
  /// Whether the zone is the log's for sure: its user or its source names it.
  private let isZoneGiven: Bool
  private var events: [EventStore] = []
  private var kept: [[Int: ReportBytes]] = []
  private var coverage: [Input.Coverage] = []
  private var bootsOfFiles: [Set<HostBoot>] = []
  /// The undamaged events since the last one of another kind, which are counted together.
  private var run: PlainRun?
  /// Files in which a report goes on that begins in an earlier one.
  private var continued: Set<Int> = []
  private var keptBytes = 0
  private var unkept = 0

  private struct HostBoot: Hashable {
    let host: LogText?
    let boot: Int
  }

  /// Undamaged events of one file, form, host and boot that follow each other.
  private struct PlainRun {
    let file: Int
    let carrier: Carrier
    let boot: HostBoot
    var count: Int
  }

  /// How many bytes of reports are kept from inputs that cannot be read again.
  private static let spool = 256 << 20

  /// What came of one file.
  struct Loaded {
    var input: Input
    let events: EventStore
    let source: LoadedSource
    /// Why it is no input after all, or not a whole one.
    var fault: CommandError?
    /// Whether it is an input, however damaged.
    var isInput = true
    /// Whether it was found in a directory or an archive and has nothing to show.
    var isIdle = false
    /// Reports whose bytes could not be kept.
    var unkept = 0
  }

  init(in environment: Environment, zone: Zone, isZoneGiven: Bool = false) {
    self.environment = environment
    self.zone = zone
    self.isZoneGiven = isZoneGiven
  }

  /// Loads the files of one log, oldest first. A file that cannot be read takes nothing from the
  /// others; ^C is the only error. `boot` is when the machine booted whose log it is, where its
  /// capture tells.
  mutating func load(
    _ parts: [LogPart], boot: BootMoment? = nil
  ) throws(Environment.Unreadable) -> [Loaded] {
    var clock = clock(modified: parts.compactMap(\.modifiedMicros).max())
    clock.capturedBoot = boot
    var stream = LogStream(parts, isInterrupted: environment.isInterrupted)
    var scanner = ReportScanner(clock: clock, isWhole: false)
    var progress: Progress?
    defer { progress?.end() }
    while try unsafe scanner.scanChunk(
      reading: { (buffer) throws(Environment.Unreadable) in try unsafe stream.read(buffer) },
      emit: { found, bytes in add(found, bytes, at: stream.place(of: found.byteRange)) },
      outline: { outline, bytes in
        add(outline, bytes, at: stream.place(of: outline.byteRange))
      })
    {
      if environment.isInterrupted() { throw Environment.Unreadable.interrupted }
      guard let file = stream.files.last else { continue }
      if progress == nil {
        progress = Progress(file.part.name, size: file.log?.size, in: environment)
      }
      progress?.show(scanner.bytesRead, of: file.log?.consumed())
    }
    return finish(scanner, stream, clock)
  }

  /// Loads the running kernel's log.
  mutating func load(_ ring: Environment.Ring) -> Loaded {
    let clock = Clock.live(
      realtimeMicros: ring.realtime, boottimeMicros: ring.boottime,
      monotonicMicros: ring.monotonic, utcOffset: utcOffset)
    let stream = LogStream([], isInterrupted: environment.isInterrupted)
    var scanner = ReportScanner(clock: clock, isWhole: false)
    var offset = 0
    while unsafe scanner.scanChunk(
      reading: { buffer in
        let count = min(buffer.count, ring.bytes.count - offset)
        unsafe buffer.copyBytes(from: ring.bytes[offset..<offset + count])
        offset += count
        return count
      },
      emit: { found, bytes in add(found, bytes, at: stream.place(of: found.byteRange)) },
      outline: { outline, bytes in
        add(outline, bytes, at: stream.place(of: outline.byteRange))
      })
    {}
    prepare(for: 0)
    endRun()
    // Only now is known what the whole input says of its clocks.
    events[0].settle(scanner.clocks)
    var input = Input(name: "dmesg", isLive: true)
    describe(&input, at: 0)
    input.byteCount = scanner.bytesRead
    input.clockConflicts = scanner.clocks.conflicts
    input.otherKills = scanner.otherKills
    input.blobLines = scanner.blobLines
    input.strayKills = scanner.strayKills
    input.lineCount = scanner.lineCount
    input.lostCount = ring.lost
    input.end = LogTime(
      uptimeMicros: ring.monotonic, wallMicros: ring.realtime, errorMicros: 0, basis: .live)
    let source = LoadedSource(clock: clock, format: scanner.format ?? .lines, kept: kept[0])
    return Loaded(input: input, events: events[0], source: source, unkept: unkept)
  }

  /// The clock of a log that was last written to at a moment.
  func clock(modified: Int64?) -> Clock {
    Clock(
      utcOffset: utcOffset, referenceMicros: modified ?? environment.clock().wallMicros,
      isZoneGiven: isZoneGiven)
  }

  private var utcOffset: @Sendable (Int64) -> Int {
    let (offset, zone) = (environment.offset, zone)
    let memory = OffsetMemory { seconds in offset(zone, seconds * 1_000_000)?.seconds ?? 0 }
    return { seconds in memory.offset(at: seconds) }
  }

  private mutating func prepare(for index: Int) {
    while events.count <= index {
      events.append(EventStore())
      kept.append([:])
      coverage.append(Input.Coverage())
      bootsOfFiles.append([])
    }
  }

  /// The file that an event is of, for which there is room then.
  private mutating func file(of place: LogStream.Place) -> Int {
    let (first, last) = (place.files.lowerBound, place.files.upperBound)
    prepare(for: first)
    if last > first { continued.formUnion(first + 1...last) }
    return first
  }

  private mutating func add(
    _ found: ReportScanner.Found, _ bytes: Span<UInt8>, at place: LogStream.Place
  ) {
    let report = found.report
    let index = file(of: place)
    let range =
      found.byteRange.lowerBound - place.start..<found.byteRange.upperBound - place.start
    var event = Event(report, input: index, boot: found.boot, byteRange: range)
    event.firstLine -= place.linesBefore
    event.lastLine -= place.linesBefore
    events[index].append(event)
    bootsOfFiles[index].insert(HostBoot(host: report.host, boot: found.boot))
    coverage[index].add(report, found.carrier, linesBefore: place.linesBefore)
    if let text = found.surrounded {
      keep(text, of: place, at: range.lowerBound)
    } else if found.isPutInOrder || !place.canBeReadAgain {
      keep(bytes, of: place, at: range.lowerBound)
    }
  }

  private mutating func add(
    _ outline: ReportOutline, _ bytes: Span<UInt8>, at place: LogStream.Place
  ) {
    let index = file(of: place)
    let offset = outline.byteRange.lowerBound - place.start
    events[index].append(
      outline, bytes, at: offset, linesBefore: place.linesBefore, input: index)
    if let known = run, known.file == index, known.carrier == outline.carrier,
      known.boot.boot == outline.boot, bytes.isName(outline.host, known.boot.host)
    {
      run?.count += 1
    } else {
      endRun()
      let host = outline.host.map { bytes.text($0) }
      run = PlainRun(
        file: index, carrier: outline.carrier, boot: HostBoot(host: host, boot: outline.boot),
        count: 1)
    }
    if !place.canBeReadAgain { keep(bytes, of: place, at: offset) }
  }

  /// Counts the undamaged events so far.
  private mutating func endRun() {
    guard let run else { return }
    coverage[run.file].add(complete: run.count, run.carrier, host: run.boot.host)
    bootsOfFiles[run.file].insert(run.boot)
    self.run = nil
  }

  /// Keeps the bytes of an event whose files cannot be read again, or not in that order.
  private mutating func keep(_ bytes: Span<UInt8>, of place: LogStream.Place, at offset: Int) {
    keep(ReportBytes(LogText(bytes).bytes), of: place, at: offset)
  }

  private mutating func keep(_ text: ReportBytes, of place: LogStream.Place, at offset: Int) {
    guard keptBytes + text.bytes.count <= Self.spool else {
      unkept += 1
      return
    }
    kept[place.files.lowerBound][offset] = text
    keptBytes += text.bytes.count
  }

  private func describe(_ input: inout Input, at index: Int) {
    let found = coverage[index]
    input.coverage = found
    input.carriers = Carrier.allCases.filter { found.carriers[$0] != nil }
    input.bootCount = bootsOfFiles[index].count
  }

  private mutating func finish(
    _ scanner: ReportScanner, _ stream: LogStream, _ clock: Clock
  ) -> [Loaded] {
    prepare(for: max(stream.files.count - 1, 0))
    endRun()
    let files = stream.files.map { file in
      LoadedSource.File(log: file.log, size: file.size, lacksNewline: file.lacksNewline)
    }
    for (index, file) in stream.files.enumerated() {
      events[index].settle(scanner.clocks, from: file.start)
    }
    return stream.files.enumerated().map { index, file in
      var input = Input(name: file.part.name)
      // What is of the whole log is told with its newest file.
      if index + 1 == files.count {
        input.clockConflicts = scanner.clocks.conflicts
        input.otherKills = scanner.otherKills
        input.blobLines = scanner.blobLines
        input.strayKills = scanner.strayKills
        input.isPutInOrder = scanner.isPutInOrder
      }
      describe(&input, at: index)
      input.byteCount = file.size
      input.lineCount =
        files.count == 1
        ? scanner.lineCount
        : file.newlines + (index + 1 == files.count && file.lacksNewline ? 1 : 0)
      input.end = index + 1 == files.count ? scanner.endTime : newestTime(at: index)
      input.isOfThisMachine = file.part.isOfThisMachine
      input.machine = file.part.machine
      input.packing = file.log?.packing()
      input.missedCount = file.missed.total
      let complaint = file.log?.complaint() ?? ""
      if file.fault == nil, !complaint.isEmpty { input.complaint = complaint }
      input.damage = file.fault?.reason
      if file.part.isOfThisMachine {
        input.end = LogTime(
          wallMicros: environment.clock().wallMicros, errorMicros: 0, basis: .live)
      }
      let hasEvents = events[index].count > 0
      // Nothing will be asked of a file without events, and files that are open are few.
      let source = LoadedSource(
        clock: clock, format: scanner.format ?? .lines,
        files: hasEvents ? Array(files[index...]) : [], kept: kept[index])
      var loaded = Loaded(input: input, events: events[index], source: source)
      loaded.input.endsEvent = continued.contains(index)
      loaded.isIdle =
        file.part.isFound && !hasEvents && file.fault == nil && !continued.contains(index)
        && input.strayKills.count == 0
      if let fault = file.fault {
        loaded.isInput = file.size > 0
        loaded.fault =
          file.size > 0 ? .damaged(file.part.name, fault) : .unreadable(file.part.name, fault)
      } else if let fault = Unsuitable.fault(
        of: file.head, file.part.name, hasEvents: hasEvents, scanner)
      {
        loaded.isInput = false
        loaded.fault = file.part.isFound && !hasEvents ? nil : fault
      }
      loaded.unkept = index == 0 ? unkept : 0
      return loaded
    }
  }

  /// The newest time of a file's events, for want of its last line.
  private func newestTime(at index: Int) -> LogTime {
    var newest = LogTime()
    for event in 0..<events[index].count {
      let time = events[index].time(at: event)
      if (time.wallMicros ?? .min, time.uptimeMicros ?? .min)
        >= (newest.wallMicros ?? .min, newest.uptimeMicros ?? .min)
      {
        newest = time
      }
    }
    return newest
  }
}
