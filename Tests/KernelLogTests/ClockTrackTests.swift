import KernelLog
import Testing

/// What the lines of a log make of the stamps of a host's clock.
@Suite struct ClockTrackTests {
  /// 2026-11-22 14:00:00 UTC.
  private static let boot: Int64 = 1_795_356_000_000_000
  private static let second: Int64 = 1_000_000

  /// A log as it is written line by line, whose lines are 100 bytes long.
  private struct Log {
    var clocks: SourceClocks
    var offset = 0

    init(
      zone: @escaping @Sendable (Int64) -> Int = { _ in 0 }, reference: Int64? = nil,
      captured: BootMoment? = nil
    ) {
      var clock = Clock(utcOffset: zone, referenceMicros: reference)
      clock.capturedBoot = captured
      clocks = SourceClocks(clock: clock)
    }

    @discardableResult
    mutating func line(
      uptime: Int64?, header: Int64? = nil, precision: Int64 = 1_000_000, host: String = "web1",
      mark: ClockMark? = nil, journal: Int64? = nil, bootID: UInt64? = nil
    ) -> Int {
      var stamp = Stamp()
      stamp.uptimeMicros = uptime
      stamp.bootID = bootID
      if let header {
        stamp.precisionMicros = precision
        stamp.journalMonotonicMicros = journal
        if journal == nil {
          stamp.civil = CivilTime(unixMicros: header / precision * precision, offset: 0)
          stamp.utcOffset = 0
        } else {
          stamp.unixMicros = header
        }
      }
      return add(stamp, host, mark)
    }

    @discardableResult
    mutating func line(civil: CivilTime, uptime: Int64? = nil, host: String = "web1") -> Int {
      var stamp = Stamp()
      stamp.civil = civil
      stamp.uptimeMicros = uptime
      stamp.precisionMicros = 1_000_000
      return add(stamp, host, nil)
    }

    /// Looks at a line again, as at those of reports that stand in a stretch read before.
    mutating func again(civil: CivilTime, uptime: Int64, at place: Int) {
      let end = offset
      offset = place - 100
      line(civil: civil, uptime: uptime)
      offset = end
    }

    private mutating func add(_ stamp: Stamp, _ host: String, _ mark: ClockMark?) -> Int {
      offset += 100
      clocks.observe(
        ClockSighting(stamp, .syslog, mark, host: LogText(host), at: offset))
      return offset
    }

    func time(uptime: Int64, at offset: Int, host: String = "web1") -> LogTime {
      clocks.time(of: LogTime(uptimeMicros: uptime), host: LogText(host), at: offset)
    }
  }

  @Test func liveHeadersCutToSecondsBoundTheBootWithinMilliseconds() throws {
    var envelope = HeaderEnvelope()
    for step in 0..<500 as Range<Int64> {
      let uptime = step * 1_600_000 + step * step * 7919 % 1_000_000
      let header = (Self.boot + uptime) / Self.second * Self.second
      envelope.add(uptime: uptime, header: header, precision: Self.second)
    }
    let bound = try #require(envelope.bound(at: 1))
    #expect((0...20_000).contains(bound.high - Self.boot))
    let low = try #require(bound.low)
    #expect((-20_000...0).contains(low - Self.boot))
  }

  /// The daemon started 637 s after the kill and wrote all that was there with its own time.
  @Test func headersThatWereWrittenLateAreFound() throws {
    var log = Log()
    let start = 916 * Self.second
    for step in 0..<300 {
      log.line(uptime: Int64(step) * 3 * Self.second, header: Self.boot + start)
    }
    for step in 0..<20 {
      let uptime = start + Int64(step) * 10 * Self.second + 300_000
      log.line(uptime: uptime, header: Self.boot + uptime)
    }
    let uptime = 279 * Self.second
    let printed = LogTime(
      uptimeMicros: uptime, wallMicros: Self.boot + start, errorMicros: Self.second,
      basis: .printed)
    let time = log.clocks.time(of: printed, host: LogText("web1"), at: 9300)
    let wall = try #require(time.wallMicros)
    #expect(abs(wall - Self.boot - uptime) <= 1_100_000)
    #expect(time.basis == .header)
    // Live lines stay what they print.
    let live = LogTime(
      uptimeMicros: start + 10 * Self.second, wallMicros: Self.boot + start + 10 * Self.second,
      errorMicros: Self.second, basis: .printed)
    #expect(log.clocks.time(of: live, host: LogText("web1"), at: 31_000) == live)
  }

