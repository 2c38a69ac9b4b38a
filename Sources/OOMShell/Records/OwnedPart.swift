internal import Presentation

/// The part of an input whose reports a run of `extract` gives, so that an engine may cut a file
/// into pieces. Its bytes and lines add up to the whole over all pieces.
struct OwnedPart: Sendable {
  /// Byte offsets of the input.
  private let range: Range<Int>
  /// Where reading ends: far enough behind the part for the reports that begin in it.
  let readingEnd: Int
  private var bytesRead = 0
  private var newlines = 0
  private var endsInLine = false

  /// Nil where the whole input is wanted: the scan counts that itself.
  init?(_ options: ExtractionOptions) {
    guard let own = options.own else { return nil }
    range = own
    let (end, overflow) = range.upperBound.addingReportingOverflow(options.readAhead)
    readingEnd = overflow ? .max : end
  }

  func contains(_ offset: Int) -> Bool { range.contains(offset) }

  /// The beginning of a buffer, as far as reading goes.
  func readable(of buffer: UnsafeMutableRawBufferPointer) -> UnsafeMutableRawBufferPointer {
    let count = min(buffer.count, readingEnd - bytesRead)
    return unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
  }

  /// Counts the lines of what was read.
  mutating func take(_ bytes: UnsafeRawBufferPointer) {
    let own = range.clamped(to: bytesRead..<bytesRead + bytes.count)
    if !own.isEmpty {
      let part = unsafe bytes[own.lowerBound - bytesRead..<own.upperBound - bytesRead]
      newlines += unsafe part.reduce(0) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
      endsInLine = unsafe part.last != UInt8(ascii: "\n")
    }
    bytesRead += bytes.count
  }

  /// Its byte offsets, as far as the input goes.
  private var present: Range<Int> { range.clamped(to: 0..<bytesRead) }

  var byteCount: Int { present.count }

  /// A last line without newline counts in the piece that the input ends in.
  var lineCount: Int { newlines + (endsInLine && range.upperBound >= bytesRead ? 1 : 0) }

  var json: JSONValue {
    .array([.int(Int64(present.lowerBound)), .int(Int64(present.upperBound))])
  }
}
