internal import KernelLog

/// 64-bit FNV-1a hashes, which are the same in every run and on every machine.
package struct Fingerprint: Sendable {
  package private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  package init() {}

  private mutating func mix(_ byte: UInt8) {
    value = (value ^ UInt64(byte)) &* 0x100_0000_01B3
  }

  /// Adds a text and its end, so that "ab", "c" and "a", "bc" differ.
  package mutating func add(_ text: [UInt8]) {
    for byte in text { mix(byte) }
    mix(0)
  }

  /// Adds a number as eight bytes, least significant first.
  package mutating func add(_ number: Int64) {
    for shift in stride(from: 0, to: 64, by: 8) { mix(UInt8(truncatingIfNeeded: number >> shift)) }
  }

  static func of(_ bytes: Span<UInt8>) -> UInt64 {
    var fingerprint = Fingerprint()
    for index in bytes.indices { fingerprint.mix(bytes[index]) }
    return fingerprint.value
  }

  /// A hash as 16 hexadecimal digits.
  package static func text(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
