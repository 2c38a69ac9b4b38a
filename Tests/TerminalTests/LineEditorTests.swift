import Glibc
import TestSupport
import Testing

/// The line editor by itself, under a real pseudo-terminal.
@Suite(.serialized)
struct LineEditorTests {
  private func demo(
    _ arguments: [String] = [], environment: [String: String?] = [:], columns: UInt16 = 80,
    outputPath: String? = nil
  ) throws -> PseudoTerminal {
    try PseudoTerminal(
      Product.path("LineEditorDemo"), arguments, environment: environment, columns: columns,
      outputPath: outputPath)
  }

  // MARK: Characters

  @Test(arguments: ["C", "POSIX", "ko_KR.UTF-8", "C.UTF-8", nil])
  func `Korean and emoji are typed and edited in any locale`(language: String?) throws {
    let terminal = try demo(environment: ["LANG": language])
    try terminal.expect("demo> ")
    try terminal.send("한국어\u{7F} é😀\r")
    try terminal.expect("got: 한국 é😀|")
  }

  @Test func `A Korean prompt in the C locale does not crash`() throws {
    let terminal = try demo(environment: ["LC_ALL": "C", "DEMO_PROMPT": "메모리> "])
    try terminal.expect("메모리> ")
    try terminal.send("누가\r")
    try terminal.expect("got: 누가|")
  }

  @Test func `Colours in the prompt do not disturb the line`() throws {
    let prompt = "\u{1B}[1m\u{1B}[31mred\u{1B}[0m> \u{1B}[0m"
    let terminal = try demo(environment: ["DEMO_PROMPT": prompt], columns: 20)
    try terminal.expect("red> ")
    try terminal.send("a line that is wrapped\u{1B}[HX\r")
    try terminal.expect("got: Xa line that is wrapped|")
    #expect(!terminal.transcript.contains("\u{1}"))
  }

  @Test func `Bytes that are no UTF-8 become replacement characters`() throws {
    let terminal = try demo()
    try terminal.expect("demo> ")
    try terminal.send(bytes: [0x61, 0xFF, 0x62, 0xE2, 0x82, 0x63, 0x0D])
    try terminal.expect("got: a\u{FFFD}b\u{FFFD}c|")
  }

  // MARK: Interrupt, end, stop

  @Test func `^C clears the line and never ends`() throws {
    let terminal = try demo()
    try terminal.expect("demo> ")
    for round in 1...3 {
      try terminal.send("half\(round)")
      try terminal.expect("half\(round)")
      try terminal.send("\u{3}")
      try terminal.expect("^C\r\ninterrupted\r\n")
      try terminal.expect("demo> ")
    }
    try terminal.send("whole\r")
    try terminal.expect("got: whole|")
  }

  @Test func `^C leaves a search`() throws {
    let terminal = try demo()
    try terminal.expect("demo> ")
    try terminal.send("findme\r")
    try terminal.expect("got: findme|")
    try terminal.expect("demo> ")
    try terminal.send("\u{12}find")
    try terminal.see("bck:find")
    try terminal.send("\u{3}")
    try terminal.expect("interrupted")
    try terminal.expect("demo> ")
    try terminal.send("after\r")
    try terminal.expect("got: after|")
  }

  @Test func `^C during a command stops the command only`() throws {
    let terminal = try demo()
    try terminal.expect("demo> ")
    try terminal.send("work\r")
    try terminal.expect("working")
    try terminal.send("\u{3}")
    try terminal.expect("stopped")
    try terminal.expect("demo> ")
    try terminal.send("on\r")
    try terminal.expect("got: on|")
  }

  @Test func `^D ends on an empty line only`() throws {
    let terminal = try demo()
    try terminal.expect("demo> ")
    try terminal.send("ab\u{1}\u{4}\r")
    try terminal.expect("got: b|")
    try terminal.expect("demo> ")
    try terminal.send("\u{4}")
    try terminal.expect("end")
    #expect(try terminal.waitForExit() == .status(0))
  }

  @Test func `^Z and fg bring the line back`() throws {
    let shell = try interactiveShell()
    try shell.send("\(try Product.path("LineEditorDemo"))\r")
    try shell.expect("demo> ")
    try shell.send("half typed")
    try shell.expect("half typed")
    try shell.send("\u{1A}")
    try shell.expect("Stopped")
    try shell.expect("sh$ ")
    try shell.send("echo $((6*7))-cooked\r")
    try shell.expect("42-cooked")
    try shell.send("fg\r")
    try shell.expect("demo> half typed")
    try shell.send(" line\r")
    try shell.expect("got: half typed line|")
  }

