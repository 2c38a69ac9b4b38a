import Synchronization
import Testing

@testable import OOMShell

@Suite struct ConversationTests {
  /// Plays events, and keeps the prompts that it was shown.
  private struct Player: LineSource {
    var events: [LineEvent]
    var prompts: [String] = []
    var remembered: [String] = []
    var completions: [Completion] = []

    init(_ events: [LineEvent]) { self.events = events }

    init(lines: String...) { self.init(lines.map { .line($0) }) }

    mutating func nextLine(
      prompt: String, complete: @escaping @Sendable (String, Int) -> Completion
    ) -> LineEvent {
      prompts.append(prompt)
      completions.append(complete("qu", 2))
      return events.isEmpty ? .end : events.removeFirst()
    }

    mutating func remember(_ line: String) { remembered.append(line) }
  }

  private struct Outcome {
    var status: Int32
    var output = ""
    var diagnostics = ""
    var player: Player
    var shell: Shell
  }

  private func converse(_ player: Player, scriptName: String? = nil) -> Outcome {
    let said = Mutex<[Piece]>([])
    var conversation = Conversation(makeShell(), player, scriptName: scriptName) { piece in
      said.withLock { $0.append(piece) }
    }
    let status = conversation.run()
    var outcome = Outcome(status: status, player: conversation.source, shell: conversation.shell)
    for piece in said.withLock({ $0 }) {
      switch piece {
      case .output(let text): outcome.output += text
      case .diagnostics(let text): outcome.diagnostics += text
      }
    }
    return outcome
  }

  @Test func aPersonGoesOnAfterAnError() {
    let outcome = converse(Player(lines: "echo a", "nothing", "ech b"))
    #expect(outcome.output == "a\nb\n" && outcome.status == 0)
    #expect(outcome.diagnostics.hasPrefix("error: unknown command 'nothing'\n"))
    #expect(outcome.player.prompts == ["oomsh> ", "oomsh> ", "oomsh> ", "oomsh> "])
    #expect(outcome.player.remembered == ["echo a", "nothing", "ech b"])
    #expect(outcome.shell.state.history == outcome.player.remembered)
  }

  @Test func aScriptEndsAtAnError() {
    let outcome = converse(
      Player(lines: "echo a", "# x", "| a", "nothing", "echo b"), scriptName: "stdin")
    #expect(outcome.output == "a\n" && outcome.status == 2)
    #expect(outcome.diagnostics.hasPrefix("stdin:4: error: unknown command 'nothing'\n"))
    #expect(outcome.player.prompts.allSatisfy(\.isEmpty) && outcome.player.remembered.isEmpty)
  }

  @Test func quitEndsIt() {
    let outcome = converse(Player(lines: "quit 7", "echo a"))
    #expect(outcome.status == 7 && outcome.output.isEmpty)
  }

  @Test func anInterruptedLineIsForgotten() {
    let outcome = converse(Player([.interrupted, .line("echo a"), .interrupted]))
    #expect(outcome.output == "a\n" && outcome.status == 0)
    #expect(converse(Player([.interrupted]), scriptName: "stdin").status == 130)
  }

  @Test func aLineGoesOnAfterABackslash() {
    let outcome = converse(Player(lines: "echo a \\", "  b \\", "c", "echo d"))
    #expect(outcome.output == "a b c\nd\n")
    #expect(outcome.player.prompts.prefix(4) == ["oomsh> ", "   ...> ", "   ...> ", "oomsh> "])
    #expect(outcome.player.remembered == ["echo a   b c", "echo d"])
  }

  @Test func anInterruptionForgetsTheWholeOfIt() {
    let outcome = converse(Player([.line("echo a \\"), .interrupted, .line("echo b")]))
    #expect(outcome.output == "b\n")
  }

  @Test func theNumberOfAJoinedLineIsItsFirst() {
    let outcome = converse(Player(lines: "", "nothing \\", " x"), scriptName: "stdin")
    #expect(outcome.diagnostics.hasPrefix("stdin:2: error: "))
  }

  @Test func theEndAfterABackslashIsAnError() {
    let outcome = converse(Player(lines: "echo a \\"), scriptName: "stdin")
    #expect(outcome.diagnostics.hasPrefix("stdin:1: error: the line ends in a backslash"))
    #expect(outcome.status == 2)
  }

  @Test func aLineThatCannotBeReadEndsIt() {
    let outcome = converse(
      Player([.line("echo a"), .unreadable("not UTF-8")]), scriptName: "stdin")
    #expect(outcome.diagnostics == "stdin:2: error: not UTF-8\n" && outcome.status == 4)
  }

  @Test func offersCompletions() {
    let outcome = converse(Player(lines: "echo a"))
    #expect(outcome.player.completions.first?.candidates.map(\.text) == ["quit"])
  }

  @Test func aScriptOfANewerVersionIsRefused() {
    let outcome = converse(Player(lines: "#: oomsh 2", "echo a"), scriptName: "stdin")
    #expect(outcome.output.isEmpty && outcome.status == 2)
  }

  @Test(
    arguments: [
      (SessionView(), "oomsh> "),
      (SessionView(shown: 12, total: 12), "oomsh 12> "),
      (SessionView(shown: 3, total: 12, filters: ["since 24h"]), "oomsh 3/12 (since 24h)> "),
      (SessionView(shown: 12, total: 12, filters: ["since 24h"]), "oomsh 12/12 (since 24h)> "),
      (
        SessionView(shown: 30, unplaced: 27, total: 35, filters: ["since 1m"]),
        "oomsh 3+27?/35 (since 1m)> "
      ),
      (
        SessionView(shown: 0, total: 12, filters: ["since 24h", "victim a\u{1b}[2J"]),
        #"oomsh 0/12 (since 24h, victim a\x1b[2J)> "#
      ),
      (
        SessionView(shown: 0, total: 12, filters: [String(repeating: "x", count: 90)]),
        "oomsh 0/12 (\(String(repeating: "x", count: 37))...)> "
      ),
    ] as [(SessionView, String)])
  func thePromptShowsWhatIsInView(view: SessionView, prompt: String) {
    #expect(view.prompt == prompt)
  }
}
