import Presentation
import Testing

@testable import OOMShell

@Suite struct CompletionTests {
  private static let command = Command(
    "try", .shell, "be tried",
    parameters: [
      Parameter(
        "WHAT", .choice([Choice("victims", "by name"), Choice("hosts", "")]), .required, "s"),
      Parameter("EVENT", .events, .zeroOrMore, "s"),
      .flag("all", "everything"),
      .option("by", .choice([Choice("rss", "resident"), Choice("swap", "")]), "the order"),
    ], examples: []
  ) { (_, _) throws(CommandError) in Document() }

  private static var state: ShellState {
    let files = ["kern.log": "", "my logs/a b": "", ".hidden": "", "sub/x.log": "", "it's": ""]
    let table = CommandTable(CommandTable.ofTheShell.commands + [command])
    var state = ShellState(environment: .holding(files), commands: table)
    state.view.events = { [Choice("1", "12:00 java"), Choice("12", "13:00 mysqld")] }
    return state
  }

  /// Completes at the end of the line, or at `^` in it.
  private func complete(_ line: String) -> Completion {
    let cursor = line.split(separator: "^", omittingEmptySubsequences: false)[0].utf8.count
    return Completion.of(
      String(line.filter { $0 != "^" }), cursor: cursor, in: Self.state)
  }

  private func texts(_ line: String) -> [String] { complete(line).candidates.map(\.text) }

  @Test(arguments: [
    ("ex", ["explain"]), ("h", ["help", "history"]), ("echo a; qu", ["quit"]), ("xyz", []),
    ("ev^erything", []), ("ec^xx", ["echo"]),
  ])
  func commands(line: String, expected: [String]) {
    #expect(texts(line) == expected)
  }

  @Test func wordsOfTheGlossaryAreCompleted() {
    #expect(texts("explain total-").contains("total-vm"))
    #expect(texts("explain __GFP_NOF") == ["__GFP_NOFAIL"])
    #expect(texts("explain task-t") == ["task-tables"])
  }

  @Test func anEmptyLineOffersEveryCommand() {
    #expect(texts("").count == Self.state.commands.commands.count)
    #expect(texts("echo a; ").count == Self.state.commands.commands.count)
  }

  @Test func commandsCarryTheirSummary() {
    #expect(
      complete("qu")
        == Completion(
          replaceFrom: 0, candidates: [Completion.Candidate("quit", "leave oomsh")]))
  }

  @Test(arguments: [
    ("try v", ["victims"]), ("try ", ["victims", "hosts"]), ("tr h", ["hosts"]),
    ("try victims ", ["1", "12", "first", "last"]), ("try victims 1", ["1", "12"]),
    ("try victims 3,l", ["3,last"]), ("try victims 3 f", ["first"]),
    ("try --", ["--all", "--by="]), ("try --all --", ["--by="]),
    ("try --by=", ["--by=rss", "--by=swap"]),
    ("try --by s", ["swap"]), ("try --by swap v", ["victims"]), ("try --all v", ["victims"]),
    ("try -- --", []), ("try --nothing=", []),
    ("set u", ["units"]), ("set units ", ["binary", "kB", "bytes"]), ("set units k", ["kB"]),
    ("set nothing ", []), ("set units kB ", []), ("help hist", ["history"]),
    ("echo a", []), ("# he", []), ("he | l", []), ("nothing ", []), ("try victims\\", []),
  ])
  func arguments(line: String, expected: [String]) {
    #expect(texts(line) == expected)
  }

  @Test func topicsOfHelp() {
    #expect(texts("help key") == ["keys"])
    #expect(texts("explain anon-r").contains("anon-rss"))
  }

  @Test(arguments: [
    ("source ", ["\"it's\"", "kern.log", "'my logs/", "sub/"]),
    ("source k", ["kern.log"]), ("source .", [".hidden"]), ("source sub/", ["sub/x.log"]),
    ("source my", ["'my logs/"]), ("source 'my", ["'my logs/"]), ("source \"my", ["\"my logs/"]),
    ("source 'my logs/", ["'my logs/a b'"]), ("source \"my logs/a", ["\"my logs/a b\""]),
    ("source my\\ logs/", ["'my logs/a b'"]), ("source 'ker", ["'kern.log'"]),
  ])
  func paths(line: String, expected: [String]) {
    #expect(texts(line) == expected)
    #expect(complete(line).replaceFrom == 7)
  }

  @Test func aDirectoryIsNotTheEnd() {
    #expect(complete("source su").candidates.map(\.isPartial) == [true])
    #expect(complete("source ke").candidates.map(\.isPartial) == [false])
  }

  @Test func replacesFromTheWordsFirstByte() {
    #expect(complete("echo 한; he").replaceFrom == 10)
    #expect(complete("set units ").replaceFrom == 10)
  }

  /// What Tab inserts must be read back as what was offered, wherever the cursor is.
  @Test func aCursorAnywhereIsSafe() {
    let line = "try victims 한 --by=rss; source 'my lo"
    for cursor in -1...line.utf8.count + 1 {
      let completion = Completion.of(line, cursor: cursor, in: Self.state)
      #expect((0...line.utf8.count).contains(completion.replaceFrom))
    }
  }

  @Test func hostileNamesAreShownEscaped() {
    var state = Self.state
    state.view.events = { [Choice("1", "evil\u{1b}[2J")] }
    let description = Completion.of("try victims 1", cursor: 13, in: state).candidates[0]
      .description
    #expect(description == #"evil\x1b[2J"#)
  }
}
