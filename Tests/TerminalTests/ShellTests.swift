import Glibc
import TestSupport
import Testing

/// The shell itself, as a person at a terminal meets it.
@Suite(.serialized)
struct ShellTests {
  private let home: TemporaryDirectory

  init() throws {
    home = try TemporaryDirectory()
  }

  private func oomsh(
    _ arguments: [String] = [], environment: [String: String?] = [:]
  ) throws -> PseudoTerminal {
    let variables: [String: String?] = ["HOME": home.path, "TZ": "UTC", "NO_COLOR": "1"]
    return try PseudoTerminal(
      Product.path("oomsh"), arguments, environment: variables.merging(environment) { $1 })
  }

  @Test func `A conversation: prompt, completion, ^C, ^D`() throws {
    let terminal = try oomsh()
    try terminal.expect("oomsh> ")
    try terminal.send("ec\t한국\r")
    try terminal.expect("한국\r\n한국\r\n")
    try terminal.expect("oomsh> ")
    try terminal.send("half")
    try terminal.see("oomsh> half")
    try terminal.send("\u{3}")
    try terminal.expect("^C")
    try terminal.expect("oomsh> ")
    try terminal.send("\u{4}")
    #expect(try terminal.waitForExit() == .status(0))
  }

  @Test(arguments: ["C", "ko_KR.UTF-8", nil])
  func `Korean works in any locale`(language: String?) throws {
    let terminal = try oomsh(environment: ["LANG": language])
    try terminal.expect("oomsh> ")
    try terminal.send("echo 메모리\r")
    try terminal.expect("메모리\r\n메모리\r\n")
  }

  @Test func `Commands are remembered in a private file below XDG_STATE_HOME`() throws {
    let environment: [String: String?] = ["XDG_STATE_HOME": home.place("state")]
    let terminal = try oomsh(environment: environment)
    try terminal.expect("oomsh> ")
    try terminal.send("echo 한국 one\r")
    try terminal.expect("oomsh> ")
    try terminal.send(" echo hidden\r")
    try terminal.expect("oomsh> ")
    kill(terminal.pid, SIGHUP)
    #expect(try terminal.waitForExit() == .signal(SIGHUP))
    #expect(try home.content(of: "state/oomsh/history") == "echo 한국 one\n")
    var status = stat()
    #expect(unsafe stat(home.place("state/oomsh/history"), &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
    let again = try oomsh(environment: environment)
    try again.expect("oomsh> ")
    try again.send("\u{12}한국")
    try again.see("oomsh> echo 한국 one")
  }

  @Test func `A command that is typed while nothing reads is not lost at the end`() throws {
    let shell = try PseudoTerminal(
      "/bin/bash", ["--norc", "--noprofile", "-i"],
      environment: ["PS1": "sh$ ", "HOME": home.path])
    try shell.expect("sh$ ")
    try shell.send("\(try Product.path("oomsh"))\r")
    try shell.expect("oomsh> ")
    try shell.send("echo a\rquit\recho back-$((6*7))\r")
    try shell.expect("back-42")
  }

  @Test func `Without a standard input there is nothing to do`() throws {
    let terminal = try PseudoTerminal(
      Product.path("oomsh"), environment: ["HOME": home.path], closesInput: true)
    let exit = try terminal.waitForExit()
    #expect(exit == .status(0) || exit == .status(4), "\(exit): \(terminal.transcript)")
  }

  @Test func `A dumb terminal gets no control sequences`() throws {
    let terminal = try oomsh(environment: ["TERM": "dumb"])
    try terminal.expect("oomsh> ")
    try terminal.send("echo plain\r")
    try terminal.expect("plain\r\nplain\r\n")
    #expect(!terminal.raw.contains(0x1B))
  }
}
