internal import CByteSearch

extension Span where Element == UInt8 {
  /// Reads `[   12.345678] ` at an offset, and moves it behind; nil where anything else stands there.
  func uptime(at offset: inout Int, before limit: Int) -> Int64? {
    guard offset >= 0, limit <= count else { return nil }
    let micros = unsafe withUnsafeBufferPointer { bytes in
      unsafe oomsh_uptime(bytes.baseAddress, limit, &offset)
    }
    return micros >= 0 ? micros : nil
  }
}
