import KernelLog
import OOMShell
import Presentation
import TestSupport
import Testing

/// `extract --own`: a file may be cut into pieces anywhere.
@Suite struct OwnedPartTests {
  /// The records of the events that begin in a part of a log.
  private func events(in log: [UInt8], own: Range<Int>?) -> [String] {
    var options = ExtractionOptions()
    options.own = own
    var extraction = Extraction(source: "log", clock: Clock(), options: options)
    var offset = 0
    var records: [String] = []
    var hasMore = true
    while hasMore {
      hasMore = unsafe extraction.step(
        reading: { buffer in
          let count = min(buffer.count, log.count - offset)
          unsafe log.withUnsafeBytes { bytes in
            unsafe buffer.copyMemory(from: .init(rebasing: bytes[offset..<offset + count]))
          }
          offset += count
          return count
        }, write: { records.append($0.encoded()) })
    }
    return records
  }

  /// Around the report's ends, at ends of lines, and in steps between them.
  @Test(arguments: SampleLog.ten)
  func anyCuttingGivesTheSameEvents(_ sample: SampleLog) {
    let log = Noise.log(sample.form, bytes: 100) + sample.log
    let whole = events(in: log, own: nil)
    #expect(whole.count == 1)
    let start = log.count - sample.log.count
    var cuts = Set(stride(from: 0, to: log.count, by: 1_009))
    cuts.formUnion([start - 1, start, start + 1, log.count - 1, log.count])
    let ends = (start..<log.count).filter { log[$0] == .newline }
    cuts.formUnion(stride(from: 0, to: ends.count, by: 9).map { ends[$0] + 1 })
    for cut in cuts {
      let pieces = events(in: log, own: 0..<cut) + events(in: log, own: cut..<Int.max)
      #expect(pieces == whole, "cut at \(cut), the report begins at \(start)")
    }
  }
}
