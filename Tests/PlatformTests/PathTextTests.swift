import Glibc
import TestSupport
import Testing

@testable import Platform

/// Names of files that are not UTF-8.
@Suite struct PathTextTests {
  /// A name as the system gives it.
  private static func text(_ bytes: [UInt8]) -> String {
    let name = bytes.map { CChar(bitPattern: $0) } + [0]
    return unsafe name.withUnsafeBufferPointer { buffer in
      unsafe buffer.baseAddress.map { unsafe PathText.text($0) } ?? ""
    }
  }

  @Test(
    arguments: [
      ([0x6E, 0xE9, 0x2E], #"n\xe9."#), ([0xED, 0x95, 0x9C], "한"), ([0xED, 0x95], #"\xed\x95"#),
      ([0x61], "a"), ([0xF4, 0x8F, 0xBF, 0xBF], "\u{10FFFF}"), ([], ""),
    ] as [([UInt8], String)])
  func namesKeepTheirBytes(_ bytes: [UInt8], _ shown: String) {
    let text = Self.text(bytes)
    #expect(PathText.shown(text) == shown)
    let back = unsafe PathText.withBytes(of: text) { path in
      unsafe Array(UnsafeBufferPointer(start: path, count: strlen(path)))
    }
    #expect(back.map { UInt8(bitPattern: $0) } == bytes)
  }

  @Test func suchFilesAreFoundAndOpened() throws {
    let directory = try TemporaryDirectory()
    let path = directory.place(Self.text([0x6E, 0xE9, 0x2E, 0x6C, 0x6F, 0x67]))
    _ = try Descriptor(opening: path, flags: O_CREAT | O_WRONLY, mode: 0o600)
    defer { unsafe PathText.withBytes(of: path) { _ = unsafe unlink($0) } }
    #expect(LogFile.isRegular(path))
    #expect(try LogFile(path: path).kind == .regular)
    let name = try #require(try FileTree.files(below: directory.path).files.first?.name)
    #expect(PathText.shown(name) == #"n\xe9.log"#)
    let matches = FileTree.matches(of: directory.place("n*"))
    #expect(matches.map(PathText.shown) == [PathText.shown(path)])
  }
}
