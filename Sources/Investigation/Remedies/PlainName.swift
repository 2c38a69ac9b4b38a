internal import KernelLog

/// A name from a log that may stand in a file name, a shell command, a unit file and YAML as it is.
///
/// The log is hostile: a cgroup may be called `x';reboot'.service`, or hold a newline. Whatever is
/// made of other characters is no plain name, and gets no text of its own.
struct PlainName {
  let text: String

  /// Letters, digits and `:_.@-`, and the backslash of systemd's escapes; no more than fits a file's
  /// name with an ending, and no dot at its beginning.
  init?(_ name: LogText) {
    let bytes = name.bytes
    guard let first = bytes.first, first != UInt8(ascii: "."), first != UInt8(ascii: "-"),
      bytes.count <= 200, bytes.allSatisfy(Self.isPlain)
    else { return nil }
    text = String(decoding: bytes, as: UTF8.self)
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || ":_.@-\\".utf8.contains(byte)
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"):
      true
    default: false
    }
  }

  /// A part of a file's name for any name: what is not a letter or a digit becomes `_`.
  static func fileName(_ name: LogText) -> String {
    let bytes = name.bytes.prefix(60).map { isAlphanumeric($0) ? $0 : UInt8(ascii: "_") }
    return bytes.isEmpty ? "_" : String(decoding: bytes, as: UTF8.self)
  }
}
