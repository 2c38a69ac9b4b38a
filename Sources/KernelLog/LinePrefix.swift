/// What has been read of a line's prefix so far, while the carriers' forms eat their way forward.
package struct LinePrefix {
  /// Where the rest of the line begins.
  var offset: Int
  var stamp = Stamp()
  var host: Range<Int>?
  var origin: LogRecord.Origin = .unknown
  var encoding: LogRecord.Encoding = .dmesg
  var wrapping: LogRecord.Wrapping = .none
  var carrier: Carrier = .plain
  /// What brought a line that has a prefix of another carrier too.
  var outerCarrier: Carrier?
  /// Where the line begins that a container's runtime or a virtual machine's log holds.
  var innerStart: Int?
  /// What must come next, once a syslog daemon's stamp has been read.
  var expectsHost = false
  /// Whether any program may have written what follows, so that only a prefix of the kernel's own
  /// makes it the kernel's.
  var needsKernel = false
  /// Whether a printk stamp has been read, behind which only a caller's id or the message comes.
  var hasUptime = false
  /// Whether nothing but the kernel's name tells whose the line is, as anybody may write it.
  var isOnlyNamed = false
  /// Whether the message begins at the offset, whatever it looks like.
  var isFinished = false

  init(offset: Int) {
    self.offset = offset
  }

  /// Whether a wall-clock stamp may come: one is enough, unless a container's runtime or `ts` put its
  /// own before the line.
  var mayHaveStamp: Bool { !stamp.hasWallTime || expectsHost || (needsKernel && host == nil) }

  /// Whether nothing but the message's own colour has been read.
  var isOnlyColour: Bool { encoding == .coloured && carrier == .plain && !hasUptime && host == nil }

  /// Takes over the stamp of a syslog daemon, behind which a host comes.
  mutating func take(_ stamp: Stamp, behind end: Int) {
    if stamp.hasWallTime { self.stamp = stamp }
    offset = end
    expectsHost = true
    carrier = .syslog
    encoding = .syslog
  }

  /// Whether the prefix is one that only the kernel's messages have, or programs that pass them on.
  var isKernels: Bool { hasUptime || (origin == .kernel && host != nil && !isOnlyNamed) }
}

/// One element that a line's prefix may be made of.
///
/// `read` moves the prefix's offset behind the element and returns true, or changes nothing.
struct PrefixForm: Sendable {
  let name: String
  /// The bytes that the element may begin with: no other line is looked at.
  let begins: ByteSet
  /// Whether it may stand behind the printk stamp; all others stand before it only.
  var mayFollowStamp = false
  /// Lines that begin with the element, for tests and for whoever reads this table.
  let samples: [String]
  let read: @Sendable (Span<UInt8>, inout LinePrefix) -> Bool
}

/// A set of byte values.
struct ByteSet: Sendable {
  private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

  /// The set of some ASCII characters.
  init(_ characters: StaticString) {
    for index in 0..<characters.utf8CodeUnitCount {
      insert(unsafe characters.utf8Start[index])
    }
  }

  private init(_ isMember: (UInt8) -> Bool) {
    for byte in UInt8.min...UInt8.max where isMember(byte) { insert(byte) }
  }

  static let any = ByteSet { _ in true }
  static let digits = ByteSet { $0.isDigit }
  static let letters = ByteSet { $0.isLetter }
  static let names = ByteSet { $0.isLetter || $0.isDigit }
  /// What a month's name may begin with in any language.
  static let months = ByteSet { $0.isLetter || $0.isDigit || $0 >= 0x80 }

  private mutating func insert(_ byte: UInt8) {
    let bit: UInt64 = 1 << UInt64(byte & 63)
    switch byte >> 6 {
    case 0: words.0 |= bit
    case 1: words.1 |= bit
    case 2: words.2 |= bit
    default: words.3 |= bit
    }
  }

  func contains(_ byte: UInt8) -> Bool {
    let word =
      switch byte >> 6 {
      case 0: words.0
      case 1: words.1
      case 2: words.2
      default: words.3
      }
    return word >> UInt64(byte & 63) & 1 == 1
  }
}
