import OOMShell
import Testing

@testable import oomsh

@Suite struct OptionTests {
  @Test func commandsAndScriptsKeepTheirOrder() throws {
    let options = try Oomsh.parse([
      "-f", "a", "kern.log", "-c", "one", "--command=two", "--file", "b", "x.log", "-c", "three",
    ])
    #expect(
      options.requests == [
        .script("a"), .command("one"), .command("two"), .script("b"), .command("three"),
      ])
    #expect(options.files == ["kern.log", "x.log"])
  }

  @Test func aCommandMayLookLikeAFlag() throws {
    let options = try Oomsh.parse(["-c", "--x", "-f", "-c", "-"])
    #expect(options.requests == [.command("--x"), .script("-c")])
    #expect(options.files == ["-"])
  }

  @Test func settingsAreThoseThatWereGiven() throws {
    let options = try Oomsh.parse(["--format", "json", "--width=40"])
    #expect(options.settings.map(\.name) == ["format", "width"])
    #expect(options.settings.map(\.value) == ["json", "40"])
    #expect(try Oomsh.parse([]).settings.isEmpty)
  }
}
