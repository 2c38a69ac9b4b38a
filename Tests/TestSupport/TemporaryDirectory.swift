internal import Glibc

/// A directory for one test, gone with everything in it when the test is over.
package final class TemporaryDirectory {
  /// Something that a test stands on is not there.
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  /// The directory's absolute path.
  package let path: String

  /// Makes a directory.
  package init() throws(Failure) {
    var name = Array("/tmp/oomsh-test-XXXXXX".utf8CString)
    guard unsafe mkdtemp(&name) != nil else { throw Failure(description: "mkdtemp: \(errno)") }
    path = String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit {
    Self.removeTree(path)
  }

  /// Symbolic links go themselves, never what they point to.
  private static func removeTree(_ path: String) {
    if unsafe unlink(path) == 0 { return }
    guard let stream = unsafe opendir(path) else { return }
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { field in
        unsafe field.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) {
          unsafe String(cString: $0)
        }
      }
      if name != ".", name != ".." { removeTree("\(path)/\(name)") }
    }
    unsafe closedir(stream)
    unsafe rmdir(path)
  }

  /// The path of a name in the directory.
  package func place(_ name: String) -> String { "\(path)/\(name)" }

  /// Makes a directory in it, with those that it lies in.
  package func directory(_ name: String) {
    var place = path
    for part in name.split(separator: "/") {
      place += "/\(part)"
      unsafe mkdir(place, 0o755)
    }
  }

  /// Writes a file and says where it is.
  @discardableResult
  package func file(_ name: String, _ text: String) throws(Failure) -> String {
    try file(name, bytes: Array(text.utf8))
  }

  /// Writes a file and says where it is.
  @discardableResult
  package func file(_ name: String, bytes: [UInt8]) throws(Failure) -> String {
    if let slash = name.lastIndex(of: "/") { directory(String(name[..<slash])) }
    guard let file = unsafe fopen(place(name), "w") else { throw Failure(description: place(name)) }
    defer { unsafe fclose(file) }
    guard unsafe fwrite(bytes, 1, bytes.count, file) == bytes.count else {
      throw Failure(description: place(name))
    }
    return place(name)
  }

  /// Makes a symbolic link.
  package func link(_ name: String, to target: String) {
    unsafe symlink(target, place(name))
  }

  /// What a file holds, as text.
  package func content(of name: String) throws(Failure) -> String {
    guard let file = unsafe fopen(place(name), "r") else { throw Failure(description: place(name)) }
    defer { unsafe fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = unsafe fread(&chunk, 1, chunk.count, file)
      guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
      bytes += chunk[..<count]
    }
  }
}
