internal import KernelLog

/// The bytes of a report, with what surrounds them where that tells what they are: the rows of a
/// table, or the objects, in whose messages its lines stand.
package struct ReportBytes: Sendable, Equatable {
  package let bytes: [UInt8]
  /// Where among the bytes the report itself is.
  package let range: Range<Int>

  package init(_ bytes: [UInt8]) { self.init(bytes, bytes.indices) }

  private init(_ bytes: [UInt8], _ range: Range<Int>) { (self.bytes, self.range) = (bytes, range) }

  /// What surrounds a range of bytes; nil where nothing does.
  init?(surrounding range: Range<Int>, in bytes: Span<UInt8>, _ format: LogFormat) {
    let around = format.surroundings(bytes, range)
    let wide =
      min(around.lowerBound, range.lowerBound)..<max(around.upperBound, range.upperBound)
    guard wide != range else { return nil }
    self.init(
      LogText(bytes.extracting(wide)).bytes,
      range.lowerBound - wide.lowerBound..<range.upperBound - wide.lowerBound)
  }
}
