internal import Glibc

/// The lines of a script or of a standard input that is no terminal: strict UTF-8, any length.
///
/// A line ends with LF or CR LF, the last one also with the end. A byte order mark at the very
/// beginning is no part of the first line.
package struct LineReader: ~Copyable {
  private static let longestLine = 16 << 20

  /// The number of the line that was returned last, or that an error is about; 1 for the first.
  package private(set) var lineNumber = 0

  private let name: String?
  private let descriptor: Descriptor
  private var buffer = [UInt8](repeating: 0, count: 64 * 1024)
  private var unread = 0..<0
  private var isAtEnd = false

  /// Reads standard input.
  package init() {
    name = nil
    descriptor = Descriptor(STDIN_FILENO, isOwned: false)
  }

  /// Reads a file; a FIFO is waited for, and ^C ends the wait.
  package init(path: String) throws(HostError) {
    name = path
    descriptor = try Descriptor(
      opening: path, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
  }

  /// The next line without its end, or nil after the last one.
  ///
  /// Fails for NUL and for invalid UTF-8 and names line and byte; the line is skipped, so that a
  /// caller may go on.
  package mutating func next() throws(HostError) -> String? {
    var line: [UInt8] = []
    var hasEnd = false
    while !hasEnd {
      if unread.isEmpty, !(try fill()) { break }
      let chunk = buffer[unread]
      let end = chunk.firstIndex(of: UInt8(ascii: "\n"))
      line += chunk[..<(end ?? chunk.endIndex)]
      unread = (end.map { $0 + 1 } ?? chunk.endIndex)..<unread.upperBound
      hasEnd = end != nil
      guard line.count <= Self.longestLine else {
        throw HostError(.tooLarge, path: name, reason: "line \(lineNumber + 1) does not end")
      }
    }
    guard hasEnd || !line.isEmpty else { return nil }
    lineNumber += 1
    if line.last == UInt8(ascii: "\r") { line.removeLast() }
    if lineNumber == 1, line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
    return try text(of: line)
  }

  private mutating func fill() throws(HostError) -> Bool {
    while !isAtEnd {
      try Signals.waitReadable(descriptor.number)
      guard let count = try descriptor.read(into: &buffer, named: name) else { continue }
      unread = 0..<count
      isAtEnd = count == 0
      return count > 0
    }
    return false
  }

  private func text(of line: [UInt8]) throws(HostError) -> String {
    if let place = line.firstIndex(of: 0) {
      throw malformed("NUL", at: place)
    }
    do {
      return String(copying: try UTF8Span(validating: line.span))
    } catch {
      throw malformed("not UTF-8", at: error.byteOffsets.lowerBound)
    }
  }

  private func malformed(_ what: String, at offset: Int) -> HostError {
    HostError(
      .malformed, path: name ?? "standard input",
      reason: "line \(lineNumber), byte \(offset + 1): \(what)")
  }
}
