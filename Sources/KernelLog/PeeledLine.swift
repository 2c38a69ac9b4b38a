/// The bytes of a line without what another program put between them, and where each of them stands
/// in the line.
struct PeeledLine {
  private(set) var bytes: [UInt8] = []
  private var places: [Int] = []
  private let end: Int

  /// A line from an offset on without its colours.
  init(colouredFrom begin: Int, in line: Span<UInt8>) {
    end = line.count
    var offset = begin
    while offset < line.count {
      if let next = line.end(ofMarkAt: offset) {
        offset = next
      } else {
        append(line[offset], from: offset)
        offset += 1
      }
    }
  }

  /// What the inside of a JSON string stands for.
  init(json text: Range<Int>, in line: Span<UInt8>) {
    end = text.upperBound
    let string = line.extracting(0..<text.upperBound)
    var offset = text.lowerBound
    var decoded: [UInt8] = []
    while offset < text.upperBound {
      decoded.removeAll(keepingCapacity: true)
      let next = Escapes.decode(string, .json, at: offset, into: &decoded)
      for byte in decoded { append(byte, from: offset) }
      offset = next
    }
  }

  private mutating func append(_ byte: UInt8, from place: Int) {
    bytes.append(byte)
    places.append(place)
  }

  /// Where in the line a byte stands, or the end.
  private func place(_ offset: Int) -> Int { offset < places.count ? places[offset] : end }

  private func place(_ range: Range<Int>) -> Range<Int> {
    place(
      range.lowerBound)..<(range.isEmpty
      ? place(range.lowerBound) : places[range.upperBound - 1] + 1)
  }

  /// What was read of these bytes, in the line's offsets.
  func inLine(
    _ frame: LineReader.Frame, _ prefix: LinePrefix
  ) -> (frame: LineReader.Frame, prefix: LinePrefix) {
    var prefix = prefix
    prefix.offset = place(prefix.offset)
    prefix.host = prefix.host.map(place)
    prefix.innerStart = prefix.innerStart.map(place)
    return (LineReader.Frame(begin: place(frame.begin), end: place(frame.end)), prefix)
  }
}
