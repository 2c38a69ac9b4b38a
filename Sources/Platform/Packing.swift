/// The ways in which logs are compressed, told by their first bytes and never by a name.
package enum Packing: String, Sendable, CaseIterable {
  case gzip, xz, zstd, bzip2

  /// The bytes with which it begins.
  package var magic: [UInt8] {
    switch self {
    case .gzip: [0x1F, 0x8B]
    case .xz: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]
    case .zstd: [0x28, 0xB5, 0x2F, 0xFD]
    case .bzip2: [0x42, 0x5A, 0x68]
    }
  }

  /// What unpacks it, from its standard input to its standard output.
  package var tool: Tool {
    switch self {
    // Status 2 is a warning: unpacked, with something else behind the end.
    case .gzip: Tool("gzip", ["-dc"], package: "gzip", tolerated: [2])
    case .xz: Tool("xz", ["-dc"], package: "xz-utils (Debian) or xz")
    case .zstd: Tool("zstd", ["-dcq"], package: "zstd")
    case .bzip2: Tool("bzip2", ["-dc"], package: "bzip2")
    }
  }

  /// How many bytes tell every form from a text.
  static let longestMagic = 8

  /// The form that begins so.
  package static func of(_ head: some Collection<UInt8>) -> Packing? {
    allCases.first { head.starts(with: $0.magic) }
  }

  /// Whether more bytes may still make a magic of what has come.
  static func mayBegin(_ head: [UInt8]) -> Bool {
    (allCases.map(\.magic) + [SystemJournal.magic]).contains {
      head.count < $0.count && $0.starts(with: head)
    }
  }
}
