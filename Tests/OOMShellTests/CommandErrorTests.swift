import Testing

@testable import OOMShell

@Suite struct CommandErrorTests {
  @Test func everyCodeIsAnExitStatus() {
    let statuses = CommandError.Code.allCases.map { CommandError($0, "m").exitStatus }
    #expect(statuses == [1, 2, 3, 4, 130])
  }

  @Test func printsPlaceCauseAndHint() {
    var error = CommandError(.unreadable, "cannot read 'x'", cause: "No such file or directory")
    #expect(error.text == "error: cannot read 'x': No such file or directory")
    error.hint = "try another"
    error.place = Place(file: "a.oomsh", line: 7)
    #expect(
      error.text
        == "a.oomsh:7: error: cannot read 'x': No such file or directory\nhint: try another")
  }

  @Test func thePlaceNearestToTheOriginStays() {
    let inner = Place(file: "inner", line: 1)
    let error = CommandError(.failed, "m").placed(at: inner).placed(at: Place(file: "o", line: 2))
    #expect(error.place == inner)
    #expect(CommandError(.failed, "m").placed(at: nil).place == nil)
  }

  @Test func namesFromOutsideAreEscapedAndShort() {
    #expect(Visible.quoted("a\u{1b}[2J\nb") == #"'a\x1b[2J\nb'"#)
    let long = Visible.quoted(String(repeating: "x", count: 1_000_000))
    #expect(long.count < 70 && long.contains("…"))
    #expect(
      CommandError.unreadable("a\u{7}", "b\u{7}").text == #"error: cannot read 'a\x07': b\x07"#)
    #expect("\(Place(file: "a\nb", line: 1))" == #"a\nb:1"#)
  }

  /// The texts of lines that cannot be read, as they are printed.
  @Test(arguments: [
    (
      "echo 한 'b", "the ' at column 8 is not closed",
      "close it, or write \\' for the character itself"
    ),
    (
      #"echo "\q""#, #"\q at column 7 is no escape"#,
      #"legal: \n \t \" \\ \u{1F600}; inside '…' a backslash is an ordinary character"#
    ),
    (
      #"echo "\u{zz}""#, "\\u at column 7 names no character",
      #"write the character's number in hexadecimal: \u{e9}, \u{1F600}"#
    ),
    (
      "echo a | b", "| at column 8: this version has no pipes",
      "for the character itself write '|' in quotes; for pipes use your system shell: "
        + "oomsh -c COMMAND | …"
    ),
    (
      "echo a >> b", ">> at column 8: this version has no redirection to a file",
      "for the character itself write '>>' in quotes; for redirection to a file use your system "
        + "shell: oomsh -c COMMAND >> …"
    ),
    (
      "echo \\", "the line ends in a backslash and nothing follows",
      #"write \\ for the character itself"#
    ),
    ("xyzzy", "unknown command 'xyzzy'", "'help' lists the commands"),
    ("hepl", "unknown command 'hepl'", "did you mean 'help'? 'help' lists the commands"),
    ("''", "unknown command ''", "'help' lists the commands"),
    ("e", "'e' is the beginning of several commands", "legal: explain, echo, quit"),
    (
      "set wdth", "unknown setting 'wdth'",
      "did you mean 'width'? legal: format, units, width, color, tz; see 'help set'"
    ),
    (
      "set units kb", "units cannot be 'kb'",
      "did you mean 'kB'? legal: binary, kB, bytes; see 'set units'"
    ),
    ("set width 5", "width cannot be '5'", "legal: auto, 20 to 10000; see 'set width'"),
    ("quit 256", "quit: STATUS: '256' is no number that fits", "legal: 0 to 255; see 'help quit'"),
    (
      "history 0", "history: COUNT: '0' is no number that fits",
      "legal: 1 or more; see 'help history'"
    ),
    ("help hepl", "no help on 'hepl'", "did you mean 'help' or 'shell'? 'help' lists the commands"),
  ])
  func textsOfALine(line: String, message: String, hint: String) {
    var shell = makeShell()
    let answer = shell.run(line)
    #expect(answer.diagnostics == "error: \(message)\nhint: \(hint)\n")
    #expect(answer.status == 2)
    #expect(answer.output.isEmpty)
  }
}
