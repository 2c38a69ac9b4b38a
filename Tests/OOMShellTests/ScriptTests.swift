import Presentation
import Testing

@testable import OOMShell

@Suite struct ScriptTests {
  private func parse(_ text: String) throws(CommandError) -> Script {
    try Script.parse(Array(text.utf8), name: "a.oomsh")
  }

  private func error(_ bytes: [UInt8]) -> CommandError? {
    do throws(CommandError) {
      _ = try Script.parse(bytes, name: "a.oomsh")
      return nil
    } catch {
      return error
    }
  }

  @Test func sortsItsLines() throws {
    let script = try parse(
      """
      #!/usr/bin/env -S oomsh -f
      #: oomsh 1
      #: title  db01 postmortem
      # a remark

      echo a
      | a
      show 99 \\
        --x
      !| error: no event 99
      |
      ? 3
      echo b
      """)
    #expect(script.header("title") == "db01 postmortem")
    #expect(script.header("tz") == nil)
    #expect(script.steps.map(\.command) == ["echo a", "show 99   --x", "echo b"])
    #expect(script.steps.map(\.line) == [6, 8, 13])
    #expect(
      script.steps.map(\.expectation) == [
        Script.Expectation(output: ["a"]),
        Script.Expectation(output: [""], diagnostics: ["error: no event 99"], status: 3),
        nil,
      ])
  }

  @Test func acceptsWhatEditorsDo() throws {
    let bytes = [0xEF, 0xBB, 0xBF] + Array("echo a\r\n| a\r\necho b".utf8)
    let script = try Script.parse(bytes, name: "x")
    #expect(script.steps.map(\.command) == ["echo a", "echo b"])
    #expect(script.steps[0].expectation?.output == ["a"])
    #expect(try Script.parse([], name: "x").items.isEmpty)
  }

  @Test func refusesWhatIsNoScript() {
    #expect(
      error(Array("echo a\necho ".utf8) + [0xFF])?.text.hasPrefix(
        "a.oomsh:2: error: the line is not UTF-8") == true)
    #expect(error(Array("a\u{0}".utf8))?.message == "the line holds a NUL byte")
    #expect(error([0xFF])?.code == .unreadable)
    #expect(error(Array("| a\n".utf8))?.message == "an expected answer without a command before it")
    #expect(error(Array("echo a\n\n| a\n".utf8))?.place == Place(file: "a.oomsh", line: 3))
    #expect(error(Array("echo a\n#: tz UTC\n".utf8))?.message == "a header after the first command")
    #expect(error(Array("#: oomsh 2\n".utf8))?.hint == "this oomsh reads version 1")
    #expect(error(Array("#: oomsh\n".utf8))?.code == .usage)
    #expect(error(Array("echo a\n? x\n".utf8))?.message == "'x' is no exit status")
    #expect(error(Array("echo a\n? 256\n".utf8))?.hint == "legal: 0 to 255")
  }

  @Test func countsFromTheGivenLine() throws {
    let script = try Script.parse(Array("a\nb".utf8), name: "-c", firstLine: 5)
    #expect(script.steps.map(\.line) == [5, 6])
  }

  @Test(arguments: [
    ("a.oomsh", "", true), ("kern.log", "Nov 1 host kernel:", false), ("x", "#: oomsh 1\n", true),
    ("x", "#!/usr/bin/env -S oomsh -f\n", true), ("x", "#!/usr/local/bin/oomsh\n", true),
    ("x", "#!/bin/sh\noomsh\n", false), ("x", "\u{FEFF}#: oomsh 1\n", true), ("oomsh", "", false),
  ])
  func isRecognised(path: String, head: String, isScript: Bool) {
    #expect(Script.isScript(path: path, head: Array(head.utf8)) == isScript)
  }

  @Test(arguments: [
    ("echo a", true), ("  echo a", true), ("", false), ("  ", false), ("# a", false),
    ("#: oomsh 1", false), ("| a", false), ("|", false), ("!| a", false), ("? 3", false),
    ("?x", true),
  ])
  func knowsALineToRun(line: String, isCommand: Bool) {
    #expect(Script.isCommand(line) == isCommand)
  }
}

