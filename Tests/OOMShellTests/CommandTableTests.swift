import Presentation
import Testing

@testable import OOMShell

@Suite struct CommandTableTests {
  private let commands = CommandTable.standard.commands

  @Test func noTwoNamesAreAlike() {
    let names = CommandTable.standard.names
    #expect(Set(names).count == names.count)
  }

  @Test func namesAreLowerCaseWords() {
    for name in CommandTable.standard.names {
      #expect(!name.isEmpty && name.utf8.allSatisfy { (0x61...0x7A).contains($0) }, "\(name)")
    }
  }

  @Test func groupsStandTogetherInTheOrderOfHelp() {
    let order = commands.compactMap { Command.Group.allCases.firstIndex(of: $0.group) }
    #expect(order == order.sorted())
  }

  /// `help` fits a terminal of 80 columns and 24 rows, a prompt included.
  @Test func helpFitsAScreen() {
    var shell = makeShell(commands: .standard)
    let lines = shell.run("help").output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count <= 24)
    #expect(lines.allSatisfy { $0.displayWidth <= 80 && !$0.contains("…") })
  }

  @Test(arguments: CommandTable.standard.commands.map(\.name))
  func isWellFormed(name: String) throws {
    let command = try #require(CommandTable.standard[name])
    #expect(!command.summary.isEmpty && !command.summary.hasSuffix("."))
    #expect(command.usage.hasPrefix(command.name))
    #expect(!command.examples.isEmpty)

    let positionals = command.positionals
    #expect(positionals.dropLast().allSatisfy { !$0.isLast }, "only the last takes all that follow")
    let firstOptional = positionals.firstIndex { !$0.isRequired } ?? positionals.endIndex
    #expect(positionals[firstOptional...].allSatisfy { !$0.isRequired })
    #expect(Set(command.parameters.map(\.name)).count == command.parameters.count)
    for parameter in command.parameters {
      #expect(!parameter.summary.isEmpty)
      #expect(!parameter.name.isEmpty && !parameter.name.contains(" "))
    }
  }

  /// Every example is a line of the shell that its own command takes.
  @Test(arguments: CommandTable.standard.commands.map(\.name))
  func examplesParse(name: String) throws {
    let command = try #require(CommandTable.standard[name])
    for example in command.examples {
      let line = Lexer.scan(example.line)
      #expect(line.fault == nil && !line.continues && !example.shows.isEmpty)
      for words in line.commands {
        let found = try CommandTable.standard.command(named: words[0].text, allowsPrefix: false)
        _ = try ArgumentMatcher.match(words.dropFirst(), with: found)
      }
      #expect(line.commands.contains { $0[0].text == command.name })
    }
  }

  @Test func aPrefixIsEnoughAtThePromptOnly() throws {
    let table = CommandTable.ofTheShell
    #expect(try table.command(named: "hist", allowsPrefix: true).name == "history")
    #expect(try table.command(named: "exi", allowsPrefix: true).name == "quit")
    #expect(
      throws: CommandError(
        .usage, "'hist' is a shortened command, which only the prompt takes",
        hint: "write it out: history")
    ) { try table.command(named: "hist", allowsPrefix: false) }
    #expect(
      throws: CommandError(
        .usage, "'h' is a shortened command, which only the prompt takes",
        hint: "write it out: help or history")
    ) { try table.command(named: "h", allowsPrefix: false) }
  }

  @Test func anAliasIsTheCommand() throws {
    #expect(try CommandTable.standard.command(named: "exit", allowsPrefix: false).name == "quit")
  }

  @Test func usageNestsWhatCanBeLeftOut() {
    let command = Command(
      "try", .shell, "be tried",
      parameters: [
        Parameter("A", .text, .required, "s"), Parameter("B", .text, .optional, "s"),
        Parameter("C", .text, .zeroOrMore, "s"), .flag("all", "s"), .option("min", .size, "s"),
      ], examples: []
    ) { (_, _) throws(CommandError) in Document() }
    #expect(command.usage == "try A [B [C…]] [--all] [--min=SIZE]")
    #expect(CommandTable.standard["source"]?.usage == "source FILE")
    #expect(CommandTable.standard["set"]?.usage == "set [NAME [VALUE]]")
  }
}
