import OOMShell
import Testing

@testable import oomsh

@Suite struct OptionTests {
  @Test func commandsAndScriptsKeepTheirOrder() throws {
    let options = try Oomsh.parse([
      "-f", "a", "kern.log", "-c", "one", "--command=two", "--file", "b", "x.log", "-c", "three",
    ]).options
    #expect(
      options.requests == [
        .script("a"), .command("one"), .command("two"), .script("b"), .command("three"),
      ])
    #expect(options.files == ["kern.log", "x.log"])
  }

  @Test func aCommandMayLookLikeAFlag() throws {
    let options = try Oomsh.parse(["-c", "--x", "-f", "-c", "-"]).options
    #expect(options.requests == [.command("--x"), .script("-c")])
    #expect(options.files == ["-"])
  }

  @Test func settingsAreThoseThatWereGiven() throws {
    let options = try Oomsh.parse(["--format", "json", "--width=40"]).options
    #expect(options.settings.map(\.name) == ["format", "width"])
    #expect(options.settings.map(\.value) == ["json", "40"])
    #expect(try Oomsh.parse([]).options.settings.isEmpty)
  }

  /// Without options the command line is not taken apart, which must come to the same.
  @Test(arguments: [[], ["kern.log"], ["-", "a b", "x.oomsh", ""], ["extracted", "한글.log"]])
  func filesAlone(_ words: [String]) throws {
    let (parsed, plain) = (try Oomsh.parse(words).options, Launch.Options(files: words))
    #expect(parsed.files == plain.files)
    #expect(parsed.requests == plain.requests && plain.requests.isEmpty)
    #expect(parsed.settings.isEmpty && plain.settings.isEmpty)
    #expect(parsed.root == plain.root)
    #expect(parsed.keepsHistory == plain.keepsHistory && parsed.greets == plain.greets)
  }
}
