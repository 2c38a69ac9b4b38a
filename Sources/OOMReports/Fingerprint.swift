internal import KernelLog

/// 64-bit hashes, which are the same in every run and on every machine.
///
/// Eight bytes are mixed in at a time, by a multiplication whose halves are folded together: byte by
/// byte, to hash a kill line would take longer than to read it.
package struct Fingerprint: Sendable {
  package private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  package init() {}

  private mutating func mix(_ word: UInt64) {
    // The golden ratio's digits, as in Fibonacci hashing; any odd number of many bits would do.
    let product = (value ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    value = (product.high ^ product.low) &+ 0x2545_F491_4F6C_DD1D
  }

  private mutating func mix(_ bytes: Span<UInt8>) {
    // A copy stays in a register; no sum below can be too large for its type.
    var copy = self
    var offset = 0
    while offset < bytes.count & ~7 {
      copy.mix(bytes.eight(at: offset))
      offset &+= 8
    }
    // The length keeps texts apart that differ in zeros at their end.
    copy.mix(bytes.word(at: offset, count: bytes.count &- offset))
    copy.mix(UInt64(truncatingIfNeeded: bytes.count))
    self = copy
  }

  /// Adds a text and its end, so that "ab", "c" and "a", "bc" differ.
  package mutating func add(_ text: [UInt8]) { mix(text.span) }

  /// Adds a number.
  package mutating func add(_ number: Int64) { mix(UInt64(bitPattern: number)) }

  /// The hash of some bytes; a seed that nobody knows keeps others from choosing bytes whose hashes
  /// are alike.
  package static func of(_ bytes: Span<UInt8>, seed: UInt64 = 0) -> UInt64 {
    var fingerprint = Fingerprint()
    fingerprint.value ^= seed
    fingerprint.mix(bytes)
    return fingerprint.value
  }

  /// A hash as 16 hexadecimal digits.
  package static func text(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

extension Span where Element == UInt8 {
  /// Fewer than eight bytes as a number, the first one the least significant.
  @inline(__always)
  fileprivate func word(at offset: Int, count length: Int) -> UInt64 {
    // The last bytes of a longer text are read with those before them, which are shifted out.
    if count >= 8, length > 0 { return eight(at: count - 8) >> UInt64(8 * (8 - length)) }
    guard length > 3 else { return fewer(at: offset, count: length) }
    // Two halves of a word that overlap.
    let first: UInt32 = load(at: offset)
    let last: UInt32 = load(at: offset + length - 4)
    return UInt64(first) | UInt64(last) << UInt64(8 * (length - 4))
  }

  private func fewer(at offset: Int, count length: Int) -> UInt64 {
    var word: UInt64 = 0
    for index in 0..<length { word |= UInt64(self[offset + index]) << UInt64(8 * index) }
    return word
  }

  @inline(__always)
  fileprivate func eight(at offset: Int) -> UInt64 { load(at: offset) }

  @inline(__always)
  private func load<Word: FixedWidthInteger & BitwiseCopyable>(at offset: Int) -> Word {
    unsafe withUnsafeBytes { bytes in
      Word(littleEndian: unsafe bytes.loadUnaligned(fromByteOffset: offset, as: Word.self))
    }
  }
}
