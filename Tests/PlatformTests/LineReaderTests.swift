import Glibc
import TestSupport
import Testing

@testable import Platform

struct LineReaderTests {
  private let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
  }

  private func lines(_ bytes: [UInt8]) throws -> [String] {
    var reader = try LineReader(path: directory.file("script", bytes: bytes))
    var lines: [String] = []
    while let line = try reader.next() { lines.append(line) }
    return lines
  }

  @Test(arguments: [
    ("", []), ("\n", [""]), ("a", ["a"]), ("a\n", ["a"]), ("a\n\nb", ["a", "", "b"]),
    ("a\r\nb\r\n", ["a", "b"]), ("a\rb\n", ["a\rb"]), ("\u{FEFF}events\n", ["events"]),
    ("한국\n😀", ["한국", "😀"]), ("\r\n", [""]),
  ])
  func `Lines end as they do everywhere`(text: String, expected: [String]) throws {
    #expect(try lines(Array(text.utf8)) == expected)
  }

  @Test func `A line of a megabyte across many reads`() throws {
    let long = String(repeating: "한a", count: 300_000)
    #expect(try lines(Array("x\n\(long)\ny".utf8)) == ["x", long, "y"])
  }

  @Test(arguments: [
    (Array("ok\nab\0cd\nnext".utf8), 2, "line 2, byte 3: NUL"),
    (Array("ok\nab".utf8) + [0xFF] + Array("\nnext".utf8), 2, "line 2, byte 3: not UTF-8"),
    ([0xC3] + Array("\nnext".utf8), 1, "line 1, byte 1: not UTF-8"),
  ])
  func `What is no text is an error that names its place`(
    bytes: [UInt8], number: Int, reason: String
  ) throws {
    var reader = try LineReader(path: directory.file("script", bytes: bytes))
    for _ in 1..<number { _ = try reader.next() }
    do {
      _ = try reader.next()
      Issue.record("no error")
    } catch {
      #expect(error.code == .malformed)
      #expect(error.reason == reason)
    }
    #expect(reader.lineNumber == number)
    #expect(try reader.next() == "next")
  }

  @Test func `A directory is no script`() throws {
    var reader = try LineReader(path: directory.path)
    do {
      _ = try reader.next()
      Issue.record("no error")
    } catch {
      #expect(error.code == .isDirectory)
    }
  }
}
