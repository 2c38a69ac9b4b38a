/// Runs a script and compares what it says with what the script expects.
///
/// Lines must be equal; an expected line `...` stands for any number of lines. A command without an
/// expectation is not compared, but must succeed.
package struct TranscriptCheck: Sendable, Equatable {
  /// The commands that did not answer as expected, in order.
  package private(set) var mismatches: [Mismatch] = []
  /// The script with the answers as they are. What matched is kept as it was written.
  package private(set) var rewritten = ""

  /// A command whose answer is not the expected one.
  package struct Mismatch: Sendable, Equatable, CustomStringConvertible {
    package let place: Place
    package let command: String
    /// Lines with ` ` before what is equal, `-` before what was expected, `+` before what came.
    package let diff: [String]

    package var description: String {
      ("\(place): \(command)" + diff.map { "\n  \($0)" }.joined())
    }
  }

  /// What a command said.
  package struct Observation: Sendable, Equatable {
    package var output: String
    package var diagnostics: String
    package var status: Int32

    package init(output: String = "", diagnostics: String = "", status: Int32 = 0) {
      self.output = output
      self.diagnostics = diagnostics
      self.status = status
    }
  }

  /// Checks a script, each of whose commands `run` runs.
  package init(_ script: Script, running run: (Script.Step) -> Observation) {
    var lines: [String] = []
    for item in script.items {
      switch item {
      case .remark(let line), .header(let line, _, _):
        lines.append(line)
      case .step(let step):
        let seen = Script.Expectation(run(step))
        lines += step.source
        lines += check(step, seen, in: script).lines
      }
    }
    rewritten = lines.map { $0 + "\n" }.joined()
  }

  /// Compares, and returns what to write into the script.
  private mutating func check(
    _ step: Script.Step, _ seen: Script.Expectation, in script: Script
  ) -> Script.Expectation {
    let expected = step.expectation
    if let expected, expected.matches(seen) { return expected }
    if expected != nil || seen.status != 0 {
      let diff = LineDiff.lines(from: (expected ?? Script.Expectation()).lines, to: seen.lines)
      let place = Place(file: script.name, line: step.line)
      mismatches.append(Mismatch(place: place, command: step.command, diff: diff))
    }
    return seen
  }
}

extension Script.Expectation {
  /// What came, in the form in which a script expects it.
  init(_ observation: TranscriptCheck.Observation) {
    self.init(
      output: Self.lines(observation.output), diagnostics: Self.lines(observation.diagnostics),
      status: observation.status)
  }

  private static func lines(_ text: String) -> [String] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }

  /// The lines that stand in a script.
  var lines: [String] {
    output.map { $0.isEmpty ? "|" : "| \($0)" }
      + diagnostics.map { $0.isEmpty ? "!|" : "!| \($0)" }
      + (status == 0 ? [] : ["? \(status)"])
  }

  /// Whether this is what was expected.
  package func matches(_ seen: Script.Expectation) -> Bool {
    status == seen.status && Self.matches(output[...], seen.output[...])
      && Self.matches(diagnostics[...], seen.diagnostics[...])
  }

  private static func matches(_ pattern: ArraySlice<String>, _ lines: ArraySlice<String>) -> Bool {
    // The usual two-pointer match: on a mismatch the last `...` takes one line more.
    var (pattern, lines) = (pattern, lines)
    var retry: (pattern: ArraySlice<String>, lines: ArraySlice<String>)?
    while !lines.isEmpty {
      if pattern.first == "..." {
        pattern.removeFirst()
        retry = (pattern, lines)
      } else if let first = pattern.first, first == lines.first {
        pattern.removeFirst()
        lines.removeFirst()
      } else if let (patternAfter, linesFrom) = retry {
        pattern = patternAfter
        lines = linesFrom.dropFirst()
        retry = (pattern, lines)
      } else {
        return false
      }
    }
    return pattern.allSatisfy { $0 == "..." }
  }
}
