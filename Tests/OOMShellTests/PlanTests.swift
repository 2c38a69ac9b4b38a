import Testing

@testable import OOMShell

@Suite struct PlanTests {
  private func plan(_ files: [String], _ requests: [Plan.Request] = []) -> Plan {
    Plan(files: files, requests: requests) { Script.isScript(path: $0) }
  }

  @Test func logsFirstThenScriptsThenRequestsInOrder() {
    let plan = plan(
      ["a.oomsh", "kern.log", "my log"],
      [.command("x"), .script("b"), .command("y\nz"), .command("w")])
    #expect(plan.loadLine == "load --quiet kern.log 'my log'")
    #expect(
      plan.steps == [
        .script(path: "a.oomsh"), .command("x", firstLine: 1), .script(path: "b"),
        .command("y\nz", firstLine: 2), .command("w", firstLine: 4),
      ])
  }

  @Test func asksForCommandsWhereNothingElseIsToBeRun() {
    #expect(plan([]).asksForCommands && plan(["kern.log"]).asksForCommands)
    #expect(!plan(["a.oomsh"]).asksForCommands)
    #expect(!plan([], [.command("x")]).asksForCommands)
    #expect(!plan(["-"]).asksForCommands)
    #expect(plan([]).loadLine == nil)
  }

  @Test func aLogNamedLikeAFlagIsStillALog() {
    let line = Plan(files: ["--x"], requests: []) { _ in false }.loadLine ?? ""
    let words = Lexer.scan(line).lastCommand
    #expect(words.map(\.text) == ["load", "--x"] && words.allSatisfy { !$0.isFlag })
  }
}
