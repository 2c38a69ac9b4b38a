/// What syslog daemons put before a message: their stamp, the host, the program.
enum Syslog {
  /// `2026-10-25T14:31:23.074316+00:00 `, of a daemon or of `dmesg --time-format iso`.
  static let iso = PrefixForm(
    name: "RFC 3339 stamp", begins: .digits,
    samples: [
      "2026-10-25T14:31:23.074316+00:00 host kernel: x", "2026-10-25T14:30:29,355781+00:00 x",
      "2026-10-25T14:31:23Z host kernel: x",
    ],
    read: { line, prefix in
      guard prefix.mayHaveStamp, let stamp = ISOStamp(line, prefix.offset) else { return false }
      prefix.offset = stamp.end
      stamp.add(to: &prefix.stamp)
      prefix.expectsHost = !stamp.isDmesg
      prefix.carrier = stamp.isDmesg ? .dmesgISO : .syslogISO
      prefix.hasUptime = stamp.isDmesg
      if !stamp.isDmesg { prefix.encoding = .syslog }
      return true
    })

  /// `Nov 22 23:21:05 ` (RFC 3164) and journalctl's short forms, in any language.
  static let traditional = PrefixForm(
    name: "RFC 3164 stamp", begins: .months,
    samples: ["Nov  2 23:21:05 host kernel: x", "11월 22 23:35:22.012345 host kernel: x"],
    read: { line, prefix in
      guard prefix.mayHaveStamp else { return false }
      var cursor = prefix.offset
      guard let stamp = date(line, &cursor), line.byte(at: cursor) == .space else { return false }
      prefix.take(stamp, behind: cursor + 1)
      return true
    })

  /// `Sun Oct 25 14:31:23 2026 `, as OpenWrt's logread prints it, with the milliseconds since 1970 in
  /// brackets behind it if asked for (`-t`).
  static let ctime = PrefixForm(
    name: "ctime stamp", begins: .letters,
    samples: [
      "Sun Oct 25 14:31:23 2026 kern.err kernel: x",
      "Sun Oct 25 14:31:23 2026 [1792938683.074] kern.err kernel: x",
    ],
    read: { line, prefix in
      guard prefix.mayHaveStamp else { return false }
      let weekday = line.end(ofLettersAt: prefix.offset)
      guard weekday - prefix.offset == 3, line.byte(at: weekday) == .space else { return false }
      var cursor = weekday + 1
      guard var stamp = date(line, &cursor), stamp.civil?.year == 0, line.byte(at: cursor) == .space
      else { return false }
      cursor += 1
      let year = year(line, &cursor)
      guard year > 0 else { return false }
      stamp.civil?.year = year
      if let (unix, end) = bracketedUnix(line, cursor) {
        (stamp.civil, stamp.unixMicros, stamp.precisionMicros) = (nil, unix, 1000)
        cursor = end
      }
      prefix.take(stamp, behind: cursor)
      return true
    })

  /// `Oct 25 14:31:23`, in any language, with a year before the time where one is printed. Its date is
  /// nil where no language has that month.
  static func date(_ line: Span<UInt8>, _ offset: inout Int) -> Stamp? {
    let monthEnd = line.endOfWord(from: offset)
    guard (3...8).contains(monthEnd - offset) else { return nil }
    var cursor = line.skippingBlanks(from: monthEnd)
    guard let day = line.integer(at: &cursor), (1...31).contains(day),
      line.byte(at: cursor) == .space
    else { return nil }
    cursor += 1
    let year = year(line, &cursor)
    guard let time = TimeOfDay(line, at: &cursor) else { return nil }
    var stamp = Stamp()
    if let month = MonthName.month(line, offset..<monthEnd) {
      stamp.civil = CivilTime(
        year: year, month: month, day: Int(day), hour: time.hour, minute: time.minute,
        second: time.second, micros: Int(time.micros))
      stamp.precisionMicros = time.precisionMicros
    }
    offset = cursor
    return stamp
  }

