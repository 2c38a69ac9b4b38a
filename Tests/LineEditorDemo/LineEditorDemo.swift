internal import Glibc
internal import Platform

/// The smallest program around the line editor, for the terminal tests: repeats what it was given.
///
/// `LineEditorDemo [HISTORY]`; DEMO_PROMPT changes the prompt.
@main
struct LineEditorDemo {
  static func main() throws {
    try Signals.start()
    let output = StandardOutput(descriptor: STDOUT_FILENO)
    guard let editor = LineEditor(program: "demo", completer: completions) else {
      try output.write("no terminal\n")
      try output.flush()
      exit(4)
    }
    for problem in editor.configurationProblems { try output.write("refused: \(problem)\n") }
    var history = CommandLine.arguments.dropFirst().first.map { HistoryFile(path: $0) }
    for line in history?.lines ?? [] { editor.remember(line) }
    if let problem = history?.problem { try output.write("no history: \(problem)\n") }
    let prompt = EnvironmentVariables["DEMO_PROMPT"] ?? "demo> "
    while true {
      try output.flush()
      switch editor.readLine(prompt: prompt) {
      case .end:
        try output.write("end\n")
        try output.flush()
        return
      case .interrupted:
        try output.write("interrupted\n")
      case .line("quit"):
        return
      case .line("work"):
        try output.write("working\n")
        try output.flush()
        while !Signals.isInterrupted { usleep(10_000) }
        Signals.takeInterrupt()
        editor.discardPastedLines()
        try output.write("stopped\n")
      case .line("pid"):
        try output.write("pid: \(getpid()).\n")
      case .line("nap"):
        try output.write("napping\n")
        try output.flush()
        sleep(1)
      case .line(let line) where line.hasPrefix("read "):
        try output.write("reading\n")
        try output.flush()
        try output.write(size(ofFile: String(line.dropFirst(5))) + "\n")
        Signals.takeInterrupt()
      case .line(let line):
        try output.write("got: \(line)|\n")
        editor.remember(line)
        try history?.record(line)
      }
    }
  }

  private static func size(ofFile path: String) -> String {
    do throws(HostError) {
      let file = try LogFile(path: path)
      var chunk = [UInt8](repeating: 0, count: 4096)
      var size = 0
      while case let count = try file.read(into: &chunk), count > 0 { size += count }
      return "\(size) bytes"
    } catch {
      return "not read: \(error.reason)"
    }
  }

  private static let words = ["alpha", "alpine", "beta", "directory/", "한강", "한국"]

  private static func completions(_ line: String, _ cursor: Int) -> CompletionAnswer {
    let before = Array(line.utf8.prefix(cursor))
    let start = (before.lastIndex(of: UInt8(ascii: " ")) ?? -1) + 1
    let word = String(decoding: before[start...], as: UTF8.self)
    let pool = word.hasPrefix("n") ? (1...90).map { "n\($0)" } : words
    return CompletionAnswer(
      replaceFrom: start,
      candidates: pool.filter { $0.hasPrefix(word) }.map {
        CompletionAnswer.Candidate(text: $0, description: $0.hasPrefix("al") ? "a word" : "")
      })
  }
}
