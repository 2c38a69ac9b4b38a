import Presentation
import Synchronization
import Testing

@testable import OOMShell

@Suite struct ShellTests {
  @Test func runsTheCommandsOfALine() {
    var shell = makeShell()
    let answer = shell.run("echo a b; echo 'c  d' # e")
    #expect(answer.output == "a b\nc  d\n")
    #expect(answer.status == 0 && answer.diagnostics.isEmpty && !answer.wantsExit)
  }

  @Test(arguments: ["", "   ", "# nothing", ";;"])
  func aLineWithoutCommandsSaysNothing(line: String) {
    var shell = makeShell()
    #expect(shell.run(line) == Shell.Answer(pieces: [], status: 0, exit: nil))
  }

  @Test func stopsAtTheFirstError() {
    var shell = makeShell()
    let answer = shell.run("echo a; nothing; echo b")
    #expect(
      answer.pieces == [
        .output("a\n"),
        .diagnostics("error: unknown command 'nothing'\nhint: 'help' lists the commands\n"),
      ])
    #expect(answer.status == 2)
  }

  @Test func aLineThatCannotBeReadDoesNothing() {
    var shell = makeShell()
    #expect(shell.run("echo a; echo 'b").output.isEmpty)
  }

  @Test func theNextLineStartsAfresh() {
    var shell = makeShell()
    _ = shell.run("nothing")
    #expect(shell.run("echo a") == Shell.Answer(pieces: [.output("a\n")], status: 0, exit: nil))
  }

  @Test func quitEndsTheLine() {
    var shell = makeShell()
    let answer = shell.run("quit 3; echo a")
    #expect(answer.exit == 3 && answer.wantsExit && answer.output.isEmpty && answer.status == 0)
    var other = makeShell()
    #expect(other.run("exit").exit == 0)
  }

  @Test func anInterruptionStopsBeforeTheNextCommand() {
    let calls = Mutex(0)
    var environment = Environment()
    environment.isInterrupted = {
      calls.withLock {
        $0 += 1; return $0 > 1
      }
    }
    var shell = Shell(ShellState(environment: environment))
    let answer = shell.run("echo a; echo b")
    #expect(answer.output == "a\n" && answer.diagnostics == "error: interrupted\n")
    #expect(answer.status == 130)
  }

  @Test func deliversAtOnceWhereItCan() {
    let said = Mutex<[Piece]>([])
    var environment = Environment()
    environment.deliver = { piece in said.withLock { $0.append(piece) } }
    var shell = Shell(ShellState(environment: environment))
    #expect(shell.run("echo a; nothing").pieces.isEmpty)
    #expect(said.withLock { $0.count } == 2)
  }

  @Test func settingsHoldForTheNextCommand() {
    var shell = makeShell()
    #expect(
      shell.run("set format json; history").output
        == #"{"notes":[{"severity":"info","text":"no line was typed yet"}]}"# + "\n")
    #expect(shell.state.settings.format == "json")
  }

  @Test func keepsTheLastAnswerThatShowedAnything() {
    var shell = makeShell()
    _ = shell.run("echo a; set units kB")
    #expect(shell.state.lastDocument == Document([.verbatim(["a"])]))
  }

  @Test func remembersWhatIsWorthIt() {
    var shell = makeShell()
    let kept = ["a", "a", "", " secret", "\tb", "b", "a"].map { shell.remember($0) }
    #expect(kept == [true, false, false, false, false, true, true])
    #expect(shell.state.history == ["a", "b", "a"])
  }

  @Test func historyCountsFromTheFirstLine() {
    var shell = makeShell()
    for line in ["one", "two", "three"] { _ = shell.remember(line) }
    #expect(shell.run("set format csv; history 2").output == "number,line\n2,two\n3,three\n")
    #expect(shell.run("history 9").output == "number,line\n1,one\n2,two\n3,three\n")
  }

  @Test func explainsATermHoweverItIsWritten() {
    var shell = makeShell()
    let answer = shell.run("explain anon-rss")
    #expect(answer.status == 0 && !answer.output.isEmpty)
    for spelling in ["ANON-RSS", "anon_rss", "anon rss"] {
      #expect(shell.run("explain \(spelling)") == answer)
    }
    let unknown = shell.run("explain anon-rsss")
    #expect(
      unknown.diagnostics.hasPrefix(
        "error: explain: no such term: 'anon-rsss'\nhint: did you mean 'anon-rss'"))
    #expect(shell.run("explain").output.contains("anon-rss"))
  }

  @Test func tellsAboutACommand() {
    var shell = makeShell()
    let page = shell.run("help set").output
    for text in ["set [NAME [VALUE]]", "NAME", "a setting", "set units kB", "Shows or changes"] {
      #expect(page.contains(text))
    }
    #expect(shell.run("help quit").output.contains("Also: exit."))
    #expect(shell.run("help exit") == shell.run("help quit"))
    #expect(shell.run("help hist") == shell.run("help history"))
    #expect(shell.run("help hist", from: .script).status == 2)
    #expect(shell.run("help keys").output.contains("Ctrl-R"))
    #expect(shell.run("help command.set").status == 2)
  }

  @Test func helpIsDataToo() {
    var shell = makeShell()
    let output = shell.run("set format json; help").output
    #expect(
      output.contains(#"{"name":"quit","aliases":["exit"],"group":"shell","usage":"quit [STATUS]""#)
    )
  }

  @Test func listsAndShowsSettings() {
    var shell = makeShell()
    let list = shell.run("set").output
    #expect(Setting.all.allSatisfy { list.contains($0.name) })
    let one = shell.run("set width").output
    #expect(one.contains("auto") && one.contains("20 to 10000"))
    #expect(shell.run("set width 40").pieces.isEmpty)
    #expect(shell.state.settings.width == 40)
  }
}
