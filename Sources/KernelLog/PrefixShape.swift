internal import CByteSearch

/// What the prefix of a line looks like, to recognise the prefixes of lines that differ from it in
/// nothing but their host and the figures of their clocks, without asking every carrier's form.
package struct PrefixShape: Sendable {
  /// The bytes before the host and behind it, up to the printk stamp or the message; all of them
  /// stand before it where no host is named.
  private var front: [UInt8] = []
  private var back: [UInt8] = []
  private var hasHost = false
  /// Where in the front `HH:MM:SS` stands, and how many digits its fraction has.
  private var clock: Clock?
  package private(set) var hasUptime = false
  /// What tells the clocks of a line from the rest of its prefix.
  package private(set) var clocks = Clocks()
  /// What was known of the line's prefix where its message began.
  private var template = LinePrefix(offset: 0)
  package private(set) var carrier = Carrier.plain
  /// How the messages are written.
  package var encoding: LogRecord.Encoding { template.encoding }
  /// The byte that may begin an escape in a message; nil where none can.
  package private(set) var escape: UInt8?

  private struct Clock {
    let offset: Int
    let fraction: Int

    /// Where the bytes go on behind it.
    var end: Int { offset + 8 + (fraction > 0 ? fraction + 1 : 0) }
  }

  /// The clocks of a shape's lines; to compare two lines nothing else of the shape is needed, all
  /// of which is many times as large.
  package struct Clocks: Sendable {
    fileprivate var pattern = oomsh_prefix()

    package init() {}
  }

  /// A line's prefix, as far as it tells this line from others of the shape.
  ///
  /// It is handed on and kept more often than it is looked at, so it has no optional members.
  package struct Line: Sendable {
    /// Where in the bytes the message begins.
    package var message = 0
    /// Where the host begins and ends: at one place where there is none, as no host is empty.
    package fileprivate(set) var hostStart = 0
    package fileprivate(set) var hostEnd = 0
    package fileprivate(set) var uptime = Int64.min
    /// Microseconds of the day that the prefix prints; 0 where it prints none.
    package var dayMicros: Int64 = 0
    /// How many bytes come before the printk stamp, or the message.
    fileprivate var length = 0

    package init() {}

    @inlinable @inline(__always)
    package var host: Range<Int>? { hostStart < hostEnd ? hostStart..<hostEnd : nil }
    @inlinable @inline(__always)
    package var uptimeMicros: Int64? { uptime == .min ? nil : uptime }
  }

  /// The shape that no line has.
  package init() {}

  /// The shape of a record's prefix; nil where its lines could not be read by comparing.
  package init?(of record: LogRecord, in bytes: Span<UInt8>) {
    let stamp = record.stamp
    let newline = bytes.lineEnd(of: record.start)
    guard !record.isBare, !record.isCut, record.wrapping == .none, record.origin != .program,
      record.message.upperBound == newline, record.carrier != .dmesgDelta,
      record.carrier != .kmsg, stamp.unixMicros == nil, stamp.deltaMicros == nil,
      stamp.journalMonotonicMicros == nil, stamp.bootID == nil, stamp != Stamp()
    else { return nil }
    var end = record.message.lowerBound
    if stamp.uptimeMicros != nil {
      let prefix = bytes.extracting(record.start..<end)
      guard let bracket = prefix.last("[", before: prefix.count) else { return nil }
      end = record.start + bracket
      hasUptime = true
    }
    guard end - record.start <= Self.longest, record.host?.upperBound ?? end <= end else {
      return nil
    }
    front = LogText(bytes.extracting(record.start..<(record.host?.lowerBound ?? end))).bytes
    back = LogText(bytes.extracting((record.host?.upperBound ?? end)..<end)).bytes
    hasHost = record.host != nil
    carrier = record.carrier
    switch record.encoding {
    case .plain: break
    case .dmesg, .kmsg: escape = .backslash
    case .syslog: escape = UInt8(ascii: "#")
    case .json, .coloured, .indentedField, .byteArray: return nil
    }
    clock = stamp.civil.flatMap { Self.clock(of: $0, in: front.span) }
    template.stamp = stamp
    template.origin = record.origin
    template.encoding = record.encoding
    template.carrier = record.carrier
    template.hasUptime = hasUptime || record.carrier.isConverted
    clocks.pattern = oomsh_prefix(
      length: 0, clock: clock?.offset ?? Int(bitPattern: OOMSH_NO_CLOCK),
      fraction: clock?.fraction ?? 0, has_uptime: hasUptime ? 1 : 0)
    guard (clock == nil) == (stamp.civil == nil),
      let line = read(bytes, at: record.start, before: newline),
      line.message == record.message.lowerBound, line.host == record.host,
      self.stamp(of: line) == stamp
    else { return nil }
  }

  private static let longest = 128

  /// Where a time of the day is printed; nil where it is not, or more than once.
  private static func clock(of civil: CivilTime, in front: Span<UInt8>) -> Clock? {
    var found: Clock?
    for offset in 0..<max(front.count - 7, 0) where front[offset + 2] == .colon {
      var end = offset
      guard let time = TimeOfDay(front, at: &end), time.hour == civil.hour,
        time.minute == civil.minute, time.second == civil.second, time.micros == civil.micros
      else { continue }
      let clock = Clock(offset: offset, fraction: max(end - offset - 9, 0))
      guard found == nil, clock.fraction <= 6 else { return nil }
      found = clock
    }
    return found
  }

  /// Reads the prefix of the line between two offsets; nil where it is of another shape.
  package func read(_ bytes: Span<UInt8>, at start: Int, before end: Int) -> Line? {
    var cursor = start + front.count
    guard cursor > start || hasUptime, cursor + back.count < end else { return nil }
    var line = Line()
    if let clock {
      guard bytes.matches(front, 0..<clock.offset, at: start),
        bytes.matches(front, clock.end..<front.count, at: start),
        // What stands before the fraction, a dot or a comma.
        clock.fraction == 0 || bytes[start + clock.offset + 8] == front[clock.offset + 8],
        let micros = bytes.dayMicros(at: start + clock.offset, fraction: clock.fraction)
      else { return nil }
      line.dayMicros = micros
    } else {
      guard bytes.matches(front, 0..<front.count, at: start) else { return nil }
    }
    if hasHost {
      line.hostStart = cursor
      while cursor < end, bytes[cursor] != .space, bytes[cursor] != .tab { cursor += 1 }
      line.hostEnd = cursor
      guard line.hostEnd > line.hostStart, cursor + back.count <= end else { return nil }
    }
    guard bytes.matches(back, 0..<back.count, at: cursor) else { return nil }
    line.length = cursor + back.count - start
    return finished(line, bytes, at: start, before: end)
  }

  /// Reads the prefix of a line of any host that likely is that of another line.
  package func read(
    _ bytes: Span<UInt8>, at start: Int, before end: Int, near other: Line, at otherStart: Int
  ) -> Line? {
    clocks.repeated(other, at: otherStart, bytes, at: start, before: end)
      ?? read(bytes, at: start, before: end)
  }

  /// Reads the prefix of a line that should be of the host of another one; most come in the same
  /// second too.
  package func read(
    _ bytes: Span<UInt8>, at start: Int, before end: Int, like other: Line, at otherStart: Int
  ) -> Line? {
    if let line = clocks.repeated(other, at: otherStart, bytes, at: start, before: end) {
      return line
    }
    guard let line = read(bytes, at: start, before: end) else { return nil }
    let length = line.hostEnd - line.hostStart
    let isSame =
      length == other.hostEnd - other.hostStart
      && (length == 0 || bytes.matches(itself: other.hostStart, at: line.hostStart, length))
    return isSame ? line : nil
  }

  /// A line with its printk stamp, and with the place of its message.
  private func finished(
    _ line: Line, _ bytes: Span<UInt8>, at start: Int, before end: Int
  ) -> Line? {
    var line = line
    line.message = start + line.length
    guard hasUptime else { return line.message < end ? line : nil }
    guard let uptime = bytes.uptime(at: &line.message, before: end) else { return nil }
    line.uptime = uptime
    return line
  }

  /// Whether the message of the line that ends at an offset begins where its prefix ends, whatever
  /// it begins with.
  package func endsPrefix(_ line: Line, in bytes: Span<UInt8>, before end: Int) -> Bool {
    var prefix = template
    prefix.offset = line.message
    prefix.host = line.host
    return !LineReader.goesOn(bytes.extracting(0..<end), &prefix)
  }

  /// The stamp of a line of this shape.
  package func stamp(of line: Line) -> Stamp {
    var stamp = template.stamp
    stamp.uptimeMicros = line.uptimeMicros
    guard clock != nil else { return stamp }
    stamp.civil?.setTime(ofDay: line.dayMicros)
    return stamp
  }
}

