/// A `.oomsh` text: commands one to a line, with comments, and with the answers that a check
/// expects.
///
/// ```
/// #: oomsh 1                  a header, before the first command
/// # a comment
/// show 99
/// | one line of expected output
/// !| error: one line of expected diagnostics
/// ? 3                         the expected status, 0 where nothing is said
/// ```
///
/// A line that ends in a backslash goes on in the next one. Running a script skips what it expects;
/// `TranscriptCheck` compares it.
package struct Script: Sendable, Equatable {
  /// How messages call it.
  package let name: String
  package var items: [Item]

  /// One line of a script, by what it is for.
  package enum Item: Sendable, Equatable {
    /// An empty line or a comment.
    case remark(String)
    /// `#: key value`
    case header(String, key: String, value: String)
    case step(Step)
  }

  /// One command with what is expected of it.
  package struct Step: Sendable, Equatable {
    /// Its lines as they are written.
    package let source: [String]
    /// The line to run, joined from `source`.
    package let command: String
    /// 1-based, of the first of its lines.
    package let line: Int
    package var expectation: Expectation?
  }

  /// What a command is expected to say.
  package struct Expectation: Sendable, Equatable {
    package var output: [String] = []
    package var diagnostics: [String] = []
    package var status: Int32 = 0

    package init(output: [String] = [], diagnostics: [String] = [], status: Int32 = 0) {
      self.output = output
      self.diagnostics = diagnostics
      self.status = status
    }
  }

  /// How deep scripts may call one another: nobody needs so many, a script that calls itself does.
  package static let depthLimit = 16

  /// The newest form of the language that this version reads.
  package static let version = 1

  package var steps: [Step] {
    items.compactMap { if case .step(let step) = $0 { step } else { nil } }
  }

  /// The value of a header; nil where there is none.
  package func header(_ key: String) -> String? {
    for case .header(_, key, let value) in items { return value }
    return nil
  }
}

extension Script {
  /// Whether a file is a script: by the ending of its name, or by how it begins.
  package static func isScript(path: String, head: [UInt8] = []) -> Bool {
    if path.hasSuffix(".oomsh") { return true }
    let bytes = head.starts(with: byteOrderMark) ? head.dropFirst(byteOrderMark.count) : head[...]
    if bytes.starts(with: "#: oomsh ".utf8) { return true }
    guard bytes.starts(with: "#!".utf8) else { return false }
    let firstLine = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    return firstLine.split { $0 == " " || $0 == "/" || $0 == "\r" }.contains("oomsh")
  }

  static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// The directory part of a path with its `/`; empty for a name alone.
  static func directory(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }
}
