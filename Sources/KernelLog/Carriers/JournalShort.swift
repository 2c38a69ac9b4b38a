/// journalctl's text forms, as far as they differ from syslog's.
///
/// Their wall-clock time is when journald read the record, which may be long after the kernel
/// logged it.
enum JournalShort {
  /// `Sun 2026-10-25 14:31:23 UTC oomlab kernel: ` (short-full, with-unit)
  static let full = PrefixForm(
    name: "journalctl short-full", begins: .letters,
    samples: ["Sun 2026-10-25 14:31:23 UTC oomlab kernel: x"],
    read: { line, prefix in
      guard prefix.mayHaveStamp else { return false }
      let weekday = line.end(ofLettersAt: prefix.offset)
      guard weekday - prefix.offset == 3, line.byte(at: weekday) == .space else { return false }
      var cursor = weekday + 1
      guard let year = line.fixed(4, at: &cursor), line.byte(at: cursor) == .minus else {
        return false
      }
      cursor += 1
      guard let month = line.fixed(2, at: &cursor), line.byte(at: cursor) == .minus else {
        return false
      }
      cursor += 1
      guard let day = line.fixed(2, at: &cursor), line.byte(at: cursor) == .space else {
        return false
      }
      cursor += 1
      guard let time = TimeOfDay(line, at: &cursor), line.byte(at: cursor) == .space else {
        return false
      }
      let zoneEnd = line.endOfWord(from: cursor + 1)
      guard line.byte(at: zoneEnd) == .space else { return false }
      prefix.stamp.civil = CivilTime(
        year: year, month: month, day: day, hour: time.hour, minute: time.minute,
        second: time.second, micros: Int(time.micros))
      prefix.stamp.precisionMicros = time.precisionMicros
      prefix.stamp.utcOffset =
        ZoneNames.offset(of: Substring(line.ascii(cursor + 1..<zoneEnd))).map { Int($0) }
      prefix.offset = zoneEnd + 1
      prefix.expectsHost = true
      prefix.encoding = .plain
      prefix.carrier = .journalText
      return true
    })

  /// `1792938683.059933 oomlab kernel: ` (short-unix)
  static let unix = PrefixForm(
    name: "journalctl short-unix", begins: .digits, samples: ["1792938683.059933 oomlab kernel: x"],
    read: { line, prefix in
      guard prefix.mayHaveStamp else { return false }
      var cursor = prefix.offset
      guard let seconds = line.integer(at: &cursor), (9...10).contains(cursor - prefix.offset),
        line.byte(at: cursor) == .dot
      else { return false }
      cursor += 1
      guard let fraction = line.fraction(at: &cursor), line.byte(at: cursor) == .space else {
        return false
      }
      prefix.stamp.unixMicros = seconds * 1_000_000 + fraction.micros
      prefix.stamp.precisionMicros = fraction.precision
      prefix.offset = cursor + 1
      prefix.expectsHost = true
      prefix.encoding = .plain
      prefix.carrier = .journalText
      return true
    })

  /// `[   36.416179] oomlab kernel: ` (short-monotonic): a bracket like dmesg's, then a host.
  static let monotonicHost = PrefixForm(
    name: "journalctl short-monotonic", begins: .any, mayFollowStamp: true, samples: [],
    read: { line, prefix in
      guard prefix.carrier == .dmesg, prefix.hasUptime, prefix.host == nil else { return false }
      let hostEnd = line.endOfWord(from: prefix.offset)
      // A mail program may have broken the line behind the tag.
      guard hostEnd > prefix.offset, let tag = line.end(of: " kernel:", at: hostEnd),
        line.byte(at: tag) ?? .space == .space
      else { return false }
      prefix.host = prefix.offset..<hostEnd
      prefix.offset = min(tag + 1, line.count)
      prefix.origin = .kernel
      prefix.encoding = .plain
      prefix.carrier = .journalText
      prefix.isFinished = true
      return true
    })
}
