package import KernelLog
package import OOMReports

/// Reading logs that are in memory.
package enum Scan {
  /// The events of a log, read in pieces of the sizes that `piece` gives.
  package static func events(
    in log: [UInt8], clock: Clock = Clock(), isWhole: Bool = true, isQuick: Bool = true,
    piece: (_ offset: Int) -> Int = { _ in .max }
  ) -> [ReportScanner.Found] {
    scanner(over: log, clock: clock, isWhole: isWhole, isQuick: isQuick, piece: piece).events
  }

  /// The events, and the scanner after the log's end.
  package static func scanner(
    over log: [UInt8], clock: Clock = Clock(), isWhole: Bool = true, isQuick: Bool = true,
    piece: (_ offset: Int) -> Int = { _ in .max }
  ) -> (events: [ReportScanner.Found], scanner: ReportScanner) {
    var scanner = ReportScanner(clock: clock, isWhole: isWhole, isQuick: isQuick)
    var found: [ReportScanner.Found] = []
    var offset = 0
    var hasMore = true
    while hasMore {
      hasMore = unsafe scanner.scanChunk(
        reading: { buffer in
          let count = min(max(1, piece(offset)), buffer.count, log.count - offset)
          unsafe log.withUnsafeBytes { bytes in
            unsafe buffer.copyMemory(from: .init(rebasing: bytes[offset..<offset + count]))
          }
          offset += count
          return count
        },
        emit: { event, _ in found.append(event) })
    }
    return (found, scanner)
  }
}

extension ReportScanner.Found {
  /// What the report says.
  package var facts: ReportFacts { ReportFacts(report) }
}
