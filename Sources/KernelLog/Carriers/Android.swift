/// Kernel messages that Android's logd passes on (`logcat -b kernel`, bug reports).
enum Android {
  /// `11-22 23:21:05.345     0     0 W kernel : ` (threadtime), `11-22 23:21:05.345 W/kernel ( 0): `
  /// (time) or the same without a date (brief).
  static let logcat = PrefixForm(
    name: "logcat", begins: .months,
    samples: [
      "11-22 23:21:05.345     0     0 W kernel  : x", "11-22 23:21:05.345 W/kernel  (    0): x",
      "W/kernel  (    0): x",
    ],
    read: { line, prefix in
      guard prefix.mayHaveStamp else { return false }
      var cursor = prefix.offset
      let stamp = date(line, &cursor)
      if stamp == nil, line.byte(at: cursor + 1) != UInt8(ascii: "/") { return false }
      guard let tag = tag(line, cursor) else { return false }
      prefix.offset = line.skippingOneBlank(from: tag.end)
      prefix.origin = tag.isKernel ? .kernel : .program
      prefix.isFinished = !tag.isKernel
      prefix.carrier = .logcat
      prefix.encoding = .plain
      if let stamp {
        prefix.stamp.civil = stamp.civil
        prefix.stamp.precisionMicros = stamp.precision
      }
      return true
    })

  private static func date(
    _ line: Span<UInt8>, _ cursor: inout Int
  ) -> (civil: CivilTime, precision: Int64)? {
    var offset = cursor
    guard let month = line.fixed(2, at: &offset), line.byte(at: offset) == .minus else {
      return nil
    }
    offset += 1
    guard let day = line.fixed(2, at: &offset), line.byte(at: offset) == .space else { return nil }
    offset += 1
    guard let time = TimeOfDay(line, at: &offset), line.byte(at: offset) == .space,
      (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    cursor = line.skippingBlanks(from: offset)
    let civil = CivilTime(
      year: 0, month: month, day: day, hour: time.hour, minute: time.minute, second: time.second,
      micros: Int(time.micros))
    return (civil, time.precisionMicros)
  }

  /// `0     0 W kernel  :` or `W/kernel  (    0):`, user ids before the process's included.
  private static func tag(_ line: Span<UInt8>, _ start: Int) -> (end: Int, isKernel: Bool)? {
    var cursor = start
    while line.byte(at: cursor)?.isDigit ?? false {
      let end = line.end(ofDigitsAt: cursor)
      guard line.byte(at: end) == .space else { return nil }
      cursor = line.skippingBlanks(from: end)
    }
    guard let level = line.byte(at: cursor), level.isLetter, let mark = line.byte(at: cursor + 1),
      mark == (cursor > start ? .space : UInt8(ascii: "/"))
    else { return nil }
    let name = cursor + 2
    let nameEnd = line.end(ofLettersAt: name)
    let isKernel = nameEnd - name == 6 && line.starts(with: "kernel", at: name)
    guard let colon = line.first(.colon, from: nameEnd, within: 40) else { return nil }
    return (colon + 1, isKernel)
  }
}
