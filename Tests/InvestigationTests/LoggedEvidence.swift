import FoundationEssentials
import KernelLog
import OOMReports

@testable import Investigation

extension Evidence {
  /// What a log that holds these bytes tells, with the whole of each report.
  init(log bytes: [UInt8]) {
    var scanner = ReportScanner(clock: Clock(), isWhole: true)
    var events: [Event] = []
    var reports: [Int: OOMReport] = [:]
    var offset = 0
    var hasMore = true
    while hasMore {
      hasMore = unsafe scanner.scanChunk(
        reading: { buffer in
          let count = min(buffer.count, bytes.count - offset)
          for position in 0..<count { unsafe buffer[position] = bytes[offset + position] }
          offset += count
          return count
        },
        emit: { found, _ in
          var event = Event(found.report, input: 0, boot: 0, byteRange: found.byteRange)
          event.number = events.count + 1
          events.append(event)
          reports[event.number] = found.report
        })
    }
    self.init(events: events, reports: reports)
  }

  /// A capture that lies among the fixtures; nothing where it does not.
  static func capture(_ name: String) -> Evidence {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Fixtures/captures/\(name)").standardized
    return Evidence(log: (try? Data(contentsOf: file)).map { Array($0) } ?? [])
  }
}
