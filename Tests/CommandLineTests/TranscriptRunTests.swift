import Foundation
import OOMShell
import Testing

/// The transcripts once more, through the real program: as a script file and through a pipe.
///
/// A script ends at its first error. So what succeeds is run in one go, and each command that is
/// expected to fail is run behind what came before it, from a file only.
@Suite struct TranscriptRunTests {
  private static let transcripts = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Transcripts")

  private static let names: [String] = {
    let all = try? FileManager.default.contentsOfDirectory(atPath: transcripts.path)
    return (all ?? []).filter { $0.hasSuffix(".oomsh") }.sorted()
  }()

  enum Way: CaseIterable { case file, pipe }

  @Test(arguments: names, Way.allCases)
  func saysTheSame(name: String, way: Way) throws {
    let text = try Data(contentsOf: Self.transcripts.appending(path: name))
    let script = try Script.parse(Array(text), name: name)
    // The running kernel's log is this machine's own, and standard input is needed once only.
    if script.header("ring") != nil || script.header("stdin") != nil && way == .pipe { return }
    let folder = try Copy(of: Self.transcripts)

    var before: [Script.Step] = []
    for step in script.steps {
      guard let expected = step.expectation, expected.status != 0 else {
        before.append(step)
        continue
      }
      // Once is enough; and a line that is wrong in itself is so whatever came before.
      if way == .pipe { continue }
      let isWrong = expected.status == CommandError.Code.usage.rawValue
      let run = try folder.run((isWrong ? [] : before) + [step], of: script, way)
      let seen = Script.Expectation(
        output: Array(run.lines.suffix(expected.output.count)), diagnostics: run.faults,
        status: run.status)
      #expect(expected.matches(seen), "\(name):\(step.line): \(run.diagnostics)")
    }
    let run = try folder.run(before, of: script, way)
    let expected = before.flatMap { $0.expectation?.output ?? ["..."] }
    #expect(run.faults == before.flatMap { $0.expectation?.diagnostics ?? [] })
    #expect(run.status == before.last?.exitStatus ?? 0)
    let difference = LineDifference(expected, run.lines)
    #expect(Script.Expectation(output: expected).matches(.init(output: run.lines)), "\(difference)")
  }

  /// What a run of a script said.
  private struct Answer {
    let lines: [String]
    let diagnostics: String
    let status: Int32

    /// The diagnostics without the places in the script that stand before them.
    var faults: [String] {
      Self.lines(of: diagnostics).map { line in
        guard let place = line.firstMatch(of: #/^(run\.oomsh|stdin):[0-9]+: /#) else { return line }
        return String(line[place.range.upperBound...])
      }
    }

    init(_ run: Run) {
      lines = Self.lines(of: run.output)
      diagnostics = run.diagnostics
      status = run.status
    }

    private static func lines(of text: String) -> [String] {
      var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      if lines.last?.isEmpty == true { lines.removeLast() }
      return lines
    }
  }

  /// The first line that differs, to be shown.
  private struct LineDifference: CustomStringConvertible {
    let description: String

    init(_ expected: [String], _ seen: [String]) {
      let index = zip(expected, seen).enumerated().first { $0.element.0 != $0.element.1 }?.offset
      let place = index ?? min(expected.count, seen.count)
      description =
        "line \(place + 1): expected \(expected.dropFirst(place).first ?? "the end"), "
        + "came \(seen.dropFirst(place).first ?? "the end")"
    }
  }

  /// The transcripts with their logs, in a folder of their own, every file as old as the machine of
  /// the transcripts believes.
  private final class Copy {
    private let url: URL

    /// 2026-11-23 12:00 UTC.
    private static let written = Date(timeIntervalSince1970: 1_795_435_200)

    init(of source: URL) throws {
      let files = FileManager.default
      url = files.temporaryDirectory.appending(path: "oomsh-\(UUID().uuidString)")
      try files.createDirectory(at: url, withIntermediateDirectories: true)
      for name in try files.contentsOfDirectory(atPath: source.path) {
        let original = source.appending(path: name).resolvingSymlinksInPath()
        try files.copyItem(at: original, to: url.appending(path: name))
      }
      for path in try files.subpathsOfDirectory(atPath: url.path) {
        let file = url.appending(path: path).path
        try files.setAttributes([.modificationDate: Self.written], ofItemAtPath: file)
      }
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func run(_ steps: [Script.Step], of script: Script, _ way: Way) throws -> Answer {
      let text = steps.flatMap(\.source).map { $0 + "\n" }.joined()
      var arguments = ["--tz", script.header("tz") ?? "UTC"]
      arguments += ["--width", script.header("width") ?? "100"]
      if let root = script.header("root") { arguments += ["--root", root] }
      switch way {
      case .pipe:
        return Answer(try Run(arguments, input: text, in: url))
      case .file:
        try Data(text.utf8).write(to: url.appending(path: "run.oomsh"))
        let log = script.header("stdin").map { url.appending(path: $0) }
        let input = try log.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
        return Answer(
          try Run(arguments + ["-f", "run.oomsh"], input: input ?? "", in: url))
      }
    }
  }
}

extension Script.Step {
  /// The status that `quit` gives the process; nil for other commands.
  fileprivate var exitStatus: Int32? {
    command.wholeMatch(of: #/quit (?<status>[0-9]+)/#).flatMap { Int32($0.status) }
  }
}