extension PrefixShape.Clocks {
  /// The prefix of a line that differs from that of another line in nothing but its clocks; nil
  /// where it differs in more, or has no message before an offset.
  package func repeated(
    _ other: PrefixShape.Line, at otherStart: Int, _ bytes: Span<UInt8>, at start: Int,
    before end: Int
  ) -> PrefixShape.Line? {
    var prefix = pattern
    prefix.length = other.length
    var clocks = oomsh_clocks(
      message: other.message, day_micros: other.dayMicros, uptime_micros: other.uptime)
    let isRepeated = unsafe bytes.withUnsafeBufferPointer { bytes in
      unsafe oomsh_repeats_prefix(
        bytes.baseAddress, end, start, otherStart, &prefix, &clocks) != 0
    }
    guard isRepeated else { return nil }
    var line = other
    line.message = clocks.message
    line.dayMicros = clocks.day_micros
    line.uptime = clocks.uptime_micros
    line.hostStart += start - otherStart
    line.hostEnd += start - otherStart
    return line
  }
}

extension Span where Element == UInt8 {
  /// Whether a part of some bytes stands here, the first of all of them at an offset.
  fileprivate func matches(_ other: [UInt8], _ part: Range<Int>, at start: Int) -> Bool {
    guard start >= 0, start + part.upperBound <= count else { return false }
    return unsafe withUnsafeBufferPointer { bytes in
      unsafe other.withUnsafeBufferPointer { other in
        unsafe oomsh_stands(
          bytes.baseAddress, start + part.lowerBound, other.baseAddress, part.lowerBound,
          part.count) != 0
      }
    }
  }

  /// `HH:MM:SS` and a fraction of so many digits, in microseconds; nil where no such time stands there.
  fileprivate func dayMicros(at offset: Int, fraction: Int) -> Int64? {
    guard offset >= 0, offset + 8 + (fraction > 0 ? fraction + 1 : 0) <= count else { return nil }
    let micros = unsafe withUnsafeBufferPointer { bytes in
      unsafe oomsh_day_micros(bytes.baseAddress.unsafelyUnwrapped + offset, fraction)
    }
    return micros >= 0 ? micros : nil
  }
}
