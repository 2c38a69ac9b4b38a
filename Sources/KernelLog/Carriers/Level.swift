/// A message's facility and level ahead of everything else.
enum Level {
  /// `<4>`: facility × 8 + level, as syslog(2), `dmesg -r` and pstore print it.
  static let form = PrefixForm(
    name: "level number", begins: ByteSet("<"), samples: ["<4>[   12.345678] x", "<30>x"],
    read: { line, prefix in
      guard line.byte(at: prefix.offset) == .less else { return false }
      var cursor = prefix.offset + 1
      guard let priority = line.integer(at: &cursor), (0...191).contains(priority),
        line.byte(at: cursor) == .greater
      else { return false }
      prefix.offset = cursor + 1
      prefix.origin = priority < 8 ? .kernel : .program
      return true
    })

  /// The same as it stands in the source of a web page, or in JSON that is safe to be put there.
  static let escaped = PrefixForm(
    name: "level number, escaped", begins: ByteSet("&\\"),
    samples: ["&lt;4&gt;[   12.345678] x"],
    read: { line, prefix in
      let isHTML = line.byte(at: prefix.offset) == UInt8(ascii: "&")
      guard
        var cursor = isHTML
          ? line.end(of: "&lt;", at: prefix.offset)
          : line.end(ofEscaped: "\\u003c", at: prefix.offset),
        let priority = line.integer(at: &cursor), (0...191).contains(priority),
        let end = isHTML
          ? line.end(of: "&gt;", at: cursor) : line.end(ofEscaped: "\\u003e", at: cursor)
      else { return false }
      prefix.offset = end
      prefix.origin = priority < 8 ? .kernel : .program
      if isHTML { prefix.wrapping = .html }
      return true
    })

  /// `kern  :warn  : `, as `dmesg -x` prints them.
  static let decoded = PrefixForm(
    name: "facility and level", begins: .letters, samples: ["kern  :warn  : [   12.345678] x"],
    read: { line, prefix in
      var cursor = prefix.offset
      let facility = line.end(ofLettersAt: cursor)
      guard (3...8).contains(facility - cursor) else { return false }
      let isKernel = line.starts(with: "kern", at: cursor)
      cursor = line.skippingBlanks(from: facility)
      guard cursor - prefix.offset <= 8, line.byte(at: cursor) == .colon else { return false }
      let level = line.end(ofLettersAt: cursor + 1)
      guard (3...6).contains(level - cursor - 1) else { return false }
      cursor = line.skippingBlanks(from: level)
      guard let end = line.end(of: ": ", at: cursor),
        facilities.contains(where: {
          line.starts(with: $0, at: prefix.offset)
        })
      else { return false }
      prefix.offset = end
      prefix.origin = isKernel ? .kernel : .program
      prefix.carrier = .dmesg
      return true
    })

  /// The names that util-linux gives the facilities.
  private static let facilities: [StaticString] = [
    "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv",
    "ftp", "local", "res",
  ]
}

extension Span where Element == UInt8 {
  /// The offset behind the ASCII letters that begin at an offset.
  func end(ofLettersAt offset: Int) -> Int {
    var cursor = offset
    while let byte = byte(at: cursor), byte.isLetter { cursor += 1 }
    return cursor
  }

  /// The offset behind the decimal digits that begin at an offset.
  func end(ofDigitsAt offset: Int) -> Int {
    var cursor = offset
    while let byte = byte(at: cursor), byte.isDigit { cursor += 1 }
    return cursor
  }

  /// Reads digits behind a decimal point or comma as microseconds, and moves the offset.
  func fraction(at offset: inout Int) -> (micros: Int64, precision: Int64)? {
    let end = end(ofDigitsAt: offset)
    guard end > offset else { return nil }
    var micros: Int64 = 0
    var unit: Int64 = 1_000_000
    for index in offset..<end where unit > 1 {
      unit /= 10
      micros += Int64(self[index] - .zero) * unit
    }
    offset = end
    return (micros, unit)
  }

  /// The offset behind an escape of JSON in either case of its digits.
  func end(ofEscaped word: StaticString, at offset: Int) -> Int? {
    guard offset + word.utf8CodeUnitCount <= count else { return nil }
    let letters = unsafe word.utf8Start
    for index in 0..<word.utf8CodeUnitCount {
      let byte = self[offset + index]
      guard unsafe (byte.isLetter ? byte | 0x20 : byte) == letters[index] else { return nil }
    }
    return offset + word.utf8CodeUnitCount
  }

  /// A number of exactly so many digits; moves the offset behind it.
  func fixed(_ digits: Int, at offset: inout Int) -> Int? {
    guard offset + digits <= count else { return nil }
    var value = 0
    for index in offset..<offset + digits {
      guard self[index].isDigit else { return nil }
      value = value * 10 + Int(self[index] - .zero)
    }
    offset += digits
    return value
  }
}
