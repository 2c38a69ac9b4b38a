internal import Glibc

/// A path inside a captured tree, opened as if that tree were `/`.
///
/// Symbolic links are followed inside the tree, absolute ones from its root, and `..` stops there, so
/// that neither a hostile nor a carelessly packed tree shows a file of this machine as its own.
struct RootedPath {
  let root: String
  let path: String

  private static let longestLinkChain = 40

  /// Opens the file that the path leads to.
  func open(flags: Int32) throws(HostError) -> Descriptor {
    var resolved: [String] = []
    var waiting = Self.components(of: path)
    var linksLeft = Self.longestLinkChain
    while !waiting.isEmpty {
      let component = waiting.removeFirst()
      if component == ".." {
        _ = resolved.popLast()
        continue
      }
      let place = self.place(resolved + [component])
      guard let target = try linkTarget(place) else {
        resolved.append(component)
        continue
      }
      linksLeft -= 1
      guard linksLeft > 0 else {
        throw HostError(.unsuitable, path: path, reason: "too many symbolic links")
      }
      if target.hasPrefix("/") { resolved = [] }
      waiting = Self.components(of: target) + waiting
    }
    // Every component is known to be no link; O_NOFOLLOW holds the last one to it.
    return try Descriptor(
      opening: place(resolved), flags: flags | O_NOFOLLOW, named: place(Self.components(of: path)))
  }

  private static func components(of path: String) -> [String] {
    path.split(separator: "/").filter { $0 != "." }.map(String.init)
  }

  private func place(_ components: [String]) -> String {
    ([root] + components).joined(separator: "/")
  }

  /// Where a symbolic link points to, or nil if the place is none or is missing.
  private func linkTarget(_ place: String) throws(HostError) -> String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe readlink(place, &buffer, buffer.count)
    guard count >= 0 else { return nil }
    guard count < buffer.count else {
      throw HostError(.unsuitable, path: path, reason: "symbolic link is too long")
    }
    return String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
