/// The stamps in brackets that the kernel's console and dmesg print.
enum Dmesg {
  /// The bracket, whatever clock is inside: uptime, `-T`, `-d`, `-H`.
  static let stamp = PrefixForm(
    name: "dmesg stamp",
    samples: [
      "[   12.345678] x", "[   12.345678 <    0.000022>] x", "[<    2.028293>] x",
      "[  +2.028293] x", "[Oct25 14:30] x", "[Sun Oct 25 14:30:29 2026] x",
      "[ven. nov. 28 07:26:44 2025] x",
    ],
    read: { line, prefix in
      guard !prefix.hasUptime, line.byte(at: prefix.offset) == .openBracket else { return false }
      return uptime(line, &prefix) || delta(line, &prefix) || date(line, &prefix)
    })

  /// `[ T1234]` or `[    C0]`: the thread or processor that logged it (CONFIG_PRINTK_CALLER, 5.1
  /// and later).
  static let caller = PrefixForm(
    name: "dmesg caller", samples: ["[   12.345678][ T1234] x", "[   12.345678] [    C0] x"],
    read: { line, prefix in
      guard prefix.hasUptime, !prefix.isFinished else { return false }
      var cursor = prefix.offset
      guard line.byte(at: cursor) == .openBracket else { return false }
      cursor = line.skippingBlanks(from: cursor + 1)
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
    name: "dropped messages", samples: ["** 17 printk messages dropped ** [   12.345678] x"],
    read: { line, prefix in
      guard !prefix.hasUptime, var cursor = line.end(of: "** ", at: prefix.offset),
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

  /// `[<    2.028293>]`, `[  +2.028293]`, `[Oct25 14:30]`: no time of its own to rely on.
  private static func delta(_ line: Span<UInt8>, _ prefix: inout LinePrefix) -> Bool {
    guard let close = line.first(.closeBracket, from: prefix.offset),
      close - prefix.offset <= 24, line.byte(at: close + 1) == .space
    else { return false }
    let start = line.skippingBlanks(from: prefix.offset + 1)
    guard isDelta(line, start, close) || isMinute(line, start, close) else { return false }
    prefix.offset = close + 2
    prefix.hasUptime = true
    prefix.carrier = .dmesgDelta
    return true
  }

  private static func isDelta(_ line: Span<UInt8>, _ start: Int, _ close: Int) -> Bool {
    guard let sign = line.byte(at: start), sign == .less || sign == .plus else { return false }
    var cursor = line.skippingBlanks(from: start + 1)
    guard line.integer(at: &cursor) != nil, line.byte(at: cursor) == .dot else { return false }
    cursor = line.end(ofDigitsAt: cursor + 1)
    return cursor == close || (line.byte(at: cursor) == .greater && cursor + 1 == close)
  }

  private static func isMinute(_ line: Span<UInt8>, _ start: Int, _ close: Int) -> Bool {
    guard close - start >= 10, let space = line.first(.space, from: start), space < close else {
      return false
    }
    var cursor = space + 1
    return line[space - 1].isDigit && line.fixed(2, at: &cursor) != nil
      && line.byte(at: cursor) == .colon && cursor + 3 == close
  }

  /// `[Sun Oct 25 14:30:29 2026]` in any language: a time of day, a year, and a month by its name.
  private static func date(_ line: Span<UInt8>, _ prefix: inout LinePrefix) -> Bool {
    guard let close = line.first(.closeBracket, from: prefix.offset),
      close - prefix.offset <= 48, close - prefix.offset >= 20
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
    prefix.carrier = .dmesgTime
    return true
  }
}

extension Span where Element == UInt8 {
  /// The kernel and dmesg put exactly one blank behind a stamp; more belong to the message.
  func skippingOneBlank(from offset: Int) -> Int {
    byte(at: offset) == .space ? offset + 1 : offset
  }
}
