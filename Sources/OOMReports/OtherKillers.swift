internal import KernelLog

/// The other killers; each is a file of its own.
package enum OtherKillers {
  static let all: [OtherKiller] = [
    SystemdOomd.killer, Earlyoom.killer, Nohang.killer, FacebookOomd.killer,
    LowMemoryKiller.killer, Systemd.killer, PageAllocationFailure.killer,
  ]

  /// Reads a record that a key word led to.
  static func read(
    _ record: LogRecord, in bytes: Span<UInt8>, _ decoder: inout MessageDecoder
  ) -> OtherKill? {
    let program = record.program(in: bytes)
    return decoder.withMessage(of: record, in: bytes) { message in
      // A line of logcat is no carrier's: its columns are part of the message.
      let columns = record.carrier == .plain ? program.map { $0.upperBound + 2 } : nil
      let start = message.skippingBlanks(
        from: max((columns ?? record.message.lowerBound) - record.message.lowerBound, 0))
      guard start <= message.count else { return nil }
      let body = message.extracting(start..<message.count)
      for killer in all {
        guard let text = killer.author.text(of: body, record, program, in: bytes) else { continue }
        if let kill = killer.read(body.extracting(text..<body.count)) { return kill }
      }
      return nil
    }
  }
}

extension OtherKiller.Author {
  /// Where the author's text begins in a message; nil where the line is somebody else's.
  fileprivate func text(
    of message: Span<UInt8>, _ record: LogRecord, _ program: Range<Int>?, in bytes: Span<UInt8>
  ) -> Int? {
    switch self {
    case .program(let name):
      if let program { return bytes.isWord(program, name) ? 0 : nil }
      // systemd's programs may log into the kernel's log, their tag being part of the message.
      return record.carrier.isKernelLog ? message.endOfTag(name) : nil
    case .kernel:
      return record.origin != .program && (program != nil || record.carrier.isKernelLog) ? 0 : nil
    case .kernelLog:
      guard let program else { return record.carrier.isKernelLog ? 0 : nil }
      return bytes.isWord(program, "kernel") || bytes.isWord(program, "unknown") ? 0 : nil
    case .kernelOr(let name):
      if let program, bytes.isWord(program, name) { return 0 }
      let isKernel = program.map { bytes.isWord($0, "kernel") } ?? record.carrier.isKernelLog
      return isKernel ? message.endOfTag(name) ?? 0 : nil
    }
  }
}

extension Carrier {
  /// Whether the carrier brings nothing but the kernel's log, in which no tag parts the programs
  /// from the kernel.
  fileprivate var isKernelLog: Bool {
    switch self {
    case .dmesg, .dmesgTime, .dmesgISO, .dmesgDelta, .kmsg, .dmesgJSON: true
    default: false
    }
  }
}

extension Span where Element == UInt8 {
  /// The offset behind `name: ` or `name[pid]: ` at a message's beginning.
  fileprivate func endOfTag(_ name: StaticString) -> Int? {
    guard var cursor = end(of: name, at: 0) else { return nil }
    if byte(at: cursor) == .openBracket {
      cursor += 1
      guard integer(at: &cursor) != nil, byte(at: cursor) == .closeBracket else { return nil }
      cursor += 1
    }
    return end(of: ": ", at: cursor)
  }

  /// The text between a word and the next one of another word, behind an offset.
  func text(between opening: StaticString, and closing: StaticString, from: Int = 0) -> LogText? {
    guard let start = first(opening, from: from).map({ $0 + opening.utf8CodeUnitCount }),
      let end = first(closing, from: start)
    else { return nil }
    return text(start..<end)
  }

  /// The rest of a message behind an offset, cut where a table would have no room for more.
  func reason(from start: Int) -> LogText? {
    start < count ? text(start..<Swift.min(count, start + 200)) : nil
  }
}
