internal import KernelLog
internal import Synchronization

/// The beginning of a log: what decides how the rest of it is read.
struct LogHead {
  /// Unpacked.
  let bytes: [UInt8]
  let format: LogFormat
  /// The first time that a line prints; empty where none does.
  let time: LogTime
  /// The heading of a file that holds one part of a pstore dump.
  let dumpPart: DumpPart?

  private static let length = 64 << 10
  /// Enough of a stream to tell an archive; waiting for more would keep a slow one waiting.
  private static let streamLength = 512

  /// Reads the beginning. An error behind the first bytes is left to whoever reads the log.
  init(
    of log: Environment.Log, in environment: Environment, _ clock: Clock
  ) throws(Environment.Unreadable) {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: Self.length)
    let wanted = log.size == nil ? Self.streamLength : Self.length
    while bytes.count < wanted {
      if environment.isInterrupted() { throw .interrupted }
      do throws(Environment.Unreadable) {
        let count = try Self.read(log, &chunk)
        guard count > 0 else { break }
        bytes += chunk[..<count]
      } catch {
        if environment.isInterrupted() { throw .interrupted }
        if bytes.isEmpty { throw error }
        break
      }
    }
    self.bytes = bytes
    format = LogFormat.recognised(in: bytes.span)
    time = Self.firstTime(bytes.span, format, clock)
    dumpPart = DumpPart.only(in: bytes.span)
  }

  /// Whether it is a tar archive (POSIX.1-1988 and later).
  var isArchive: Bool { bytes.count > 262 && bytes[257..<262].elementsEqual("ustar".utf8) }

  /// The log once more, with this beginning put back.
  func putBack(before log: Environment.Log) -> Environment.Log {
    let waiting = Mutex(bytes[...])
    var whole = unsafe Environment.Log(
      size: log.size, modifiedMicros: log.modifiedMicros,
      read: { (buffer) throws(Environment.Unreadable) in
        let count = waiting.withLock { waiting in
          let count = min(waiting.count, buffer.count)
          unsafe buffer.copyBytes(from: waiting.prefix(count))
          waiting = waiting.dropFirst(count)
          return count
        }
        return count > 0 ? count : try unsafe log.read(buffer)
      }, readAgain: log.readAgain)
    whole.packing = log.packing
    whole.complaint = log.complaint
    whole.consumed = log.consumed
    return whole
  }

  private static func read(
    _ log: Environment.Log, _ chunk: inout [UInt8]
  ) throws(Environment.Unreadable) -> Int {
    try unsafe chunk.withUnsafeMutableBufferPointer { (buffer) throws(Environment.Unreadable) in
      try unsafe log.read(UnsafeMutableRawBufferPointer(buffer))
    }
  }

  private static func firstTime(
    _ bytes: Span<UInt8>, _ format: LogFormat, _ clock: Clock
  ) -> LogTime {
    var offset = 0
    var first = LogTime()
    while offset < bytes.count, first.wallMicros == nil {
      let record = format.record(at: offset, in: bytes)
      let time = clock.time(of: record.stamp, record.carrier)
      if time.wallMicros != nil || first.uptimeMicros == nil { first = time }
      offset = max(record.end, offset + 1)
    }
    return first
  }
}