  @Test func `SIGINT to the process alone does not reach its parent`() throws {
    let demo = try Product.path("LineEditorDemo")
    let shell = try PseudoTerminal(
      "/bin/bash", ["--norc", "-c", "trap 'echo PARENT' INT; \(demo); echo left"])
    try shell.expect("demo> ")
    try shell.send("pid\r")
    try shell.expect("pid: ")
    try shell.wait("a pid") { shell.unseen.contains(".") }
    let pid = try #require(pid_t(shell.unseen.prefix { $0 != "." }))
    try shell.expect("demo> ")
    kill(pid, SIGINT)
    try shell.expect("interrupted")
    try shell.expect("demo> ")
    try shell.send("quit\r")
    try shell.expect("left")
    #expect(!shell.transcript.contains("PARENT\r"))
  }

  // MARK: Keys

  @Test(arguments: [
    "\u{1B}[15~", "\u{1B}[5~", "\u{1B}[6~", "\u{1B}OP", "\u{1B}[[A", "\u{1B}[24;5~", "\u{1B}[I",
    "\u{1B}[200~\u{1B}[201~",
  ])
  func `Keys without a meaning insert nothing`(key: String) throws {
    let terminal = try demo()
    try terminal.expect("demo> ")
    try terminal.send("a\(key)b\r")
    try terminal.expect("got: ab|")
  }

  @Test(arguments: [
    ("\u{1B}[1;5D", "one Xtwo"), ("\u{1B}[1;3D", "one Xtwo"), ("\u{1B}[1~", "Xone two"),
    ("\u{1B}[H", "Xone two"), ("\u{1B}OH", "Xone two"), ("\u{1B}[D", "one twXo"),
    ("\u{1B}[1~\u{1B}[1;5C", "oneX two"), ("\u{1B}[1~\u{1B}[4~", "one twoX"), ("\u{17}", "one X"),
    ("\u{1B}[1~\u{1B}[3~", "Xne two"), ("\u{1B}b", "one Xtwo"),
  ])
  func `Keys that move and delete`(keys: String, line: String) throws {
    let terminal = try demo()
    try terminal.expect("demo> ")
    try terminal.send("one two\(keys)X\r")
    try terminal.expect("got: \(line)|")
  }

  @Test func `ESC works in vi mode, and so do keys`() throws {
    let directory = try TemporaryDirectory()
    let configuration = try directory.file("editrc", "bind -v\n")
    let terminal = try demo(environment: ["EDITRC": configuration])
    try terminal.expect("demo> ")
    try terminal.send("abc")
    try terminal.expect("abc")
    try terminal.send("\u{1B}")
    // ESC is a key by itself once nothing has followed it: then 0 and x are commands.
    usleep(200_000)
    try terminal.send("0x\r")
    try terminal.expect("got: bc|")
    try terminal.expect("demo> ")
    try terminal.send("one two\u{1B}[1;5DX\u{1B}[15~\r")
    try terminal.expect("got: one Xtwo|")
  }

  // MARK: ~/.editrc

  @Test func `Tab and ^R survive a change of mode in the configuration`() throws {
    let directory = try TemporaryDirectory()
    let configuration = try directory.file("editrc", "bind -v\n")
    let terminal = try demo(environment: ["EDITRC": configuration])
    try terminal.expect("demo> ")
    try terminal.send("be\tx\r")
    try terminal.expect("got: beta x|")
    try terminal.expect("demo> ")
    try terminal.send("\u{12}bet")
    try terminal.see("beta x\nbck:bet")
    try terminal.send("\r")
    try terminal.expect("got: beta x|")
  }

  @Test func `Bad lines of the configuration are reported, the others apply`() throws {
    let directory = try TemporaryDirectory()
    let configuration = try directory.file(
      "editrc",
      """
      # a comment
      bind ^T no-such-function
      other:nonsense
      nonsense

      bind "\\e[15~" ed-move-to-beg
      """)
    let terminal = try demo(environment: ["EDITRC": configuration])
    try terminal.expect("refused: \(configuration):2: bind ^T no-such-function")
    try terminal.expect("refused: \(configuration):4: nonsense")
    try terminal.expect("demo> ")
    try terminal.send("abc\u{1B}[15~X\r")
    try terminal.expect("got: Xabc|")
    #expect(!terminal.transcript.contains(":3:"))
  }

