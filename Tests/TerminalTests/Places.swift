import CPseudoTerminal
import Glibc
import Testing

@testable import Platform

/// Something that a test stands on is not there.
struct Missing: Error, CustomStringConvertible {
  let description: String
}

/// The executables of this package, which lie beside the tests' bundle.
enum Product {
  static func path(_ name: String) throws -> String {
    guard let own = unsafe pseudo_terminal_own_path() else {
      throw Missing(description: "the tests' own path")
    }
    let bundle = unsafe String(cString: own)
    let path = bundle[...(bundle.lastIndex(of: "/") ?? bundle.startIndex)] + name
    let isThere = unsafe access(String(path), X_OK) == 0
    guard isThere else { throw Missing(description: "\(path): build it first") }
    return String(path)
  }
}

/// A directory that goes when the test is over.
final class TemporaryDirectory {
  let path: String

  init() throws {
    var name = Array("/tmp/oomsh-test-XXXXXX".utf8CString)
    guard unsafe mkdtemp(&name) != nil else { throw Missing(description: "/tmp") }
    path = String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit {
    let names = try? LiveHost().listDirectory(path)
    for name in names ?? [] { unsafe unlink("\(path)/\(name)") }
    unsafe rmdir(path)
  }

  /// Writes a file and says where it is.
  func file(_ name: String, _ text: String) throws -> String {
    let place = "\(path)/\(name)"
    let file = try Descriptor(opening: place, flags: O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644)
    let bytes = Array(text.utf8)
    let count = unsafe write(file.number, bytes, bytes.count)
    guard count == bytes.count else { throw Missing(description: place) }
    return place
  }

  /// What a file holds.
  static func content(of path: String) throws -> String {
    String(decoding: try LiveHost().readFile(path), as: UTF8.self)
  }
}
