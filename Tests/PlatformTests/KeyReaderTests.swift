import Glibc
import Testing

@testable import Platform

struct KeyReaderTests {
  /// What a terminal that sent these bytes and hung up would mean.
  private func events(_ bytes: [UInt8], codes: KeyCodes = KeyCodes()) -> (String, [UInt8]) {
    var ends: [Int32] = [-1, -1]
    #expect(unsafe pipe(&ends) == 0)
    #expect(unsafe write(ends[1], bytes, bytes.count) == bytes.count)
    close(ends[1])
    defer { close(ends[0]) }
    var reader = KeyReader(descriptor: ends[0])
    reader.codes = codes
    var text = ""
    while case .character(let value) = reader.next() {
      text.unicodeScalars.append(Unicode.Scalar(value) ?? "?")
    }
    return (text, reader.takePasted())
  }

  private func text(_ text: String) -> String { events(Array(text.utf8)).0 }

  @Test func `Characters come as they are`() {
    #expect(text("a한é😀\u{7F}\u{3}") == "a한é😀\u{7F}\u{3}")
  }

  @Test func `NUL and C1 controls are nobody's keys`() {
    #expect(text("a\0b\u{80}\u{9F}c") == "abc")
  }

  @Test(arguments: [
    ([0x61, 0xFF, 0x62], "a\u{FFFD}b"), ([0xE2, 0x82, 0x61], "\u{FFFD}a"),
    ([0xC3, 0x1B, 0x5B, 0x43], "\u{FFFD}\u{82}"), ([0xF0, 0x9F], "\u{FFFD}"),
    ([0xED, 0xA0, 0x80, 0x61], "\u{FFFD}a"), ([0xC0, 0x80], "\u{FFFD}\u{FFFD}"),
  ])
  func `Torn characters are replaced`(bytes: [UInt8], expected: String) {
    #expect(events(bytes).0 == expected)
  }

  @Test func `Every sequence of the table is one character`() {
    for key in EditorKey.table where key.function != EditorKey.paste {
      for sequence in key.sequences {
        let code = KeyCodes.code(of: key.function).flatMap(Unicode.Scalar.init)
        #expect(text("\u{1B}\(sequence)x") == (code.map { String($0) } ?? "") + "x", "\(sequence)")
      }
    }
  }

  @Test(arguments: ["[15~", "OP", "[[A", "[1;2P", "[?1;2c", "[<0;1;1M", "[99999~"])
  func `Unknown sequences vanish whole`(sequence: String) {
    #expect(text("\u{1B}\(sequence)x") == "x")
  }

  @Test(arguments: ["\u{1B}", "\u{1B}b", "\u{1B}\u{7F}", "\u{1B}[", "\u{1B}[1;", "\u{1B}O"])
  func `ESC alone and Alt with a key pass`(keys: String) {
    #expect(text(keys) == keys)
  }

  @Test func `A broken sequence passes rather than eat what follows`() {
    #expect(text("\u{1B}[1\u{1B}[C") == "\u{1B}[1\u{82}")
    #expect(text("\u{1B}[\r") == "\u{1B}[\r")
  }

  @Test func `A paste is one key, whatever is in it`() throws {
    let paste = try #require(KeyCodes.code(of: EditorKey.paste).flatMap(Unicode.Scalar.init))
    let inside = "a\t\u{1B}[C\r\n\u{3}한"
    let (text, pasted) = events(Array("x\u{1B}[200~\(inside)\u{1B}[201~y".utf8))
    #expect(text == "x\(paste)y")
    #expect(pasted == Array(inside.utf8))
  }

  @Test func `A user's own sequence gets a code, as long as there are any`() throws {
    var codes = KeyCodes()
    let code = try #require(codes.assign("[15~").flatMap(Unicode.Scalar.init))
    #expect(events(Array("\u{1B}[15~x".utf8), codes: codes).0 == "\(code)x")
    #expect(codes.assign("[15~") == code.value)
    var last: UInt32? = code.value
    for number in 0..<40 where last != nil {
      last = codes.assign("[\(100 + number)~")
      #expect(last.map { (0x80..<0xA0).contains($0) } != false)
    }
    #expect(last == nil)
  }

  @Test func `Every key has a private character of its own`() {
    let codes = EditorKey.table.compactMap { KeyCodes.code(of: $0.function) }
    #expect(Set(codes).count == EditorKey.table.count)
    #expect(codes.allSatisfy { (0x80..<0xA0).contains($0) })
    let sequences = EditorKey.table.flatMap(\.sequences)
    #expect(Set(sequences).count == sequences.count)
  }
}