  // MARK: Paste

  @Test(arguments: ["bind -e\n", "bind -v\n"])
  func `A paste of several lines runs only after Enter`(mode: String) throws {
    let directory = try TemporaryDirectory()
    let terminal = try demo(environment: ["EDITRC": try directory.file("editrc", mode)])
    try terminal.expect("demo> ")
    try terminal.send("z\u{1B}[200~one\rtwo\talpha\n한국\r\n\u{1B}[201~")
    try terminal.see("demo> zone⏎two alpha⏎한국")
    #expect(!terminal.transcript.contains("got:"))
    try terminal.send("!\r")
    try terminal.expect("got: zone|")
    try terminal.expect("demo> two alpha\r\ngot: two alpha|")
    try terminal.expect("demo> 한국!\r\ngot: 한국!|")
    try terminal.expect("demo> ")
    try terminal.send("next\r")
    try terminal.expect("got: next|")
  }

  @Test func `^C drops a paste, before and while it runs`() throws {
    let terminal = try demo()
    try terminal.expect("demo> ")
    try terminal.send("\u{1B}[200~one\rtwo\u{1B}[201~")
    try terminal.see("demo> one⏎two")
    try terminal.send("\u{3}")
    try terminal.expect("interrupted")
    try terminal.send("\u{1B}[200~work\rlost\u{1B}[201~\r")
    try terminal.expect("working")
    try terminal.send("\u{3}")
    try terminal.expect("stopped")
    try terminal.expect("demo> ")
    try terminal.send("after\r")
    try terminal.expect("got: after|")
    #expect(!terminal.transcript.contains("got: lost"))
    #expect(!terminal.transcript.contains("got: one"))
  }

  @Test func `A paste cannot send control characters`() throws {
    let terminal = try demo()
    try terminal.expect("demo> ")
    try terminal.send("\u{1B}[200~a\u{1B}[31mb\u{7}c\u{202E}d\u{1B}[201~\r")
    try terminal.expect("got: a[31mbcd|")
  }

  @Test func `A paste of 20 kB arrives whole`() throws {
    let terminal = try demo()
    try terminal.expect("demo> ")
    let text = (0..<2000).map { "word\($0) " }.joined()
    try terminal.send("\u{1B}[200~\(text)\u{1B}[201~")
    try terminal.send("end\r")
    try terminal.expect("got: \(text)end|")
  }

  // MARK: Completion

  @Test func `Tab completes one, extends many and lists them`() throws {
    let terminal = try demo()
    try terminal.expect("demo> ")
    try terminal.send("say be\tand al\t")
    try terminal.expect("alpha   a word\r\nalpine  a word\r\n")
    try terminal.expect("demo> say beta and alp")
    try terminal.send("h\t!\r")
    try terminal.expect("got: say beta and alpha !|")
    try terminal.expect("demo> ")
    try terminal.send("dir\tx 한\t")
    try terminal.expect("한강  한국\r\n")
    try terminal.send("국\r")
    try terminal.expect("got: directory/x 한국|")
    try terminal.expect("demo> ")
    try terminal.send("nothing\t\r")
    try terminal.expect("\u{7}")
    try terminal.expect("got: nothing|")
  }

  @Test func `A long list comes in pages`() throws {
    let terminal = try demo()
    try terminal.expect("demo> ")
    try terminal.send("n\t")
    try terminal.expect("… 69 more (Tab)")
    try terminal.expect("demo> n")
    try terminal.send("\t")
    try terminal.expect("n22")
    try terminal.expect("… 48 more (Tab)")
  }

  @Test func `A list below a wrapped line leaves the line whole`() throws {
    let terminal = try demo(columns: 30)
    try terminal.expect("demo> ")
    try terminal.send("al and a long tail that is wrapped twice or more\u{1}\u{1B}[C\u{1B}[C\t")
    try terminal.expect("alpine  a word\r\n")
    try terminal.see("more\nalpha   a word\nalpine  a word\ndemo> alp and a long")
    try terminal.send("h\t\r")
    try terminal.expect("got: alpha and a long tail that is wrapped twice or more|")
  }

  // MARK: Terminals

