internal import KernelLog
internal import OOMReports

/// libFuzzer calls this with one input after another.
///
/// Whatever the input is, the reader must not trap, must say the same in whatever pieces it gets
/// the bytes, and must name only places that the input has. What it breaks is a trap, which
/// libFuzzer keeps the input of.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzReader(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let log = unsafe [UInt8](UnsafeBufferPointer(start: start, count: count)) + padding
  let whole = scan(log, isWhole: true) { _ in .max }
  // A place is looked at once a record's length lies behind it, so this decides where the scan
  // halts inside the input.
  let halt = log.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFFFF } % (count + 1)
  let pieces = scan(log, isWhole: true) { offset in
    offset == 0 ? halt + LogFormat.longestRecord : 1 + offset % 9973
  }
  precondition(whole.map(\.report) == pieces.map(\.report), "pieces change what is said")
  precondition(whole.map(\.byteRange) == pieces.map(\.byteRange), "pieces move an event")

  let lines = log.count { $0 == UInt8(ascii: "\n") } + 1
  for event in whole {
    precondition(event.byteRange.lowerBound >= 0 && event.byteRange.upperBound <= log.count)
    precondition(event.report.firstLine >= 1 && event.report.lastLine <= lines)
    precondition(event.report.firstLine <= event.report.lastLine)
    checkAgain(event, log)
  }
  let outlines = scan(log, isWhole: false) { _ in .max }
  precondition(outlines.count == whole.count, "an outline hides or makes an event")
  for (outline, event) in zip(outlines, whole) {
    precondition(outline.byteRange == event.byteRange, "an outline moves an event")
    // Only the task table, which an outline does not read, can show that a figure is cut.
    precondition(
      agree(outline.report.victims, event.report.victims), "an outline kills others")
  }
  return 0
}

/// Lines that say nothing, longer than the reader looks ahead.
private let padding = [UInt8](
  repeatElement(Array("\n\(String(repeating: "x", count: 999))".utf8), count: 100).joined())

/// Reading an event's bytes alone must say what the scan said, as `show` does later.
///
/// Lines that were put back in order do not stand in the log as they were read: `load` keeps them.
private func checkAgain(_ event: ReportScanner.Found, _ log: [UInt8]) {
  let format = LogFormat.recognised(in: log.span.extracting(0..<min(log.count, 64 << 10)))
  guard !event.isPutInOrder else { return }
  let bytes = Array(log[event.byteRange])
  let parser = ReportParser(format: format, clock: Clock(), isWhole: true)
  let again = parser.parse(
    event.surrounded ?? ReportBytes(bytes), firstLine: event.report.firstLine,
    host: event.report.host)?.report
  // What only the line before tells, a date or that an indented line is the kernel's, is no fact of who
  // was killed.
  precondition(again?.victims == event.report.victims, "an event read again kills others")
}

/// Whether victims are the same, but for an adjustment that is known to be cut.
private func agree(_ victims: [Victim], _ known: [Victim]) -> Bool {
  victims.count == known.count
    && zip(victims, known).allSatisfy { victim, known in
      var victim = victim
      if known.oomScoreAdj == nil { victim.oomScoreAdj = nil }
      return victim == known
    }
}

private func scan(
  _ log: [UInt8], isWhole: Bool, piece: (Int) -> Int
) -> [ReportScanner.Found] {
  var scanner = ReportScanner(clock: Clock(), isWhole: isWhole)
  var found: [ReportScanner.Found] = []
  var offset = 0
  var hasMore = true
  while hasMore {
    hasMore = unsafe scanner.scanChunk(
      reading: { buffer in
        let count = min(piece(offset), buffer.count, log.count - offset)
        unsafe log.withUnsafeBytes { bytes in
          unsafe buffer.copyMemory(from: .init(rebasing: bytes[offset..<offset + count]))
        }
        offset += count
        return count
      },
      emit: { event, _ in found.append(event) })
  }
  return found
}
