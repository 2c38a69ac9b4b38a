/// What terminal programs and readers of log stores put before a kernel's line: their own time, and
/// where the line came from. Only a printk stamp behind it makes the line the kernel's.
enum Viewer {
  /// `[2026-10-25 14:31:23.074] ` of tio, minicom and PuTTY, `[Sun Oct 25 14:31:23 2026] ` of
  /// conserver; also of the time alone.
  static let bracketedTime = PrefixForm(
    name: "bracketed time", begins: ByteSet("["),
    samples: [
      "[2026-10-25T14:31:23Z] [   12.345678] x", "[Sun Oct 25 14:31:23 2026] [   12.345678] x",
    ],
    read: { line, prefix in
      guard !prefix.stamp.hasWallTime else { return false }
      var outer = LinePrefix(offset: prefix.offset)
      if let end = endOfTime(line, prefix.offset + 1), line.isPrintkStamp(at: end) {
        prefix.offset = end
        prefix.outerCarrier = .console
        return true
      }
      if let stamp = ISOStamp(line, prefix.offset + 1, closedBy: .closeBracket) {
        stamp.add(to: &outer.stamp)
        outer.offset = line.skippingOneBlank(from: stamp.end)
      } else if !Dmesg.date(line, &outer) {
        return false
      }
      guard line.isPrintkStamp(at: outer.offset) else { return false }
      prefix.offset = outer.offset
      prefix.stamp = outer.stamp
      prefix.outerCarrier = .console
      return true
    })

  /// The offset behind `14:31:23.074] `, which tells no day.
  private static func endOfTime(_ line: Span<UInt8>, _ start: Int) -> Int? {
    var cursor = start
    guard TimeOfDay(line, at: &cursor) != nil, line.byte(at: cursor) == .closeBracket else {
      return nil
    }
    return line.skippingOneBlank(from: cursor + 1)
  }

  /// `web1/kern ` behind the time that `aws logs tail` prints, `{host="web1",job="kern"} ` behind
  /// logcli's.
  static let stream = PrefixForm(
    name: "stream of a log store", begins: .any,
    samples: [
      "2026-10-25T14:31:23+00:00 h/kern [   12.345678] x",
      "2026-10-25T14:31:23Z {job=\"k\", host=\"h\"} [   12.345678] x",
    ],
    read: { line, prefix in
      guard prefix.expectsHost else { return false }
      let start = prefix.offset
      let isLabelled = line.byte(at: start) == UInt8(ascii: "{")
      let end =
        isLabelled
        ? line.first(UInt8(ascii: "}"), from: start, within: 2048).map { $0 + 1 }
        : line.endOfWord(from: start)
      guard let end, end > start, line.byte(at: end) == .space else { return false }
      let message = line.skippingBlanks(from: end)
      guard line.isPrintkStamp(at: message) else {
        return !isLabelled && readSyslog(line, message, &prefix)
      }
      prefix.host = isLabelled ? host(line, start + 1..<end - 1) : name(line, start..<end)
      prefix.offset = message
      prefix.expectsHost = false
      prefix.encoding = .dmesg
      return true
    })

  /// The header of another daemon, whose line was passed on.
  private static func readSyslog(
    _ line: Span<UInt8>, _ start: Int, _ prefix: inout LinePrefix
  ) -> Bool {
    let inner = LineReader.read(line, from: start)
    guard inner.isKernels, inner.host != nil, !inner.isOnlyNamed else { return false }
    let outer = prefix
    prefix = inner
    prefix.stamp = outer.stamp
    prefix.stamp.uptimeMicros = inner.stamp.uptimeMicros
    prefix.carrier = outer.carrier
    return true
  }

  /// The value of the label that tells the machine.
  private static func host(_ line: Span<UInt8>, _ labels: Range<Int>) -> Range<Int>? {
    let names: [StaticString] = [
      "host=\"", "hostname=\"", "node=\"", "node_name=\"", "instance=\"",
    ]
    for name in names {
      var from = labels.lowerBound
      while let label = line.first(name, from: from), label < labels.upperBound {
        from = label + name.utf8CodeUnitCount
        let isWhole = label == labels.lowerBound || !line[label - 1].isLetter
        if isWhole, let quote = line.first(.quote, from: from), quote < labels.upperBound {
          return from..<quote
        }
      }
    }
    return nil
  }

  /// The stream's name up to a slash, unless it is no machine's: programs that pass kernel messages on
  /// print a level there, others a mark.
  private static func name(_ line: Span<UInt8>, _ word: Range<Int>) -> Range<Int>? {
    let slash = line.first(UInt8(ascii: "/"), from: word.lowerBound, within: word.count)
    let name = word.lowerBound..<(slash ?? word.upperBound)
    guard let first = line.byte(at: name.lowerBound), first.isLetter || first.isDigit,
      !levels.contains(where: { line.isWord(name, $0) }), line[name.upperBound - 1] != .colon,
      first.isLetter || line.first(.dot, from: name.lowerBound, within: name.count) != nil
    else { return nil }
    return name
  }

  private static let levels: [StaticString] = [
    "DEBUG", "INFO", "NOTICE", "WARN", "WARNING", "ERROR", "ERR", "CRIT", "CRITICAL", "FATAL",
  ]
}
