import Presentation
import Testing

@testable import OOMShell

@Suite struct ArgumentMatcherTests {
  private static func command(_ parameters: [Parameter]) -> Command {
    Command("try", .shell, "be tried", parameters: parameters, examples: []) {
      (_, _) throws(CommandError) in Document()
    }
  }

  private static let kinds = command([
    Parameter("WHAT", .choice([Choice("victims", "v"), Choice("hosts", "h")]), .required, "s"),
    Parameter("N", .integer(1...9), .optional, "s"),
    .flag("all", "s"), .option("min", .size, "s"),
    .option("by", .choice([Choice("rss", "r"), Choice("swap", "s")]), "s"),
  ])
  private static let events = command([Parameter("EVENT", .events, .zeroOrMore, "s")])
  private static let files = command([Parameter("FILE", .path, .oneOrMore, "s")])
  private static let time = command([Parameter("TIME", .time, .rest, "s")])
  private static let text = command([
    Parameter("NAME", .text, .required, "s"), Parameter("TEXT", .text, .optionalRest, "s"),
  ])

  private func match(_ line: String, _ command: Command) throws(CommandError) -> Arguments {
    try ArgumentMatcher.match(Lexer.scan(line).lastCommand[...], with: command)
  }

  @Test func takesEachKind() throws {
    let arguments = try match("victims --min 1.5G 3 --all --by=swap", Self.kinds)
    #expect(arguments.text("WHAT") == "victims")
    #expect(arguments.integer("N") == 3)
    #expect(arguments.size("min") == 1_610_612_736)
    #expect(arguments.text("by") == "swap")
    #expect(arguments.has("all"))
  }

  @Test func whatIsLeftOutIsNil() throws {
    let arguments = try match("hosts", Self.kinds)
    #expect(arguments.integer("N") == nil && arguments.size("min") == nil)
    #expect(!arguments.has("all") && !arguments.has("N"))
    #expect(arguments.time("WHAT") == nil)
  }

  @Test func gathersRepeatedOnes() throws {
    #expect(try match("a 'b c' -", Self.files).texts("FILE") == ["a", "b c", "-"])
    #expect(
      try match("3 5-6 last", Self.events).events("EVENT") == [.number(3), .range(5...6), .last])
    #expect(try match("", Self.events).events("EVENT").isEmpty)
  }

  @Test func joinsTheRest() throws {
    #expect(
      try match("yesterday  14:00", Self.time).time("TIME") == TimeText.parse("yesterday 14:00"))
    let arguments = try match("x a  'b  c'", Self.text)
    #expect(arguments.text("NAME") == "x" && arguments.text("TEXT") == "a b  c")
    #expect(try match("x", Self.text).text("TEXT") == nil)
  }

  @Test func twoDashesEndTheFlags() throws {
    #expect(try match("-- --all", Self.files).texts("FILE") == ["--all"])
    #expect(try match("'--all' \\--x", Self.files).texts("FILE") == ["--all", "--x"])
  }

  @Test(arguments: [
    (
      "", "try: WHAT is missing",
      "usage: try WHAT [N] [--all] [--min=SIZE] [--by=rss|swap]; WHAT is one of victims, hosts; "
        + "see 'help try'"
    ),
    (
      "victms", "try: WHAT: no such value: 'victms'",
      "did you mean 'victims'? legal: victims, hosts; see 'help try'"
    ),
    ("hosts 12", "try: N: '12' is no number that fits", "legal: 1 to 9; see 'help try'"),
    ("hosts x", "try: N: 'x' is no number that fits", "legal: 1 to 9; see 'help try'"),
    (
      "hosts 1 2", "try: nothing is expected at '2'",
      "usage: try WHAT [N] [--all] [--min=SIZE] [--by=rss|swap]; see 'help try'"
    ),
    (
      "hosts --al", "try: unknown flag '--al'",
      "did you mean '--all'? legal: --all, --min, --by; see 'help try'"
    ),
    (
      "hosts --all --all", "try: --all is given twice",
      "usage: try WHAT [N] [--all] [--min=SIZE] [--by=rss|swap]"
    ),
    (
      "hosts --all=1", "try: --all takes no value",
      "usage: try WHAT [N] [--all] [--min=SIZE] [--by=rss|swap]"
    ),
    ("hosts --min", "try: --min needs a value", "write --min=SIZE; see 'help try'"),
    (
      "hosts --min=lots", "try: --min: 'lots' is no size",
      "a size is 512M, 1.5G, 64kB or plain bytes; see 'help try'"
    ),
    (
      "hosts --by=rsss", "try: --by: no such value: 'rsss'",
      "did you mean 'rss'? legal: rss, swap; see 'help try'"
    ),
  ])
  func refuses(line: String, message: String, hint: String) {
    #expect(throws: CommandError(.usage, message, hint: hint)) { try match(line, Self.kinds) }
  }

  @Test func refusesForOtherKinds() {
    #expect(
      throws: CommandError(
        .usage, "try: EVENT: 'x' names no event",
        hint: "an event is 3, 2-5, 2,4,7, first, last or .; see 'help try'")
    ) { try match("1 x", Self.events) }
    #expect(
      throws: CommandError(
        .usage, "try: unknown flag '--x'", hint: "it has none; see 'help try'")
    ) { try match("--x", Self.files) }
    #expect(
      throws: CommandError(
        .usage, "try: FILE is missing", hint: "usage: try FILE…; see 'help try'")
    ) { try match("", Self.files) }
  }
}
