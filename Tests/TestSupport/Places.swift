internal import FoundationEssentials

/// Files that tests read: the project's own, and those that lie beside the checkout.
package enum Places {
  /// The folder that holds the package.
  private static let project = {
    var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    parts.removeLast(3)
    return parts.joined(separator: "/")
  }()

  /// Logs that are not part of the project; tests on them are skipped where they are absent.
  package static let shared = "\(project)/../shared"

  /// The bytes of one of the project's files; nil where there is none.
  package static func bytes(_ path: String) -> [UInt8]? {
    bytes(at: "\(project)/\(path)")
  }

  package static func bytes(at path: String) -> [UInt8]? {
    FileManager.default.contents(atPath: path).map { Array($0) }
  }

  /// The names of the files in one of the project's folders, in order.
  package static func files(in folder: String) -> [String] { filesAt("\(project)/\(folder)") }

  /// The names of the files in any folder, in order.
  package static func filesAt(_ path: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  package static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path)
  }
}
