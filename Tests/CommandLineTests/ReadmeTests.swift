import Foundation
import Testing

/// README.md is tried: what it shows of a command is what the command says.
///
/// With OOMSH_RECORD set, the file is rewritten with what the commands say now.
@Suite struct ReadmeTests {
  private static let project = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  @Test func showsWhatTheCommandsSay() throws {
    let readme = Self.project.appending(path: "README.md")
    let text = try String(contentsOf: readme, encoding: .utf8)
    let tried = try Self.withAnswers(text)
    if ProcessInfo.processInfo.environment["OOMSH_RECORD"] != nil {
      try tried.write(to: readme, atomically: true, encoding: .utf8)
    }
    #expect(tried == text)
    #expect(text.components(separatedBy: "```console\n").count > 3)
  }

  /// The text with the answer of each `$` line of a console block put behind it.
  private static func withAnswers(_ text: String) throws -> String {
    var result: [String] = []
    var isInBlock = false
    for line in text.components(separatedBy: "\n") {
      if line == "```console" {
        isInBlock = true
      } else if line == "```" {
        isInBlock = false
      } else if isInBlock, !line.hasPrefix("$ ") {
        continue
      }
      result.append(line)
      guard isInBlock, line.hasPrefix("$ scripts/oomsh") else { continue }
      let answer = try Run(shell: String(line.dropFirst("$ scripts/oomsh".count)), in: project)
      #expect(answer.status == 0, "\(line): \(answer.diagnostics)")
      result += answer.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        .map(String.init)
    }
    return result.joined(separator: "\n")
  }
}
