import CPseudoTerminal
import Glibc

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
