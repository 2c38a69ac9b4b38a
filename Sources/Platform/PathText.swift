internal import Glibc

/// The names of files as text.
///
/// Linux lets a name hold any bytes. Each that is no part of UTF-8 stands as a character that no
/// script uses, and is itself again when the system is asked.
package enum PathText {
  /// What stands for the byte 0; only those from 0x80 on are needed.
  private static let first: UInt32 = 0x10_FE00
  private static let standIns = first + 0x80...first + 0xFF

  /// A name as the system gives it.
  package static func text(_ name: UnsafePointer<CChar>) -> String {
    if let text = unsafe String(validatingCString: name) { return text }
    let bytes = unsafe Array(UnsafeBufferPointer(start: name, count: strlen(name))).map {
      UInt8(bitPattern: $0)
    }
    var text = String.UnicodeScalarView()
    var decoder = UTF8.ForwardParser()
    var rest = bytes.makeIterator()
    var place = 0
    while true {
      switch decoder.parseScalar(from: &rest) {
      case .valid(let encoded):
        text.append(UTF8.decode(encoded))
        place += encoded.count
      case .error(let length):
        for byte in bytes[place..<place + length] {
          text.append(Unicode.Scalar(first + UInt32(byte)) ?? "\u{FFFD}")
        }
        place += length
      case .emptyInput:
        return String(text)
      }
    }
  }

  /// Lends a path as the system takes it.
  static func withBytes<Result>(
    of path: String, _ body: (UnsafePointer<CChar>) -> Result
  ) -> Result {
    guard holdsStandIns(path) else { return unsafe path.withCString(body) }
    let bytes = path.unicodeScalars.flatMap { scalar in
      standIns.contains(scalar.value)
        ? [CChar(truncatingIfNeeded: scalar.value)]
        : String(scalar).utf8.map { CChar(bitPattern: $0) }
    }
    return unsafe (bytes + [0]).withUnsafeBufferPointer { buffer in
      // It holds a NUL at least.
      unsafe body(buffer.baseAddress.unsafelyUnwrapped)
    }
  }

  /// A path as people read it, and records hold it: with `\xe9` for a byte that is no UTF-8.
  package static func shown(_ path: String) -> String {
    guard holdsStandIns(path) else { return path }
    return path.unicodeScalars.reduce(into: "") { text, scalar in
      if standIns.contains(scalar.value) {
        text += "\\x" + String(scalar.value - first, radix: 16)
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
  }

  /// Whether any stands in a path: few characters begin as they do.
  private static func holdsStandIns(_ path: String) -> Bool {
    path.utf8.contains(0xF4) && path.unicodeScalars.contains { standIns.contains($0.value) }
  }
}
