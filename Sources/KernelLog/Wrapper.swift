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
  /// What is left of a line from an offset on, if the prefix there is the kernel's own, or that of an
  /// object that holds a line.
  static func inside(
    _ line: Span<UInt8>, _ frame: Frame, from begin: Int
  ) -> (frame: Frame, prefix: LinePrefix)? {
    let line = line.extracting(0..<frame.end)
    let prefix = read(line, from: begin)
    guard prefix.isKernels || prefix.carrier == .kmsg else {
      let isObject = line.byte(at: prefix.offset) == UInt8(ascii: "{") && prefix.stamp == Stamp()
      return isObject
        ? JSONLine.object.read(line, Frame(begin: prefix.offset, end: frame.end)) : nil
    }
    return (Frame(begin: begin, end: frame.end), prefix)
  }
}
