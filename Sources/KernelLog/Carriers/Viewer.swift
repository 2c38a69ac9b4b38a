/// What terminal programs and readers of log stores put before a kernel's line: their own time, and
/// where the line came from. Only a printk stamp behind it makes the line the kernel's.
enum Viewer {
  /// `[2026-10-25 14:31:23.074] ` of tio, minicom and PuTTY, `[Sun Oct 25 14:31:23 2026] ` of
  /// conserver.
  static let bracketedTime = PrefixForm(
    name: "bracketed time", begins: ByteSet("["),
    samples: [
      "[2026-10-25T14:31:23Z] [   12.345678] x", "[Sun Oct 25 14:31:23 2026] [   12.345678] x",
    ],
    read: { line, prefix in
      guard !prefix.stamp.hasWallTime else { return false }
      var outer = LinePrefix(offset: prefix.offset)
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
      guard line.isPrintkStamp(at: message) else { return false }
      prefix.host = isLabelled ? host(line, start + 1..<end - 1) : name(line, start..<end)
      prefix.offset = message
      prefix.expectsHost = false
      prefix.encoding = .dmesg
      return true
    })

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

  /// The stream's name, unless the word is a level's: programs that pass kernel messages on print
  /// one.
  private static func name(_ line: Span<UInt8>, _ word: Range<Int>) -> Range<Int>? {
    let levels: [StaticString] = [
      "DEBUG", "INFO", "NOTICE", "WARN", "WARNING", "ERROR", "ERR", "CRIT", "CRITICAL", "FATAL",
    ]
    let isLevel = levels.contains {
      $0.utf8CodeUnitCount == word.count && line.starts(with: $0, at: word.lowerBound)
    }
    return isLevel ? nil : word
  }
}
