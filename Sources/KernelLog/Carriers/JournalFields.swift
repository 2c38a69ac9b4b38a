/// The fields of a journal entry that say what a kernel message is, whatever form it came in.
enum JournalField: CaseIterable {
  case message, transport, identifier, host, realtime, monotonic, sourceMonotonic, boot

  var name: StaticString {
    switch self {
    case .message: "MESSAGE"
    case .transport: "_TRANSPORT"
    case .identifier: "SYSLOG_IDENTIFIER"
    case .host: "_HOSTNAME"
    case .realtime: "__REALTIME_TIMESTAMP"
    case .monotonic: "__MONOTONIC_TIMESTAMP"
    case .sourceMonotonic: "_SOURCE_MONOTONIC_TIMESTAMP"
    case .boot: "_BOOT_ID"
    }
  }

  static func named(_ name: Range<Int>, in bytes: Span<UInt8>) -> JournalField? {
    allCases.first {
      $0.name.utf8CodeUnitCount == name.count && bytes.starts(with: $0.name, at: name.lowerBound)
    }
  }

  /// Puts the field's value into the record.
  func read(_ value: Range<Int>, in bytes: Span<UInt8>, into record: inout LogRecord) {
    var cursor = value.lowerBound
    switch self {
    case .message: record.message = value
    case .transport:
      record.origin = bytes.starts(with: "kernel", at: cursor) ? .kernel : .program
    case .identifier:
      guard record.origin == .unknown else { return }
      record.origin =
        value.count == 6 && bytes.starts(with: "kernel", at: cursor) ? .kernel : .program
    case .host: record.host = value
    case .realtime: record.stamp.unixMicros = bytes.micros(at: &cursor)
    case .monotonic: record.stamp.journalMonotonicMicros = bytes.micros(at: &cursor)
    case .sourceMonotonic: record.stamp.uptimeMicros = bytes.micros(at: &cursor)
    case .boot:
      record.stamp.bootID = bytes.bootID(at: cursor)
    }
  }
}

extension Span where Element == UInt8 {
  /// The first half of a boot's id, which is 32 hexadecimal digits.
  func bootID(at offset: Int) -> UInt64? {
    var id: UInt64 = 0
    for index in offset..<offset + 16 {
      guard let digit = byte(at: index)?.hexValue else { return nil }
      id = id << 4 | UInt64(digit)
    }
    return id
  }
}
