/// Puts the lines of sources back in order that do not come in the order of their kernel's log: the
/// packets of extended netconsole, and the parts of a pstore dump in one file.
///
/// It works on what has been read and not yet looked at, in memory that does not grow; lines only
/// change their places.
package struct SourceOrder: Sendable {
  private enum Kind: Sendable {
    case packets(PacketOrder)
    case dump
  }

  private var kind: Kind?
  private var isKnown = false
  /// Whether any line has changed its place, so that the source cannot be read again as it is.
  package private(set) var hasMoved = false

  /// A dump is as large as `pstore.kmsg_bytes` asks for: 10 KiB if nobody set it.
  private static let longestDump = 4 << 20

  /// A first line that is longer has none of these beginnings.
  private static let longestHeader = 4096

  package init() {}

  /// Puts what has been read last in order; returns whether it may be looked at, or more must be read
  /// first.
  package mutating func arrange(_ window: inout LogWindow) -> Bool {
    if !isKnown { recognise(window) }
    switch kind {
    case nil: return isKnown || window.isAtEnd
    case .packets(var packets):
      kind = nil
      packets.arrange(&window)
      hasMoved = packets.hasMoved
      kind = .packets(packets)
      return true
    case .dump:
      guard window.isAtEnd || window.count >= Self.longestDump else { return false }
      hasMoved = window.arrangeDump()
      kind = nil
      return true
    }
  }

  /// Tells the kind of a source by its first line.
  private mutating func recognise(_ window: LogWindow) {
    window.withBytes { bytes in
      let end = bytes.lineEnd(of: 0)
      isKnown = end < bytes.count || bytes.count > Self.longestHeader
      guard end < bytes.count else { return }
      let line = bytes.extracting(0..<end)
      if PacketOrder.Number(line, at: 0) != nil {
        kind = .packets(PacketOrder())
      } else if DumpPart(line) != nil {
        kind = .dump
      }
    }
  }
}
