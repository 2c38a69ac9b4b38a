/// Records of /dev/kmsg (3.5 and later), live or saved, and of extended netconsole.
enum Kmsg {
  /// `priority,sequence,microseconds,flags[,key=value…];message`
  static let form = PrefixForm(
    name: "kmsg", begins: .digits,
    samples: [
      "4,413,118355781,-;x", "6,414,118355781,c,caller=T12;x",
      "6.12.9-arch1-1,4,413,118355781,-,ncfrag=0/9;x",
    ],
    read: { line, prefix in
      guard prefix.carrier == .plain || prefix.needsKernel || prefix.expectsHost else {
        return false
      }
      var cursor = release(line, prefix.offset)
      guard let priority = number(line, &cursor), priority < 1 << 16,
        number(line, &cursor) != nil, let micros = number(line, &cursor),
        micros < Stamp.longestMicros,
        let end = line.first(.semicolon, from: cursor), end - cursor < 128
      else { return false }
      prefix.offset = end + 1
      prefix.stamp.uptimeMicros = micros
      prefix.hasUptime = true
      prefix.expectsHost = false
      prefix.origin = priority < 8 ? .kernel : .program
      prefix.encoding = .kmsg
      prefix.carrier = .kmsg
      prefix.wrapping = Parts.isPacket(line, header: cursor..<end) ? .packets : prefix.wrapping
      prefix.isFinished = true
      return true
    })

  /// The offset behind the kernel release that netconsole may put first (`release` parameter, 6.6).
  private static func release(_ line: Span<UInt8>, _ start: Int) -> Int {
    let digits = line.end(ofDigitsAt: start)
    guard line.byte(at: digits) == .dot, let comma = line.first(.comma, from: digits),
      comma - start < 80
    else { return start }
    return comma + 1
  }

  private static func number(_ line: Span<UInt8>, _ cursor: inout Int) -> Int64? {
    guard let value = line.integer(at: &cursor), value >= 0, line.byte(at: cursor) == .comma else {
      return nil
    }
    cursor += 1
    return value
  }
}
