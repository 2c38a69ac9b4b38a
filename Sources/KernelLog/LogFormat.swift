/// How records are laid out in a source: where one begins, and what it holds.
package struct LogFormat: Sendable {
  package let name: String
  /// Whether a source that begins with these bytes (64 KiB at most) has this form.
  let recognise: @Sendable (Span<UInt8>) -> Bool
  /// The beginning of the record that an offset belongs to, not before `floor`.
  let start: @Sendable (_ bytes: Span<UInt8>, _ offset: Int, _ floor: Int) -> Int
  /// The beginning of the next record at or behind an offset; nil where the bytes end before it.
  let next: @Sendable (_ bytes: Span<UInt8>, _ offset: Int) -> Int?
  /// The record that begins at an offset.
  let record: @Sendable (_ bytes: Span<UInt8>, _ start: Int) -> LogRecord
  /// How many lines the source begins with that say what is in the others.
  package var headerLines = 0
  /// The bytes that tell what the lines in a range are: the rows or objects that they stand in.
  package var surroundings: @Sendable (_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> = {
    _, range in range
  }

  /// Longer lines are read to here: no kernel message is that long, but files without a newline
  /// are met.
  package static let longestLine = 64 << 10

  /// Longer records are cut here, wherever the bytes that were read so far happen to end, so that
  /// a source means the same in whatever pieces it comes.
  package static let longestRecord = 80 << 10

  /// One record a line; what its prefix is made of is looked at line by line, so that mixed files
  /// are read too.
  package static let lines = LogFormat(
    name: "lines", recognise: { _ in true },
    start: { bytes, offset, floor in
      var line = bytes.lineStart(of: offset, floor: floor)
      line = LineReader.startOfBroken(bytes, line, floor: floor)
      line = Parts.first(bytes, line, floor: floor)
      return Console.startOfGlued(bytes, line, offset)
    },
    next: nextLine,
    record: { bytes, start in LineReader.record(in: bytes, at: start) })

  /// Whether each line is a record, of whatever prefix.
  package var isLines: Bool { name == Self.lines.name }

  /// The form of a source that begins with these bytes.
  package static func recognised(in head: Span<UInt8>) -> LogFormat {
    for format in Carriers.formats where format.recognise(head) { return format }
    for format in Carriers.headed {
      if let format = format(head) { return format }
    }
    return lines
  }

  /// The offset at which the record of an offset begins, not before `floor`.
  package func recordStart(of offset: Int, in bytes: Span<UInt8>, floor: Int) -> Int {
    start(bytes, offset, floor)
  }

  /// The record that begins at an offset.
  package func record(at start: Int, in bytes: Span<UInt8>) -> LogRecord {
    let cut = start + Self.longestRecord
    guard cut < bytes.count else { return record(bytes, start) }
    var record = record(bytes.extracting(0..<cut), start)
    record.isCut = record.end == cut
    return record
  }

  /// Where the next record begins, for an offset inside a record that was cut, or its end; nil
  /// where the bytes end before it.
  package func recordStart(behind offset: Int, in bytes: Span<UInt8>) -> Int? {
    next(bytes, offset)
  }

  /// The beginning of the line at or behind an offset.
  static let nextLine: @Sendable (Span<UInt8>, Int) -> Int? = { bytes, offset in
    guard offset > 0 else { return 0 }
    let newline = bytes.lineEnd(of: offset - 1)
    return newline < bytes.count ? newline + 1 : nil
  }
}
