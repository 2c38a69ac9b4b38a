/// The stamps in brackets that the kernel's console and dmesg print.
enum Dmesg {
  /// The bracket, whatever clock is inside: uptime, `-T`, `-d`, `-H`.
  static let stamp = PrefixForm(
    name: "dmesg stamp", begins: ByteSet("["),
    samples: [
      "[   12.345678] x", "[   12.345678 <    0.000022>] x", "[<    2.028293>] x",
      "[  +2.028293] x", "[Oct25 14:30] x", "[Sun Oct 25 14:30:29 2026] x",
      "[ven. nov. 28 07:26:44 2025] x",
    ],
    read: { line, prefix in
      guard uptime(line, &prefix) || delta(line, &prefix) || date(line, &prefix) else {
        return false
      }
      prefix.expectsHost = false
      return true
    })

  /// `[ T1234]` or `[    C0]`: the thread or processor that logged it (CONFIG_PRINTK_CALLER, 5.1
  /// and later).
  static let caller = PrefixForm(
    name: "dmesg caller", begins: ByteSet("["), mayFollowStamp: true,
    samples: ["[   12.345678][ T1234] x", "[   12.345678] [    C0] x"],
    read: { line, prefix in
      guard prefix.hasUptime, !prefix.isFinished else { return false }
      let cursor = line.skippingBlanks(from: prefix.offset + 1)
      guard let kind = line.byte(at: cursor), kind == UInt8(ascii: "T") || kind == UInt8(ascii: "C")
      else { return false }
      let end = line.end(ofDigitsAt: cursor + 1)
      guard end > cursor + 1, line.byte(at: end) == .closeBracket else { return false }
      prefix.offset = line.skippingOneBlank(from: end + 1)
      prefix.isFinished = true
      return true
    })

  /// `** 17 printk messages dropped ** `, glued in front of the next message (4.4 to 4.14); later
  /// kernels give it a line.
  static let dropped = PrefixForm(
    name: "dropped messages", begins: ByteSet("*"),
    samples: ["** 17 printk messages dropped ** [   12.345678] x"],
    read: { line, prefix in
      guard var cursor = line.end(of: "** ", at: prefix.offset),
        line.integer(at: &cursor) != nil,
        let end = line.end(of: " printk messages dropped ** ", at: cursor), end < line.count
      else { return false }
      prefix.offset = end
      return true
    })

  private static func uptime(_ line: Span<UInt8>, _ prefix: inout LinePrefix) -> Bool {
    var cursor = line.skippingBlanks(from: prefix.offset + 1)
    guard let seconds = line.integer(at: &cursor), seconds >= 0,
      seconds < Stamp.longestMicros / 1_000_000,
      line.byte(at: cursor) == .dot
    else { return false }
    cursor += 1
    guard let fraction = line.fraction(at: &cursor) else { return false }
    if line.byte(at: cursor) == .space {
      let bracket = line.skippingBlanks(from: cursor)
      guard line.byte(at: bracket) == .less, let close = line.first(.greater, from: bracket),
        close - bracket < 24
      else { return false }
      cursor = close + 1
    }
    guard line.byte(at: cursor) == .closeBracket else { return false }
    prefix.offset = line.skippingOneBlank(from: cursor + 1)
    prefix.stamp.uptimeMicros = seconds * 1_000_000 + fraction.micros
    prefix.hasUptime = true
    if prefix.carrier == .plain { prefix.carrier = .dmesg }
    return true
  }

  /// `[<    2.028293>]`, `[  +2.028293]`, `[Oct25 14:30]`: what has passed since the line before,
  /// and the minute where it is another one.
  private static func delta(_ line: Span<UInt8>, _ prefix: inout LinePrefix) -> Bool {
    let start = line.skippingBlanks(from: prefix.offset + 1)
    guard let close = line.first(.closeBracket, from: prefix.offset, within: 24),
      line.byte(at: close + 1) == .space,
      difference(line, start..<close, &prefix) || minute(line, start..<close, &prefix)
    else { return false }
    prefix.offset = close + 2
    prefix.hasUptime = true
    if prefix.carrier == .plain { prefix.carrier = .dmesgDelta }
    return true
  }

  private static func difference(
    _ line: Span<UInt8>, _ range: Range<Int>, _ prefix: inout LinePrefix
  ) -> Bool {
    let sign = line.byte(at: range.lowerBound)
    guard sign == .less || sign == .plus else { return false }
    var cursor = line.skippingBlanks(from: range.lowerBound + 1)
    // The decimal point is the locale's, a comma in German and French.
    guard let seconds = line.integer(at: &cursor), let point = line.byte(at: cursor),
      point == .dot || point == .comma
    else { return false }
    cursor += 1
    guard let fraction = line.fraction(at: &cursor) else { return false }
    if sign == .less, line.byte(at: cursor) == .greater { cursor += 1 }
    guard cursor == range.upperBound else { return false }
    if (0..<Stamp.longestMicros / 1_000_000).contains(seconds) {
      prefix.stamp.deltaMicros = seconds * 1_000_000 + fraction.micros
    }
    return true
  }

  private static func minute(
    _ line: Span<UInt8>, _ range: Range<Int>, _ prefix: inout LinePrefix
  ) -> Bool {
    var cursor = range.upperBound - 5
    guard cursor - range.lowerBound >= 5, line[cursor - 1] == .space, line[cursor - 2].isDigit,
      let hour = line.fixed(2, at: &cursor), line[cursor] == .colon
    else { return false }
    cursor += 1
    guard let minute = line.fixed(2, at: &cursor), hour < 24, minute < 60 else { return false }
    if let date = MonthName.monthAndDay(line, glued: range.lowerBound..<range.upperBound - 6) {
      prefix.stamp.civil = CivilTime(
        year: 0, month: date.month, day: date.day, hour: hour, minute: minute, second: 0)
      prefix.stamp.precisionMicros = 60_000_000
    }
    return true
  }

  /// `[Sun Oct 25 14:30:29 2026]` in any language: a time of day, a year, and a month by its name.
  static func date(_ line: Span<UInt8>, _ prefix: inout LinePrefix) -> Bool {
    guard let close = line.first(.closeBracket, from: prefix.offset, within: 48),
      close - prefix.offset >= 20
    else { return false }
    var cursor = close - 4
    guard let year = line.fixed(4, at: &cursor), line[close - 5] == .space else { return false }
    cursor = close - 13
    guard cursor > prefix.offset, let time = TimeOfDay(line, at: &cursor), cursor == close - 5
    else { return false }
    if let date = MonthName.monthAndDay(line, prefix.offset + 1..<close - 14) {
      prefix.stamp.civil = CivilTime(
        year: year, month: date.month, day: date.day, hour: time.hour, minute: time.minute,
        second: time.second)
      prefix.stamp.precisionMicros = 1_000_000
    }
    prefix.offset = line.skippingOneBlank(from: close + 1)
    prefix.hasUptime = true
    if prefix.carrier == .plain { prefix.carrier = .dmesgTime }
    return true
  }
}

extension Span where Element == UInt8 {
  /// The kernel and dmesg put exactly one blank behind a stamp; more belong to the message.
  func skippingOneBlank(from offset: Int) -> Int {
    byte(at: offset) == .space ? offset + 1 : offset
  }
}
