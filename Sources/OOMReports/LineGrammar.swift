internal import KernelLog

/// One kind of line that the kernel prints in or around an OOM report.
struct LineGrammar: Sendable {
  let name: String
  /// Which kernels print it, and in which function.
  let printedBy: String
  /// Lines of this kind, one for each wording.
  let samples: [String]
  /// Puts a message's facts into the report, if it is of this kind.
  let read:
    @Sendable (_ message: Span<UInt8>, _ line: Int, _ report: inout ReportBuilder) -> Reading
  /// The figures that such a line says and no report keeps.
  var aside: (@Sendable (_ message: Span<UInt8>) -> [LineFigure])? = nil

  enum Reading: Sendable {
    /// Not a line of this kind.
    case other
    case read
    /// Begins like one and does not go on so: torn, wrapped or cut.
    case torn
    /// Belongs to the report but says nothing that is kept.
    case known
  }
}

extension Span where Element == UInt8 {
  /// The number behind a word that stands at an offset, which is moved behind the number.
  func integer(behind word: StaticString, at offset: inout Int) -> Int64? {
    guard let start = end(of: word, at: offset) else { return nil }
    offset = start
    return integer(at: &offset)
  }
}
