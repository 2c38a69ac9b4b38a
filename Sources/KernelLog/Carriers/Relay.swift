/// Logs of machines and programs that pass on the kernel messages of another.
enum Relay {
  /// `In(05) vcpu-5 - Guest: ` or `| vcpu-0| I120: Guest: ` behind the stamp of a vmware.log.
  static let vmware = PrefixForm(
    name: "vmware.log", begins: .any,
    samples: [
      "2026-10-25T14:31:23.103Z In(05) vcpu-5 - Guest: <4>[   12.345678] x",
      "2026-10-25T14:31:23.103Z| vcpu-0| I120: Guest: <4>[   12.345678] x",
    ],
    read: { line, prefix in
      guard prefix.expectsHost,
        let end = line.end(ofFirst: "Guest: ", from: prefix.offset, within: 48),
        line.byte(at: end) == .less || line.byte(at: end) == .openBracket
      else { return false }
      prefix.offset = end
      prefix.expectsHost = false
      prefix.needsKernel = true
      prefix.encoding = .dmesg
      prefix.carrier = .plain
      prefix.outerCarrier = .virtualMachine
      return true
    })

  /// `web1: `, which pdsh and clush put before what a host printed: no name of a file, behind which no
  /// blank stands.
  static let host = Wrapper(
    name: "host", begins: .any,
    samples: ["web1: [   12.345678] x", "web1.example.com: <4>[   12.345678] x"],
    read: { line, frame in
      let start = line.skippingBlanks(from: frame.begin)
      let end = line.endOfWord(from: start)
      guard end > start + 1, line[end - 1] == .colon, line.byte(at: end) == .space,
        !prompts.contains(where: { line.starts(with: $0, at: start) }),
        var inside = LineReader.inside(line, frame, from: end + 1)
      else { return nil }
      inside.prefix.host = inside.prefix.host ?? start..<end - 1
      return inside
    })

  /// What asks for a password on a console, to which a kernel's line may be glued.
  private static let prompts: [StaticString] = ["Password:", "password:", "login:"]

  /// `kern: warning: [2026-01-12T20:27:31.91Z]: `, as `talosctl dmesg` prints it, behind the node's
  /// address if several were asked.
  static let talos = PrefixForm(
    name: "talosctl dmesg", begins: .any,
    samples: [
      "kern: warning: [2026-10-25T14:31:23.91Z]: x",
      "192.168.1.1: kern: warning: [2026-10-25T14:31:23.91Z]: x",
      "kern:     err: [2026-10-25T14:31:23.91Z]: x",
    ],
    read: { line, prefix in
      let start = prefix.offset
      if readTalos(line, start, &prefix) { return true }
      let end = line.endOfWord(from: start)
      guard end > start + 1, line[end - 1] == .colon,
        readTalos(line, line.skippingOneBlank(from: end), &prefix)
      else { return false }
      prefix.host = start..<end - 1
      return true
    })

  private static func readTalos(
    _ line: Span<UInt8>, _ start: Int, _ prefix: inout LinePrefix
  ) -> Bool {
    let facility = line.end(ofLettersAt: start)
    guard (3...8).contains(facility - start),
      let level = line.end(of: ": ", at: facility)
    else { return false }
    // Levels are padded to one length.
    let levelEnd = line.end(ofLettersAt: line.skippingBlanks(from: level))
    guard let bracket = line.end(of: ": [", at: levelEnd),
      let stamp = ISOStamp(line, bracket, closedBy: .closeBracket),
      let end = line.end(of: ": ", at: stamp.end)
    else { return false }
    prefix.origin = line.starts(with: "kern:", at: start) ? .kernel : .program
    prefix.offset = end
    stamp.add(to: &prefix.stamp)
    prefix.carrier = .talos
    prefix.isFinished = true
    return true
  }
}

extension Span where Element == UInt8 {
  /// The offset behind a word that begins among the first `length` bytes from an offset.
  func end(ofFirst word: StaticString, from offset: Int, within length: Int) -> Int? {
    let end = Swift.min(offset + length + word.utf8CodeUnitCount, count)
    guard offset < end else { return nil }
    return extracting(0..<end).first(word, from: offset).map { $0 + word.utf8CodeUnitCount }
  }
}
