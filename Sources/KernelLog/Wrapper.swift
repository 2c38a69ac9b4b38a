/// Something that other programs put around a whole line of a log.
///
/// `read` returns what is left of a line, and its prefix; nil where the line is not of this kind, or
/// where nothing inside is the kernel's.
struct Wrapper: Sendable {
  let name: String
  /// The bytes that a line of this kind may begin with, blanks apart.
  let begins: ByteSet
  /// Lines of this kind, whose message is `x`.
  let samples: [String]
  let read:
    @Sendable (Span<UInt8>, LineReader.Frame) -> (frame: LineReader.Frame, prefix: LinePrefix)?
}

extension LineReader {
  /// What is left of a line from an offset on, if the prefix there is the kernel's own.
  static func inside(
    _ line: Span<UInt8>, _ frame: Frame, from begin: Int
  ) -> (frame: Frame, prefix: LinePrefix)? {
    let prefix = read(line.extracting(0..<frame.end), from: begin)
    guard prefix.isKernels || prefix.carrier == .kmsg else { return nil }
    return (Frame(begin: begin, end: frame.end), prefix)
  }
}