  /// `[1792938683.074] `: milliseconds, and the offset behind it.
  private static func bracketedUnix(_ line: Span<UInt8>, _ start: Int) -> (micros: Int64, end: Int)?
  {
    guard line.byte(at: start) == .openBracket else { return nil }
    var cursor = start + 1
    guard let seconds = line.integer(at: &cursor), cursor - start == 11,
      line.byte(at: cursor) == .dot
    else { return nil }
    cursor += 1
    guard let fraction = line.fraction(at: &cursor), fraction.precision == 1000,
      let end = line.end(of: "] ", at: cursor)
    else { return nil }
    return (seconds * 1_000_000 + fraction.micros, end)
  }

  /// `2026 ` between day and time, which some daemons write; 0 where none stands.
  private static func year(_ line: Span<UInt8>, _ cursor: inout Int) -> Int {
    var end = cursor
    guard let year = line.fixed(4, at: &end), line.byte(at: end) == .space else { return 0 }
    cursor = end + 1
    return year
  }

  /// `<4>1 2026-10-25T14:31:23.074316+00:00 host app procid msgid - `
  static let rfc5424 = PrefixForm(
    name: "RFC 5424 header", begins: ByteSet("1"),
    samples: ["1 2026-10-25T14:31:23.074316+00:00 oomlab kernel - - - x"],
    read: { line, prefix in
      guard prefix.mayHaveStamp, let start = line.end(of: "1 ", at: prefix.offset) else {
        return false
      }
      let stamp = ISOStamp(line, start)
      guard var cursor = stamp?.end ?? line.end(of: "- ", at: start) else { return false }
      var words: [Range<Int>] = []
      for _ in 0..<4 {
        let end = line.endOfWord(from: cursor)
        guard end > cursor, line.byte(at: end) == .space else { return false }
        words.append(cursor..<end)
        cursor = end + 1
      }
      guard let message = endOfStructuredData(line, cursor) else { return false }
      prefix.offset = message
      if let stamp {
        stamp.add(to: &prefix.stamp)
      }
      prefix.host = words[0]
      prefix.origin = line.starts(with: "kernel ", at: words[1].lowerBound) ? .kernel : .program
      prefix.carrier = .syslog5424
      prefix.encoding = .syslog
      return true
    })

  /// `host kernel: `, `host program[pid]: ` or busybox's `host kern.warn kernel: `
  static let hostAndTag = PrefixForm(
    name: "host and program", begins: .any, samples: [],
    read: { line, prefix in
      guard prefix.expectsHost else { return false }
      if let end = endOfTagAlone(line, prefix.offset) {
        prefix.offset = line.skippingOneBlank(from: end)
        prefix.origin = .kernel
        prefix.expectsHost = false
        return true
      }
      let hostEnd = line.endOfWord(from: prefix.offset)
      guard hostEnd > prefix.offset, line.byte(at: hostEnd) == .space else { return false }
      let host = prefix.offset..<hostEnd
      var tag = line.skippingBlanks(from: hostEnd)
      var tagEnd = line.endOfWord(from: tag)
      if line.isFacilityAndLevel(tag..<tagEnd) {
        tag = line.skippingBlanks(from: tagEnd)
        tagEnd = line.endOfWord(from: tag)
      }
      if let end = endOfKernel(line, tag) {
        prefix.offset = line.skippingOneBlank(from: end)
        prefix.origin = .kernel
      } else if tagEnd > tag, line[tagEnd - 1] == .colon {
        prefix.offset = line.skippingOneBlank(from: tagEnd)
        prefix.origin = .program
      } else {
        return false
      }
      prefix.host = host
      prefix.expectsHost = false
      prefix.isFinished = prefix.origin == .program
      return true
    })