  /// A daemon that stays some seconds behind in a storm is late all the same.
  @Test func headersThatAreSteadilyLateAreFound() throws {
    var log = Log()
    var places: [Int] = []
    for step in 0..<8 {
      let uptime = Int64(step) * 5 * Self.second
      places.append(log.line(uptime: uptime, header: Self.boot + uptime + 4 * Self.second))
    }
    log.line(uptime: 50 * Self.second, header: Self.boot + 50 * Self.second)
    for (step, place) in places.enumerated() {
      let uptime = Int64(step) * 5 * Self.second
      let printed = LogTime(
        uptimeMicros: uptime, wallMicros: Self.boot + uptime + 4 * Self.second,
        errorMicros: Self.second, basis: .printed)
      let time = log.clocks.time(of: printed, host: LogText("web1"), at: place)
      let wall = try #require(time.wallMicros)
      #expect(abs(wall - Self.boot - uptime) <= Self.second + 10_000)
      #expect(time.errorMicros.map { $0 > Self.second } ?? true)
    }
  }

  /// What a header says to the microsecond is when its daemon read the line: it is as sure as the
  /// most prompt header of the boot shows it to be.
  @Test(arguments: [0, 300_000, 800_000, 1_900_000] as [Int64], [1, 1_000_000] as [Int64])
  func headersThatAreALittleLate(_ late: Int64, precision: Int64) throws {
    for hasAnchor in [false, true] {
      var log = Log()
      for step in 0..<40 {
        let uptime = Int64(step) * 5 * Self.second + 250_000
        log.line(
          uptime: uptime, header: Self.boot + uptime, precision: precision,
          mark: hasAnchor && step == 20 ? .audit(Self.boot + uptime) : nil)
      }
      let uptime = 201 * Self.second
      let header = (Self.boot + uptime + late) / precision * precision
      let offset = log.line(uptime: uptime, header: header, precision: precision)
      let printed = LogTime(
        uptimeMicros: uptime, wallMicros: header, errorMicros: precision, basis: .printed)
      let time = log.clocks.time(of: printed, host: LogText("web1"), at: offset)
      let (wall, error) = (try #require(time.wallMicros), try #require(time.errorMicros))
      #expect(abs(wall - Self.boot - uptime) <= error)
      #expect(error <= max(late, precision) + 20_000)
    }
  }

  /// A daemon that is late in each report, and prompt in between.
  @Test(arguments: [1, 1_000_000] as [Int64])
  func headersThatAreLateInReports(precision: Int64) throws {
    var log = Log()
    var places: [(offset: Int, uptime: Int64)] = []
    for step in 0..<10 {
      let uptime = Int64(100 + step * 60) * Self.second
      let late = uptime + 3 * Self.second
      let offset = log.line(uptime: uptime, header: Self.boot + late, precision: precision)
      places.append((offset, uptime))
      let prompt = uptime + 30 * Self.second
      log.line(uptime: prompt, header: Self.boot + prompt, precision: precision)
    }
    for place in places {
      let printed = LogTime(
        uptimeMicros: place.uptime, wallMicros: Self.boot + place.uptime + 3 * Self.second,
        errorMicros: precision, basis: .printed)
      let time = log.clocks.time(of: printed, host: LogText("web1"), at: place.offset)
      let wall = try #require(time.wallMicros)
      #expect(abs(wall - Self.boot - place.uptime) <= precision + 20_000)
    }
  }

  /// A daemon that falls behind more and more: each header is as wrong as it may be late.
  @Test func headersThatFallBehindAreDoubted() throws {
    var log = Log()
    for step in 0..<20 {
      let uptime = Int64(step) * 5 * Self.second
      let late = Int64(step) * 2 * Self.second
      let offset = log.line(uptime: uptime, header: Self.boot + uptime + late, precision: 1)
      let printed = LogTime(
        uptimeMicros: uptime, wallMicros: Self.boot + uptime + late, errorMicros: 1,
        basis: .printed)
      let time = log.clocks.time(of: printed, host: LogText("web1"), at: offset)
      let wall = try #require(time.wallMicros)
      #expect(time.errorMicros.map { abs(wall - Self.boot - uptime) <= $0 } ?? true)
    }
  }

  /// A daemon that wrote all lines at one moment may have done so any time later.
  @Test func headersOfOneMomentProveNothing() {
    var log = Log()
    var last = 0
    for step in 0..<7 {
      last = log.line(uptime: Int64(step) * Self.second, header: Self.boot + 300 * Self.second)
    }
    let printed = LogTime(
      uptimeMicros: 6 * Self.second, wallMicros: Self.boot + 300 * Self.second, errorMicros: 1,
      basis: .printed)
    #expect(log.clocks.time(of: printed, host: LogText("web1"), at: last).errorMicros == nil)
  }

  /// A machine slept for two hours and nothing in the log says so.
  @Test func linesBehindASuspendAreNotLate() {
    var log = Log()
    for step in 0..<10 {
      let uptime = Int64(step) * 20 * Self.second
      log.line(uptime: uptime, header: Self.boot + uptime)
    }
    let slept = 7200 * Self.second
    let uptime = 230 * Self.second
    let offset = log.line(uptime: uptime, header: Self.boot + uptime + slept)
    let printed = LogTime(
      uptimeMicros: uptime, wallMicros: Self.boot + uptime + slept, errorMicros: Self.second,
      basis: .printed)
    #expect(log.clocks.time(of: printed, host: LogText("web1"), at: offset) == printed)
  }

  @Test func aClockThatWasSetBackMakesNoLateLines() {
    var log = Log()
    let back = 3600 * Self.second
    for step in 0..<10 {
      let uptime = Int64(step) * 20 * Self.second
      log.line(uptime: uptime, header: Self.boot + uptime)
    }
    for step in 10..<20 {
      let uptime = Int64(step) * 20 * Self.second
      log.line(uptime: uptime, header: Self.boot + uptime - back)
    }
    let printed = LogTime(
      uptimeMicros: 100 * Self.second, wallMicros: Self.boot + 100 * Self.second,
      errorMicros: Self.second, basis: .printed)
    #expect(log.clocks.time(of: printed, host: LogText("web1"), at: 600) == printed)
  }

  @Test func driftIsFollowedForAMonth() throws {
    var log = Log()
    var at: [(offset: Int, uptime: Int64, wall: Int64)] = []
    for step in 0..<8640 {
      let true_ = Int64(step) * 300 * Self.second
      // Printk's clock is 40 millionths slow.
      let uptime = true_ - true_ / 25_000
      let offset = log.line(uptime: uptime, header: Self.boot + true_)
      if step % 720 == 360 { at.append((offset, uptime, Self.boot + true_)) }
    }
    for place in at {
      let time = log.time(uptime: place.uptime, at: place.offset)
      let wall = try #require(time.wallMicros)
      #expect(abs(wall - place.wall) <= 1_100_000)
      let error = try #require(time.errorMicros)
      #expect(abs(wall - place.wall) <= error + 300_000)
    }
  }

  /// The log of a virtual machine that went on from a snapshot: what audit said at boot is 49.5 h
  /// off for all that comes behind.
  @Test func noAnchorReachesBehindAFork() throws {
    var log = Log()
    let audit = Self.boot - 178_105 * Self.second
    log.line(uptime: 244_883, mark: .audit(audit))
    let early = log.line(uptime: 300_000)
    log.line(uptime: 60 * Self.second, mark: .cut(.fork))
    let late = log.line(uptime: 279_318_982)
    #expect(log.time(uptime: 300_000, at: early).basis == .batteryClock)
    #expect(log.time(uptime: 300_000, at: early).errorMicros == nil)
    #expect(log.time(uptime: 279_318_982, at: late).wallMicros == nil)
  }

  /// What a captured machine's clocks said at the end of its log dates the stretches that they count
  /// from: none behind a suspend, none before the wall clock became another one.
  @Test(
    arguments: [
      ([nil, nil], [true, true]), ([.suspend, nil], [true, false]), ([.fork, nil], [false, true]),
      ([.fork, .suspend], [false, true]), ([.suspend, .fork], [false, false]),
      ([.clocksource, nil], [false, true]),
    ] as [([ClockCut?], [Bool])])
  func aCapturedBootDatesWhatCountsFromIt(_ cuts: [ClockCut?], _ isDated: [Bool]) {
    var log = Log(captured: BootMoment(wallMicros: Self.boot, errorMicros: Self.second))
    log.line(uptime: 9 * Self.second, mark: .boot)
    let former = log.line(uptime: 500 * Self.second)
    log.line(uptime: 0, mark: .boot)
    var uptimes = [100 * Self.second]
    var offsets = [log.line(uptime: uptimes[0])]
    for cut in cuts {
      let uptime = (uptimes.last ?? 0) + 100 * Self.second
      log.line(uptime: uptime, mark: cut.map { .cut($0) })
      uptimes.append(uptime + Self.second)
      offsets.append(log.line(uptime: uptime + Self.second))
    }
    for (index, expected) in isDated.enumerated() {
      let time = log.time(uptime: uptimes[index], at: offsets[index])
      #expect(time.basis == (expected ? .captured : .none), "\(cuts) \(index)")
      #expect(time.wallMicros == (expected ? Self.boot + uptimes[index] : nil))
      #expect((time.errorMicros ?? Self.second) >= Self.second)
    }
    #expect(log.time(uptime: 500 * Self.second, at: former).wallMicros == nil)
  }

  @Test func anchorsThatDisagreeAreNotAveraged() throws {
    var log = Log()
    log.line(uptime: 244_883, mark: .audit(Self.boot - 178_105 * Self.second))
    // journald read it 590 s late.
    let read = Self.boot + 869 * Self.second
    let offset = log.line(uptime: 279_318_982, header: read, journal: 869 * Self.second)
    _ = log.clocks.boot(of: LogText("web1"), at: offset)
    let time = log.time(uptime: 279_318_982, at: offset)
    #expect(time.wallMicros == Self.boot + 279_318_982)
    #expect(time.basis == .journal)
    let conflict = try #require(log.clocks.conflicts.first)
    #expect(abs(conflict.micros - 178_105 * Self.second) < 3 * Self.second)
    #expect(conflict.kept == .journal && conflict.other == .batteryClock && conflict.cut == nil)
  }

  @Test func auditLinesDateABootThatPrintsNoTime() throws {
    var log = Log()
    log.line(uptime: 100 * Self.second, mark: .audit(Self.boot + 100 * Self.second))
    let offset = log.line(uptime: 1100 * Self.second)
    let time = log.time(uptime: 1100 * Self.second, at: offset)
    #expect(time.wallMicros == Self.boot + 1100 * Self.second)
    #expect(time.basis == .audit)
    // A second that the line may have waited, and 50 millionths of 1000 s.
    #expect(time.errorMicros == 1_050_000)
  }

  @Test func auditLinesThatJumpCutTheBoot() {
    var log = Log()
    let first = log.line(uptime: 100 * Self.second, mark: .audit(Self.boot + 100 * Self.second))
    let second = log.line(uptime: 200 * Self.second, mark: .audit(Self.boot + 290 * Self.second))
    var times = log.clocks.times(of: LogText("web1"))
    #expect([first, second].map { times.segment(at: $0).number } == [0, 1])
    #expect(log.clocks.boot(of: LogText("web1"), at: second) == 0)
    #expect(
      log.time(uptime: 101 * Self.second, at: first).wallMicros == Self.boot + 101 * Self.second)
    #expect(
      log.time(uptime: 201 * Self.second, at: second).wallMicros == Self.boot + 291 * Self.second)
  }

  @Test func stampsThatGoBackBeginABoot() {
    var log = Log()
    let one = log.line(uptime: 3600 * Self.second)
    let disorder = log.line(uptime: 3600 * Self.second - 900_000)
    let two = log.line(uptime: 5 * Self.second)
    let other = log.line(uptime: 1 * Self.second, host: "db1")
    let three = log.line(uptime: 0, mark: .boot)
    func boot(_ offset: Int, _ host: String = "web1") -> Int {
      log.clocks.boot(of: LogText(host), at: offset)
    }
    #expect([boot(one), boot(disorder), boot(two), boot(three)] == [0, 0, 1, 2])
    #expect(boot(other, "db1") == 0)
    #expect(log.clocks.bootCount == 4)
  }

  /// "calibrate_delay_direct() failed" has the stamp 0 in the middle of the second second.
  @Test func oneStampOutOfOrderIsNoBoot() {
    var log = Log()
    log.line(uptime: 1_282_610)
    log.line(uptime: 0)
    let next = log.line(uptime: 1_401_555)
    #expect(log.clocks.boot(of: LogText("web1"), at: next) == 0)
    #expect(log.clocks.bootCount == 1)
  }

  @Test func journalsNameTheirBoots() {
    var log = Log()
    let one = log.line(uptime: 50 * Self.second, bootID: 1)
    let two = log.line(uptime: 60 * Self.second, bootID: 2)
    // Out of order, and of the same boot still.
    let same = log.line(uptime: 5 * Self.second, bootID: 2)
    let boots = [one, two, same].map { log.clocks.boot(of: LogText("web1"), at: $0) }
    #expect(boots == [0, 1, 1])
  }

  @Test func yearsRollWhereMonthsGoBack() throws {
    let reference = CivilTime(year: 2026, month: 11, day: 23).unixMicrosAsUTC
    var log = Log(reference: reference)
    let days = [
      (2023, 11, 5), (2023, 12, 31), (2024, 1, 1), (2024, 2, 29), (2024, 12, 30), (2025, 3, 1),
      (2025, 9, 9), (2026, 1, 2), (2026, 11, 20),
    ]
    let offsets = days.map { log.line(civil: CivilTime(year: 0, month: $0.1, day: $0.2)) }
    for (day, offset) in zip(days, offsets) {
      var stamp = Stamp()
      stamp.civil = CivilTime(year: 0, month: day.1, day: day.2)
      let printed = Clock(referenceMicros: reference).time(of: stamp)
      let wall = log.clocks.time(of: printed, host: LogText("web1"), at: offset).wallMicros
      #expect(wall == CivilTime(year: day.0, month: day.1, day: day.2).unixMicrosAsUTC)
    }
  }

  @Test func aLateLineOfTheOldYearRollsNothing() {
    let reference = CivilTime(year: 2026, month: 2, day: 1).unixMicrosAsUTC
    var log = Log(reference: reference)
    let days = [(2025, 12, 30), (2026, 1, 1), (2025, 12, 31), (2026, 1, 1)]
    let offsets = days.map { log.line(civil: CivilTime(year: 0, month: $0.1, day: $0.2)) }
    for (day, offset) in zip(days, offsets) {
      var stamp = Stamp()
      stamp.civil = CivilTime(year: 0, month: day.1, day: day.2)
      let printed = Clock(referenceMicros: reference).time(of: stamp)
      let wall = log.clocks.time(of: printed, host: LogText("web1"), at: offset).wallMicros
      #expect(wall == CivilTime(year: day.0, month: day.1, day: day.2).unixMicrosAsUTC)
    }
  }

  /// Clocks go back from UTC+2 to UTC+1 at 01:00 UTC on 2026-10-25.
  @Test func theHourThatComesTwiceGoesByTheOrderOfTheLines() {
    let zone: @Sendable (Int64) -> Int = { $0 < 1_792_890_000 ? 7200 : 3600 }
    var log = Log(zone: zone)
    let clock = Clock(utcOffset: zone)
    let times = [(1, 50), (2, 10), (2, 50), (2, 5), (2, 55), (3, 0)]
    let offsets = times.map {
      log.line(civil: CivilTime(year: 2026, month: 10, day: 25, hour: $0.0, minute: $0.1))
    }
    let walls = zip(times, offsets).map { time, offset in
      var stamp = Stamp()
      stamp.civil = CivilTime(year: 2026, month: 10, day: 25, hour: time.0, minute: time.1)
      let printed = clock.time(of: stamp)
      return log.clocks.time(of: printed, host: LogText("web1"), at: offset).wallMicros ?? 0
    }
    #expect(walls == walls.sorted())
    #expect(walls.map { ($0 / 1_000_000 - 1_792_886_400) / 60 } == [-10, 10, 50, 65, 115, 120])
  }

  /// Lines of the second hour bound a boot by that hour also where they are looked at twice, and so
  /// pull back no line, of whichever hour.
  @Test func theHourThatComesTwiceBoundsABootByTheHourItWas() {
    var log = Log(zone: Self.berlin)
    // Minutes since 00:00 UTC on 2026-10-25, and what the clocks showed.
    let times = [(-120, 0, 0), (10, 2, 10), (50, 2, 50), (70, 2, 10), (110, 2, 50), (180, 4, 0)]
    let lines = times.map {
      (
        uptime: (432_000 + Int64($0.0) * 60) * Self.second,
        civil: CivilTime(year: 2026, month: 10, day: 25, hour: $0.1, minute: $0.2)
      )
    }
    let offsets = lines.map { log.line(civil: $0.civil, uptime: $0.uptime) }
    for (line, offset) in zip(lines, offsets) {
      log.again(civil: line.civil, uptime: line.uptime, at: offset)
    }
    for (line, offset) in zip(lines, offsets) {
      var stamp = Stamp()
      stamp.civil = line.civil
      stamp.precisionMicros = Self.second
      stamp.uptimeMicros = line.uptime
      let printed = Clock(utcOffset: Self.berlin).time(of: stamp)
      let time = log.clocks.time(of: printed, host: LogText("web1"), at: offset)
      // 2026-10-25 00:00 UTC less 432 000 s.
      #expect(time.wallMicros == 1_792_454_400_000_000 + line.uptime)
      #expect(time.errorMicros == Self.second)
    }
  }

  /// Neither the order of the lines nor a stamp tells which hour it was.
  @Test func theHourThatComesTwiceMayBeEither() {
    var log = Log(zone: Self.berlin)
    let offset = log.line(civil: CivilTime(year: 2026, month: 10, day: 25, hour: 2, minute: 30))
    let time = time(at: offset, uptime: nil, log)
    #expect(time.wallMicros == 1_792_888_200_000_000)
    #expect(time.errorMicros == 3_601_000_000)
  }

  /// A stamp tells that it was the first: a line is never read before it is logged. That it was the
  /// second one, the line before does not show, which may have been read late.
  @Test(arguments: [(4_600, 1), (8_200, 3_601)] as [(Int64, Int64)])
  func stampsMayTellWhichHourItWas(_ uptime: Int64, _ error: Int64) {
    var log = Log(zone: Self.berlin)
    var offset = 0
    for (hour, uptime) in [(1, 1_000), (2, uptime), (3, 11_800)] as [(Int, Int64)] {
      let place = log.line(
        civil: CivilTime(year: 2026, month: 10, day: 25, hour: hour, minute: 30),
        uptime: uptime * Self.second)
      if hour == 2 { offset = place }
    }
    let time = time(at: offset, uptime: uptime * Self.second, log)
    #expect(time.wallMicros == 1_792_888_200_000_000)
    #expect(time.errorMicros == error * Self.second)
  }

  /// Clocks go back from UTC+2 to UTC+1 at 01:00 UTC on 2026-10-25.
  private static let berlin: @Sendable (Int64) -> Int = { $0 < 1_792_890_000 ? 7200 : 3600 }

  /// The time of a line that prints half past two on that day.
  private func time(at offset: Int, uptime: Int64?, _ log: Log) -> LogTime {
    var stamp = Stamp()
    stamp.civil = CivilTime(year: 2026, month: 10, day: 25, hour: 2, minute: 30)
    stamp.precisionMicros = Self.second
    stamp.uptimeMicros = uptime
    let printed = Clock(utcOffset: Self.berlin).time(of: stamp)
    return log.clocks.time(of: printed, host: LogText("web1"), at: offset)
  }

  @Test func memoryForAHostIsBounded() {
    var envelope = HeaderEnvelope()
    for hour in 0..<20_000 as Range<Int64> {
      envelope.add(
        uptime: hour * 3600 * Self.second, header: Self.boot + hour * 3600 * Self.second,
        precision: Self.second)
    }
    #expect(envelope.bound(at: 0) != nil)
  }
}