  @Test(arguments: ["dumb", "no-such-terminal", nil])
  func `Poor terminals still edit`(name: String?) throws {
    let terminal = try demo(environment: ["TERM": name])
    try terminal.expect("demo> ")
    try terminal.send("abd\u{7F}c\r")
    try terminal.expect("got: abc|")
  }

  @Test func `Resizing does not crash or lose the line`() throws {
    let terminal = try demo()
    try terminal.expect("demo> ")
    try terminal.send("short")
    try terminal.expect("short")
    terminal.resize(columns: 40)
    try terminal.expect("demo> short")
    for columns: UInt16 in [8, 200, 1, 0, 60] { terminal.resize(columns: columns, rows: 5) }
    try terminal.send(" but growing longer than the window is wide now\r")
    try terminal.expect("got: short but growing longer than the window is wide now|")
    try terminal.expect("demo> ")
    terminal.resize(columns: 80)
    try terminal.send("still here\r")
    try terminal.expect("got: still here|")
  }

  @Test func `Editing goes on when standard output is a file`() throws {
    let directory = try TemporaryDirectory()
    let output = directory.place("output")
    let terminal = try demo(outputPath: output)
    try terminal.expect("demo> ")
    try terminal.send("ab\u{1B}[Dx\r")
    try terminal.expect("demo> ")
    try terminal.send("quit\r")
    #expect(try terminal.waitForExit() == .status(0))
    #expect(try directory.content(of: "output") == "got: axb|\n")
  }

  @Test func `A closed standard input is no terminal`() throws {
    let terminal = try PseudoTerminal(Product.path("LineEditorDemo"), closesInput: true)
    try terminal.expect("no terminal")
    #expect(try terminal.waitForExit() == .status(4))
  }

  // MARK: Streams

  @Test func `^C ends the wait for a FIFO that nobody writes to`() throws {
    let directory = try TemporaryDirectory()
    let fifo = directory.place("fifo")
    #expect(unsafe mkfifo(fifo, 0o600) == 0)
    let terminal = try demo()
    try terminal.expect("demo> ")
    try terminal.send("read \(fifo)\r")
    try terminal.expect("reading")
    try terminal.send("\u{3}")
    try terminal.expect("not read: interrupted")
    try terminal.expect("demo> ")
    try terminal.send("read \(fifo)\r")
    try terminal.expect("reading")
    try directory.file("fifo", "0123456789")
    try terminal.expect("10 bytes")
  }

  // MARK: Type-ahead

  @Test func `300 lines typed ahead arrive in order`() throws {
    let terminal = try demo()
    try terminal.expect("demo> ")
    try terminal.send("nap\r")
    try terminal.expect("napping")
    try terminal.send((1...300).map { "line \($0)\r" }.joined())
    for number in 1...300 { try terminal.expect("got: line \(number)|") }
  }

  @Test func `What is typed ahead of the end reaches the shell`() throws {
    let shell = try interactiveShell()
    try shell.send("\(try Product.path("LineEditorDemo"))\r")
    try shell.expect("demo> ")
    try shell.send("nap\r")
    try shell.expect("napping")
    try shell.send("quit\recho reached-$((6*7))\r")
    try shell.expect("reached-42")
  }

  // MARK: History

  @Test func `History is plain text, private, and survives a hang-up`() throws {
    let directory = try TemporaryDirectory()
    let path = directory.place("history")
    let terminal = try demo([path])
    for line in ["first 한국", "second", "second", " hidden", "a b\\c"] {
      try terminal.expect("demo> ")
      try terminal.send("\(line)\r")
      try terminal.expect("got: \(line)|")
    }
    try terminal.expect("demo> ")
    kill(terminal.pid, SIGHUP)
    #expect(try terminal.waitForExit() == .signal(SIGHUP))
    #expect(try directory.content(of: "history") == "first 한국\nsecond\na b\\c\n")
    var status = stat()
    #expect(unsafe stat(path, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
    let again = try demo([path])
    try again.expect("demo> ")
    try again.send("\u{1B}[A\u{1B}[A\u{1B}[A\r")
    try again.expect("got: first 한국|")
  }

  private func interactiveShell() throws -> PseudoTerminal {
    let shell = try PseudoTerminal(
      "/bin/bash", ["--norc", "--noprofile", "-i"], environment: ["PS1": "sh$ "])
    try shell.expect("sh$ ")
    return shell
  }
}
