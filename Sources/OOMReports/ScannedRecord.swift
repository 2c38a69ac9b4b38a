internal import KernelLog

/// What of a record only the ones before it tell.
extension LogWindow {
  /// The host that a record's prefix names; a line without prefix is of the host of the line before.
  func host(of record: LogRecord, _ format: LogFormat) -> LogText? {
    withBytes { bytes in
      var record = record
      var steps = 64
      while record.isBare, record.start > 0, steps > 0 {
        let start = format.recordStart(of: record.start - 1, in: bytes, floor: 0)
        record = format.record(at: start, in: bytes)
        steps -= 1
      }
      return record.host.map { bytes.text($0) }
    }
  }

  /// Where the line begins that opens a report: in the record before, if it was broken in its name or
  /// behind it.
  func startOfName(_ record: LogRecord, _ format: LogFormat) -> Int {
    guard record.isBare, record.start > 0 else { return record.start }
    return withBytes { bytes in
      let start = format.recordStart(of: record.start - 1, in: bytes, floor: 0)
      let before = format.record(at: start, in: bytes)
      guard before.mayBeginName, before.origin != .program else { return record.start }
      var decoder = MessageDecoder()
      let name = decoder.withMessage(of: before, in: bytes) { LogText($0).bytes }
      let isWhole = decoder.withMessage(of: record, in: bytes) {
        InvokedLine.joined(name, $0, record) != nil
      }
      return isWhole ? start : record.start
    }
  }
}

extension LogRecord {
  /// Whether the record stands as text, so that a key word leads to it.
  var isPlain: Bool {
    guard !isBare, wrapping == .none else { return false }
    switch encoding {
    case .plain, .dmesg, .syslog: return true
    case .coloured, .kmsg, .json, .indentedField, .byteArray: return false
    }
  }
}

extension Span where Element == UInt8 {
  /// Whether this stands for a message that was not printable.
  var isBlob: Bool {
    guard byte(at: 0) == .openBracket, count < 24, let end = first("B blob data]") else {
      return false
    }
    return end > 1 && (1..<end).allSatisfy { self[$0].isDigit }
  }
}