@Suite struct ScriptRunTests {
  @Test func runsToTheFirstError() {
    var shell = makeShell(files: ["a.oomsh": "echo a\n| not compared\n\nnothing\necho b\n"])
    let answer = shell.run(scriptAt: "a.oomsh")
    #expect(answer.output == "a\n")
    #expect(
      answer.diagnostics
        == "a.oomsh:4: error: unknown command 'nothing'\nhint: 'help' lists the commands\n")
    #expect(answer.status == 2)
  }

  @Test func needsWholeNames() {
    var shell = makeShell(files: ["a.oomsh": "ech a\n"])
    #expect(
      shell.run(scriptAt: "a.oomsh").diagnostics.hasPrefix(
        "a.oomsh:1: error: 'ech' is a shortened command"))
  }

  @Test func aMissingScriptIsUnreadable() {
    var shell = makeShell()
    let answer = shell.run(scriptAt: "no\u{1b}.oomsh")
    #expect(
      answer.diagnostics
        == #"error: cannot read 'no\x1b.oomsh': No such file or directory"# + "\n")
    #expect(answer.status == 4)
  }

  @Test func aBrokenScriptRunsNothing() {
    var shell = makeShell(files: ["a.oomsh": "echo a\n? x\n"])
    let answer = shell.run(scriptAt: "a.oomsh")
    #expect(answer.output.isEmpty && answer.diagnostics.hasPrefix("a.oomsh:2: error: 'x' is no"))
  }

  @Test func aScriptFindsItsNeighbours() {
    var shell = makeShell(files: [
      "dir/a.oomsh": "source sub/b.oomsh\necho a\n", "dir/sub/b.oomsh": "source c.oomsh\n",
      "dir/sub/c.oomsh": "echo c\nnothing\n",
    ])
    let answer = shell.run("source dir/a.oomsh")
    #expect(answer.output == "c\n")
    #expect(answer.diagnostics.hasPrefix("dir/sub/c.oomsh:2: error: unknown command"))
    #expect(shell.state.origin == .prompt)
  }

  @Test func pathsBeginAtTheScript() {
    var state = ShellState(environment: .holding([:]))
    #expect(state.resolve("a") == "a" && state.resolve("~/a") == "/home/u/a")
    state.origin = Origin(place: nil, directory: "dir/", depth: 1)
    #expect(state.resolve("a") == "dir/a" && state.resolve("../a") == "dir/../a")
    #expect(state.resolve("/a") == "/a" && state.resolve("-") == "-")
    #expect(state.resolve("~/a") == "/home/u/a" && state.resolve("~x") == "dir/~x")
  }

  @Test func aScriptThatCallsItselfEnds() {
    var shell = makeShell(files: ["a.oomsh": "echo x\nsource a.oomsh\n"])
    let answer = shell.run("source a.oomsh")
    #expect(answer.output == String(repeating: "x\n", count: 16))
    #expect(
      answer.diagnostics
        == "a.oomsh:2: error: 'a.oomsh' would be script 17 inside another\n"
        + "hint: does a script call itself?\n")
    #expect(answer.status == 3)
  }

  @Test func quitInAScriptEndsEverything() {
    var shell = makeShell(files: ["a.oomsh": "echo a\nquit 3\necho b\n"])
    let answer = shell.run("source a.oomsh; echo c")
    #expect(answer.output == "a\n" && answer.exit == 3 && answer.status == 0)
  }

  @Test func settingsOutliveTheScript() {
    var shell = makeShell(files: ["a.oomsh": "set units kB\n"])
    _ = shell.run("source a.oomsh")
    #expect(shell.state.settings.units == .kB)
  }

  @Test func textOfTheCommandLineIsAScript() {
    var shell = makeShell()
    let answer = shell.run("echo a\necho b; ech c", named: "-c", firstLine: 2)
    #expect(answer.output == "a\nb\n" && answer.diagnostics.hasPrefix("-c:3: error: 'ech' is"))
  }
}