  /// `kernel: ` or `host kernel: ` without the daemon's stamp, or with no more than the time of the day,
  /// as people cut it off, and behind a printk stamp, as `journalctl -o short-monotonic --no-hostname`
  /// has it.
  static let tagAlone = PrefixForm(
    name: "the kernel's name", begins: .names, mayFollowStamp: true,
    samples: [
      "kernel: x", "kernel: [   12.345678] x", "web1 kernel: x", "[   12.345678] kernel: x",
      "14:31:23 web1 kernel: x",
    ],
    read: { line, prefix in
      guard prefix.origin == .unknown, prefix.host == nil, !prefix.expectsHost,
        !prefix.needsKernel, prefix.carrier == (prefix.hasUptime ? .dmesg : .plain)
      else { return false }
      var time = prefix.offset
      let isTime = !prefix.hasUptime && TimeOfDay(line, at: &time) != nil
      let start = isTime ? line.skippingOneBlank(from: time) : prefix.offset
      var tag = start
      if !line.starts(with: "kernel:", at: tag), !prefix.hasUptime {
        tag = line.end(ofHostAt: start) + 1
        // A number is what another prefix left.
        guard line.end(ofDigitsAt: start) < tag - 1, line.byte(at: tag - 1) == .space else {
          return false
        }
        prefix.host = start..<tag - 1
      }
      guard let end = line.end(of: "kernel: ", at: tag) else {
        prefix.host = nil
        return false
      }
      prefix.offset = end
      prefix.origin = .kernel
      prefix.encoding = .syslog
      prefix.isOnlyNamed = true
      if !prefix.hasUptime { prefix.carrier = .syslog }
      return true
    })

  /// The offset behind `kern.warn kernel:` or `kernel:` where no host stands before it, as logread
  /// prints the log of its own machine, and busybox's syslogd with `-S`.
  private static func endOfTagAlone(_ line: Span<UInt8>, _ start: Int) -> Int? {
    let word = line.end(of: "kern.", at: start).map { line.end(ofLettersAt: $0) }
    let tag = word.map { line.skippingBlanks(from: $0) } ?? start
    guard word == nil || tag > word ?? tag else { return nil }
    return line.end(of: "kernel:", at: tag)
  }

  /// The offset behind `kernel:`, `kernel[0]:` or `kernel` before a printk stamp.
  private static func endOfKernel(_ line: Span<UInt8>, _ tag: Int) -> Int? {
    guard let end = line.end(of: "kernel", at: tag) else { return nil }
    switch line.byte(at: end) {
    case .colon: return end + 1
    // A program that calls itself kernel has a pid.
    case .openBracket: return line.end(of: "[0]:", at: end)
    case .space: return line.byte(at: end + 1) == .openBracket ? end : nil
    default: return nil
    }
  }

  /// The offset behind `-`, or behind elements in brackets with quoted values, and the byte order
  /// mark that UTF-8 text may begin with.
  private static func endOfStructuredData(_ line: Span<UInt8>, _ start: Int) -> Int? {
    if let end = line.end(of: "- ", at: start) { return line.skippingByteOrderMark(from: end) }
    guard line.byte(at: start) == .openBracket else { return nil }
    var isQuoted = false
    var cursor = start
    while let byte = line.byte(at: cursor) {
      switch byte {
      case .quote: isQuoted.toggle()
      case .backslash where isQuoted: cursor += 1
      case .closeBracket where !isQuoted && line.byte(at: cursor + 1) == .space:
        return line.skippingByteOrderMark(from: cursor + 2)
      default: break
      }
      cursor += 1
    }
    return nil
  }
}

extension Span where Element == UInt8 {
  func skippingByteOrderMark(from offset: Int) -> Int {
    starts(with: "\u{FEFF}", at: offset) ? offset + 3 : offset
  }

  /// Where a host's name ends that begins at an offset, as hosts are written: in small letters, so that
  /// no sentence begins with one.
  fileprivate func end(ofHostAt start: Int) -> Int {
    var end = start
    while let byte = byte(at: end), hostBytes.contains(byte) { end += 1 }
    return end
  }

  /// Whether a word is busybox's `kern.warn`.
  fileprivate func isFacilityAndLevel(_ range: Range<Int>) -> Bool {
    guard let dot = first(.dot, from: range.lowerBound), dot < range.upperBound - 1 else {
      return false
    }
    return end(ofLettersAt: range.lowerBound) == dot
      && end(ofLettersAt: dot + 1) == range.upperBound
  }
}

private let hostBytes = ByteSet("abcdefghijklmnopqrstuvwxyz0123456789.-_")