/// The kernel's words about its clocks.
@Suite struct ClockMarkTests {
  @Test(arguments: [
    ("Linux version 6.1.0-18-amd64 (x@y)", ClockMark.boot),
    ("PM: suspend exit", .cut(.suspend)), ("PM: hibernation: hibernation exit", .cut(.suspend)),
    ("PM: resume devices took 0.1 seconds", .cut(.suspend)),
    ("random: crng reseeded due to virtual machine fork", .cut(.fork)),
    (
      "clocksource: timekeeping watchdog on CPU3: Marking clocksource 'tsc' as unstable because",
      .cut(.clocksource)
    ),
    ("audit: type=2000 audit(1795211548.194:1): state=x", .audit(1_795_211_548_194_000)),
    ("type=1400 audit(1700000000.001:7): apparmor", .audit(1_700_000_000_001_000)),
    (
      "rtc_cmos 00:03: setting system clock to 2024-01-02T03:04:05 UTC (1704164645)",
      .rtc(1_704_164_645_000_000)
    ),
    (
      "ptp_kvm rtc0: setting system clock to 2024-01-02T03:04:05 UTC (1704164645)",
      .rtc(1_704_164_645_000_000)
    ),
  ])
  func marks(_ text: String, _ mark: ClockMark) {
    #expect(ClockMark(Array(text.utf8).span) == mark)
  }

  @Test(arguments: [
    "", "audit: backlog limit exceeded", "PM: suspend entry (deep)",
    "clocksource: Switched to clocksource tsc", "random: crng init done",
    "rtc_cmos 00:03: setting system clock to 1970-01-01T00:00:05 UTC (5)",
    "audit(99999999999999999999.1:2)", "Linux versions", "audit: type=1 audit(17000000.1:2)",
  ])
  func otherLines(_ text: String) {
    #expect(ClockMark(Array(text.utf8).span) == nil)
  }
}
