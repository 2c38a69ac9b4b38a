/// What syslog daemons put before a message: their stamp, the host, the program.
enum Syslog {
  /// `2026-10-25T14:31:23.074316+00:00 `, of a daemon or of `dmesg --time-format iso`.
  static let iso = PrefixForm(
    name: "RFC 3339 stamp",
    samples: [
      "2026-10-25T14:31:23.074316+00:00 host kernel: x", "2026-10-25T14:30:29,355781+00:00 x",
      "2026-10-25T14:31:23Z host kernel: x",
    ],
    read: { line, prefix in
      guard !prefix.hasUptime, !prefix.stamp.hasWallTime, let stamp = ISOStamp(line, prefix.offset)
      else { return false }
      prefix.offset = stamp.end
      prefix.stamp.civil = stamp.civil
      prefix.stamp.utcOffset = stamp.utcOffset
      prefix.stamp.precisionMicros = stamp.precisionMicros
      prefix.expectsHost = !stamp.isDmesg
      prefix.carrier = stamp.isDmesg ? .dmesgISO : .syslogISO
      prefix.hasUptime = stamp.isDmesg
      if !stamp.isDmesg { prefix.encoding = .syslog }
      return true
    })

  /// `Nov 22 23:21:05 ` (RFC 3164) and journalctl's short forms, in any language.
  static let traditional = PrefixForm(
    name: "RFC 3164 stamp",
    samples: ["Nov  2 23:21:05 host kernel: x", "11월 22 23:35:22.012345 host kernel: x"],
    read: { line, prefix in
      guard !prefix.hasUptime, !prefix.stamp.hasWallTime else { return false }
      let monthEnd = line.endOfWord(from: prefix.offset)
      guard (3...8).contains(monthEnd - prefix.offset) else { return false }
      var cursor = line.skippingBlanks(from: monthEnd)
      guard let day = line.integer(at: &cursor), (1...31).contains(day),
        line.byte(at: cursor) == .space
      else { return false }
      cursor += 1
      guard let time = TimeOfDay(line, at: &cursor), line.byte(at: cursor) == .space else {
        return false
      }
      if let month = MonthName.month(line, prefix.offset..<monthEnd) {
        prefix.stamp.civil = CivilTime(
          year: 0, month: month, day: Int(day), hour: time.hour, minute: time.minute,
          second: time.second, micros: Int(time.micros))
        prefix.stamp.precisionMicros = time.precisionMicros
      }
      prefix.offset = cursor + 1
      prefix.expectsHost = true
      prefix.carrier = .syslog
      prefix.encoding = .syslog
      return true
    })

  /// `<4>1 2026-10-25T14:31:23.074316+00:00 host app procid msgid - `
  static let rfc5424 = PrefixForm(
    name: "RFC 5424 header",
    samples: ["1 2026-10-25T14:31:23.074316+00:00 oomlab kernel - - - x"],
    read: { line, prefix in
      guard !prefix.hasUptime, !prefix.stamp.hasWallTime,
        let start = line.end(of: "1 ", at: prefix.offset), let stamp = ISOStamp(line, start)
      else { return false }
      var cursor = stamp.end
      var words: [Range<Int>] = []
      for _ in 0..<4 {
        let end = line.endOfWord(from: cursor)
        guard end > cursor, line.byte(at: end) == .space else { return false }
        words.append(cursor..<end)
        cursor = end + 1
      }
      guard let message = endOfStructuredData(line, cursor) else { return false }
      prefix.offset = message
      prefix.stamp.civil = stamp.civil
      prefix.stamp.utcOffset = stamp.utcOffset
      prefix.stamp.precisionMicros = stamp.precisionMicros
      prefix.host = words[0]
      prefix.origin = line.starts(with: "kernel ", at: words[1].lowerBound) ? .kernel : .program
      prefix.carrier = .syslog5424
      prefix.encoding = .syslog
      return true
    })

  /// `host kernel: `, `host program[pid]: ` or busybox's `host kern.warn kernel: `
  static let hostAndTag = PrefixForm(
    name: "host and program", samples: [],
    read: { line, prefix in
      guard prefix.expectsHost else { return false }
      let hostEnd = line.endOfWord(from: prefix.offset)
      guard hostEnd > prefix.offset, line.byte(at: hostEnd) == .space else { return false }
      var tag = hostEnd + 1
      var tagEnd = line.endOfWord(from: tag)
      if line.isFacilityAndLevel(tag..<tagEnd) {
        tag = line.skippingBlanks(from: tagEnd)
        tagEnd = line.endOfWord(from: tag)
      }
      guard tagEnd > tag, line[tagEnd - 1] == .colon else { return false }
      prefix.host = prefix.offset..<hostEnd
      prefix.offset = line.skippingOneBlank(from: tagEnd)
      prefix.origin = line.starts(with: "kernel:", at: tag) ? .kernel : .program
      prefix.expectsHost = false
      prefix.isFinished = prefix.origin == .program
      return true
    })

  private static func endOfStructuredData(_ line: Span<UInt8>, _ start: Int) -> Int? {
    if let end = line.end(of: "- ", at: start) { return line.skippingByteOrderMark(from: end) }
    guard line.byte(at: start) == .openBracket, let end = line.first("] ", from: start) else {
      return nil
    }
    return line.skippingByteOrderMark(from: end + 2)
  }
}

extension Span where Element == UInt8 {
  fileprivate func skippingByteOrderMark(from offset: Int) -> Int {
    starts(with: "\u{FEFF}", at: offset) ? offset + 3 : offset
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
