import Glibc
import TestSupport
import Testing

@testable import Platform

struct HistoryFileTests {
  private let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
  }

  private func mode(_ name: String) -> mode_t {
    var status = stat()
    #expect(unsafe stat(directory.place(name), &status) == 0)
    return status.st_mode & 0o777
  }

  @Test func `Commands are kept at once, in a private place that is made for them`() throws {
    var history = HistoryFile(path: directory.place("state/oomsh/history"))
    #expect(history.problem == nil)
    #expect(history.lines == [])
    for line in ["events", "events", " secret", "", "한국", "events"] { try history.record(line) }
    #expect(try directory.content(of: "state/oomsh/history") == "events\n한국\nevents\n")
    #expect(mode("state") == 0o700)
    #expect(mode("state/oomsh") == 0o700)
    #expect(mode("state/oomsh/history") == 0o600)
  }

  @Test func `The next session begins with what is there and does not repeat it`() throws {
    try directory.file("history", bytes: Array("a\n".utf8) + [0xFF, 0x0A] + Array("\nb".utf8))
    var history = HistoryFile(path: directory.place("history"))
    #expect(history.lines == ["a", "b"])
    try history.record("b")
    #expect(mode("history") == 0o600)
  }

  @Test func `A last line without an end does not swallow the next command`() throws {
    try directory.file("history", "a\nb")
    var history = HistoryFile(path: directory.place("history"))
    try history.record("c")
    #expect(HistoryFile(path: directory.place("history")).lines == ["a", "b", "c"])
  }

  @Test func `Only the last commands are loaded`() throws {
    let count = HistoryFile.longest + 5
    try directory.file("history", (1...count).map { "line \($0)\n" }.joined())
    let history = HistoryFile(path: directory.place("history"))
    #expect(history.lines.count == HistoryFile.longest)
    #expect(history.lines.first == "line 6")
    #expect(history.lines.last == "line \(count)")
  }

  @Test func `Two sessions do not tear each other's lines`() throws {
    var first = HistoryFile(path: directory.place("history"))
    var second = HistoryFile(path: directory.place("history"))
    for number in 1...50 {
      try first.record("first \(number)")
      try second.record("second \(number)")
    }
    let lines = HistoryFile(path: directory.place("history")).lines
    #expect(lines.count == 100)
    #expect(lines.allSatisfy { $0.hasPrefix("first ") || $0.hasPrefix("second ") })
  }

  @Test func `What is no file of its own stops no session`() throws {
    try directory.file("elsewhere", "x\n")
    directory.link("history", to: directory.place("elsewhere"))
    directory.directory("folder")
    for name in ["history", "folder"] {
      var history = HistoryFile(path: directory.place(name))
      #expect(history.problem != nil)
      try history.record("command")
    }
    #expect(try directory.content(of: "elsewhere") == "x\n")
  }

  @Test func `A failing write is told once`() throws {
    var history = HistoryFile(path: "/dev/full")
    #expect(history.problem?.code == .unsuitable)
    try history.record("a")
  }
}
