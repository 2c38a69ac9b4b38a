/// Records of /dev/kmsg (3.5 and later), live or saved, and of extended netconsole.
enum Kmsg {
  /// `priority,sequence,microseconds,flags[,key=value…];message`
  static let form = PrefixForm(
    name: "kmsg", samples: ["4,413,118355781,-;x", "6,414,118355781,c,caller=T12;x"],
    read: { line, prefix in
      guard prefix.carrier == .plain, let first = line.byte(at: prefix.offset), first.isDigit else {
        return false
      }
      var cursor = prefix.offset
      guard let priority = number(line, &cursor), priority < 1 << 16,
        number(line, &cursor) != nil, let micros = number(line, &cursor),
        micros < Stamp.longestMicros,
        let end = line.first(.semicolon, from: cursor), end - cursor < 128
      else { return false }
      prefix.offset = end + 1
      prefix.stamp.uptimeMicros = micros
      prefix.hasUptime = true
      prefix.origin = priority < 8 ? .kernel : .program
      prefix.encoding = .kmsg
      prefix.carrier = .kmsg
      prefix.isFinished = true
      return true
    })

  private static func number(_ line: Span<UInt8>, _ cursor: inout Int) -> Int64? {
    guard let value = line.integer(at: &cursor), value >= 0, line.byte(at: cursor) == .comma else {
      return nil
    }
    cursor += 1
    return value
  }
}
