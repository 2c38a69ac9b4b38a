internal import CByteSearch

/// The part of a source that is in memory: where the scan is, some bytes before it, and what has
/// been read ahead.
///
/// Reading, unlike mapping, survives a log that is cut short underneath.
package struct LogWindow: Sendable {
  private var storage: [UInt8]
  /// How many bytes of the storage hold data.
  package private(set) var count = 0
  /// The source's offset of the window's first byte.
  package private(set) var base = 0
  /// Whether the source has no more to give.
  package private(set) var isAtEnd = false

  /// How much is read at once: it fits a core's cache.
  package static let chunk = 256 << 10

  private static let room = [UInt8](repeating: 0, count: chunk)

  package init() {
    storage = []
  }

  /// Reads one chunk behind the data.
  ///
  /// `read` fills the buffer it is given and returns how many bytes it wrote, 0 at the end.
  package mutating func fill<Failure>(
    _ read: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
  ) throws(Failure) {
    if storage.count < count + Self.chunk { storage.append(contentsOf: Self.room) }
    let from = count
    var failure: Failure?
    var added = 0
    unsafe storage.withUnsafeMutableBytes { buffer in
      let free = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[from..<from + Self.chunk])
      do throws(Failure) { added = try unsafe read(free) } catch { failure = error }
    }
    if let failure { throw failure }
    count += added
    isAtEnd = added == 0
  }

  /// Forgets the bytes before an offset of the window.
  package mutating func discard(before offset: Int) {
    guard offset > 0 else { return }
    let kept = count - offset
    unsafe storage.withUnsafeMutableBytes { buffer in
      let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[offset..<offset + kept])
      unsafe buffer.copyMemory(from: rest)
    }
    count = kept
    base += offset
  }

  /// Moves some bytes to an earlier place, and those between behind them.
  mutating func move(_ range: Range<Int>, to place: Int) {
    let moved = Array(storage[range])
    unsafe storage.withUnsafeMutableBytes { buffer in
      let between = unsafe UnsafeRawBufferPointer(rebasing: buffer[place..<range.lowerBound])
      unsafe UnsafeMutableRawBufferPointer(
        rebasing: buffer[place + moved.count..<range.upperBound]
      ).copyMemory(from: between)
      unsafe moved.withUnsafeBytes { bytes in
        unsafe UnsafeMutableRawBufferPointer(
          rebasing: buffer[place..<place + moved.count]
        ).copyMemory(from: bytes)
      }
    }
  }

  /// Puts the bytes of some ranges, which together are all there are, in this order.
  mutating func arrange(_ ranges: [Range<Int>]) {
    var arranged: [UInt8] = []
    arranged.reserveCapacity(storage.count)
    for range in ranges { arranged += storage[range] }
    storage.replaceSubrange(0..<arranged.count, with: arranged)
  }

  /// Lends the bytes.
  package func withBytes<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    body(storage.span.extracting(0..<count))
  }
}

/// Searching a span for lines, in C.
extension Span where Element == UInt8 {
  /// The offset at which the line of `offset` begins, not before `floor`.
  package func lineStart(of offset: Int, floor: Int = 0) -> Int {
    let part = extracting(floor..<Swift.max(floor, offset))
    let start = unsafe part.withUnsafeBufferPointer { bytes in
      unsafe oomsh_line_start(bytes.baseAddress, bytes.count)
    }
    return floor + start
  }

  /// The offset of the newline that ends the line of `offset`, or the span's end.
  package func lineEnd(of offset: Int) -> Int {
    unsafe withUnsafeBufferPointer { bytes in
      unsafe oomsh_line_end(bytes.baseAddress, bytes.count, offset)
    }
  }

  /// How many newlines a range holds.
  package func newlines(in range: Range<Int>) -> Int {
    unsafe extracting(range).withUnsafeBufferPointer { bytes in
      unsafe oomsh_count_newlines(bytes.baseAddress, bytes.count)
    }
  }
}
