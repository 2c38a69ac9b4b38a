import Foundation
import Testing

@testable import OOMShell

/// The acceptance tests: every script in Tests/Transcripts says what it says that it says.
///
/// With OOMSH_RECORD set, as `scripts/record` does, they are rewritten instead, and the difference
/// is for the author to read.
@Suite struct TranscriptTests {
  private static let directory = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Transcripts")

  private static let names: [String] = {
    let all = try? FileManager.default.contentsOfDirectory(atPath: directory.path)
    return (all ?? []).filter { $0.hasSuffix(".oomsh") }.sorted()
  }()

  @Test func thereAreTranscripts() {
    #expect(!Self.names.isEmpty)
  }

  @Test(arguments: names)
  func answersAsItSays(name: String) throws {
    let file = Self.directory.appending(path: name)
    let text = try Data(contentsOf: file)
    let script = try Script.parse(Array(text), name: name)
    var shell = try TranscriptMachine(directory: Self.directory, script: script).makeShell()
    let check = TranscriptCheck(script) { step in
      // Without a place: it would change with every line that is written above.
      let answer = shell.run(step.command, from: Origin(isScript: true))
      return TranscriptCheck.Observation(
        output: answer.output, diagnostics: answer.diagnostics, status: answer.status)
    }
    if ProcessInfo.processInfo.environment["OOMSH_RECORD"] != nil {
      try Data(check.rewritten.utf8).write(to: file)
    } else {
      for mismatch in check.mismatches { Issue.record("\(mismatch)") }
    }
  }
}
