import Glibc
import Testing

@testable import Platform

struct CompletionEditTests {
  private func edit(
    _ line: String, cursor: Int? = nil, from start: Int, _ candidates: String...
  ) -> CompletionEdit? {
    let bytes = Array(line.utf8)
    let answer = CompletionAnswer(
      replaceFrom: start, candidates: candidates.map { CompletionAnswer.Candidate(text: $0) })
    return CompletionEdit(applying: answer, to: bytes, cursor: cursor ?? bytes.count)
  }

  @Test(arguments: [
    ("ev", 0, "events", 0, "ents "), ("load di", 5, "dir/", 0, "r/"),
    ("set fo", 4, "format=", 0, "rmat="), ("show 한", 5, "한국", 0, "국 "),
    ("EV", 0, "events", 2, "events "), ("", 0, "help", 0, "help "),
    ("load a b", 5, "'a b'", 3, "'a b' "),
  ])
  func `One candidate is inserted`(
    line: String, start: Int, candidate: String, deleted: Int, insertion: String
  ) throws {
    let edit = try #require(self.edit(line, from: start, candidate))
    #expect(edit.deletedCount == deleted)
    #expect(edit.insertion == insertion)
    #expect(edit.choices.isEmpty)
  }

  @Test func `No second space where one follows`() {
    #expect(edit("ev 3", cursor: 2, from: 0, "events")?.insertion == "ents")
  }

  @Test func `Several candidates extend the word as far as they agree`() throws {
    let extended = try #require(self.edit("s", from: 0, "show", "shorten"))
    #expect(extended.insertion == "ho")
    #expect(extended.choices.map(\.text) == ["show", "shorten"])
    #expect(edit("", from: 0, "a", "b")?.insertion == "")
    // Never shorten what was typed, even if the candidates are spelt otherwise.
    #expect(edit("SH", from: 0, "show", "sysctl")?.insertion == "")
    #expect(edit("SH", from: 0, "show", "sysctl")?.deletedCount == 0)
  }

  @Test func `A nonsensical or dangerous answer does nothing`() {
    #expect(edit("abc", from: 4, "x") == nil)
    #expect(edit("abc", from: -1, "x") == nil)
    #expect(edit("abc", from: 0) == nil)
    #expect(edit("a", from: 0, "a\u{1B}[2J", "a\rquit") == nil)
  }
}

struct CandidateListTests {
  init() { _ = LineEditor.chooseCharacterSet() }

  private func lines(
    _ texts: [String], page: Int = 0, columns: Int = 40, rows: Int = 24
  ) -> [String] {
    CandidateList.lines(
      texts.map { CompletionAnswer.Candidate(text: $0) }, page: page,
      size: Terminal.Size(columns: columns, rows: rows))
  }

  @Test func `Names stand in columns`() {
    #expect(lines(["a", "bb", "한국", "d"], columns: 14) == ["a     한국", "bb    d"])
    #expect(lines(["a"]) == ["a"])
    #expect(lines([]) == [])
  }

  @Test func `Descriptions stand beside names and fit`() {
    let candidates = [
      CompletionAnswer.Candidate(text: "한국", description: "한국어 설명이 아주 깁니다"),
      CompletionAnswer.Candidate(text: "b", description: "second"),
      CompletionAnswer.Candidate(text: "a name that is much too long", description: "x"),
    ]
    let size = Terminal.Size(columns: 21, rows: 24)
    let lines = CandidateList.lines(candidates, page: 0, size: size)
    #expect(lines == ["한국        한국어 …", "b           second", "a name th…  x"])
    #expect(lines.allSatisfy { $0.columnCount <= 20 })
  }

  @Test func `Pages are short, and begin anew after the last`() {
    let texts = (1...100).map { "candidate\($0)" }
    #expect(lines(texts, rows: 100).last == "… 60 more (Tab)")
    #expect(lines(texts, page: 1, rows: 100).first?.hasPrefix("candidate41 ") == true)
    #expect(lines(texts, page: 2, rows: 100).last?.hasSuffix("more (Tab)") == false)
    #expect(lines(texts, page: 3, rows: 100) == lines(texts, rows: 100))
    #expect(lines(texts, columns: 1, rows: 1).allSatisfy { $0.columnCount <= 1 })
  }

  @Test func `Nothing of a candidate acts on the terminal`() {
    let evil = CompletionAnswer.Candidate(text: "x", description: "\u{1B}[31mred\u{202E}\u{9B}")
    let line = CandidateList.lines([evil], page: 0, size: Terminal.Size(columns: 80, rows: 24))[0]
    #expect(line == "x  \u{FFFD}[31mred\u{FFFD}\u{FFFD}")
  }
}

struct EditorPromptTests {
  private func prompt(_ text: String, isUnicode: Bool = true) -> EditorPrompt {
    EditorPrompt(text, isUnicode: isUnicode)
  }

  @Test func `Colours go between markers, merged, and never last`() {
    #expect(prompt("oomsh> ").text == "oomsh> ")
    #expect(
      prompt("\u{1B}[1m\u{1B}[31mab\u{1B}[0m> ").text
        == "\u{1}\u{1B}[1m\u{1B}[31m\u{1}ab\u{1}\u{1B}[0m\u{1}> ")
    #expect(prompt("\u{1B}[1ma> \u{1B}[0m").text == "\u{1}\u{1B}[1m\u{1}a>\u{1}\u{1B}[0m\u{1} ")
    #expect(prompt("\u{1B}[1ma> \u{1B}[0m").columnCount == 3)
    #expect(prompt("\u{1B}[0m").text == "")
  }

  @Test func `Other control characters go`() {
    #expect(prompt("a\u{1}b\nc\u{1B}[2Jd\u{202E}\u{9B}31me> ").text == "abc[2Jd31me> ")
    #expect(prompt("a\u{1B}").text == "a")
    #expect(prompt("a\u{1B}[31").text == "a[31")
  }

  @Test func `Without UTF-8 a prompt is ASCII`() {
    #expect(prompt("한글> ", isUnicode: false).text == "??> ")
  }
}

struct PastedTextTests {
  @Test(arguments: [
    ("one", "one", false), ("one\n", "one", false), ("one\r\ntwo\r", "one⏎two", true),
    ("\n\na\n\nb\n\n", "⏎⏎a⏎⏎b", true), ("a\tb", "a b", false), ("\u{1B}[2J\u{7}x", "[2Jx", false),
    ("", "", false), ("\n", "", false),
  ])
  func `Line ends become marks`(text: String, insertion: String, hasSeveralLines: Bool) {
    let pasted = PastedText(Array(text.utf8))
    #expect(pasted.insertion == insertion)
    #expect(pasted.hasSeveralLines == hasSeveralLines)
  }

  @Test func `Marks are where the line is split again`() {
    #expect(PastedText.lines(of: "a⏎⏎b c⏎") == ["a", "b c"])
    #expect(PastedText.lines(of: "⏎") == [])
  }
}
