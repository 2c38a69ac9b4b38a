import Glibc
import TestSupport
import Testing

@testable import Platform

struct LogFileTests {
  private let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
  }

  @Test func `A file is read in pieces, and any part of it again`() throws {
    let log = try LogFile(path: directory.file("log", "0123456789"))
    #expect(log.kind == .regular)
    #expect(log.identity.size == 10)
    var chunk = [UInt8](repeating: 0, count: 4)
    var pieces: [String] = []
    while case let count = try log.read(into: &chunk), count > 0 {
      pieces.append(String(decoding: chunk[..<count], as: UTF8.self))
    }
    #expect(pieces == ["0123", "4567", "89"])
    #expect(try log.readRange(3..<6) == Array("345".utf8))
    #expect(try log.readRange(4..<4) == [])
    #expect(try log.read(into: &chunk) == 0)
  }

  @Test func `A file that grew can still be read again`() throws {
    let path = try directory.file("log", "0123456789")
    let log = try LogFile(path: path)
    try append("more", to: path)
    #expect(try log.isUnchanged())
    #expect(try log.readRange(8..<10) == Array("89".utf8))
  }

  @Test func `A file that was cut is refused`() throws {
    let path = try directory.file("log", "0123456789")
    let log = try LogFile(path: path)
    #expect(unsafe truncate(path, 5) == 0)
    #expect(try !log.isUnchanged())
    for range in [0..<3, 4..<8] {
      let error = #expect(throws: HostError.self) { try log.readRange(range) }
      #expect(error?.code == .changed)
    }
  }

  @Test func `A rotated file stays readable where it went`() throws {
    let path = try directory.file("log", "0123456789")
    let log = try LogFile(path: path)
    #expect(unsafe rename(path, directory.place("log.1")) == 0)
    try directory.file("log", "new")
    #expect(try log.readRange(0..<4) == Array("0123".utf8))
  }

  @Test func `What is no file says so`() throws {
    let error = #expect(throws: HostError.self) { try LogFile(path: directory.place("none")) }
    #expect(error?.code == .missing)
    #expect(throws: HostError(.isDirectory, path: directory.path, reason: "is a directory")) {
      try LogFile(path: directory.path)
    }
    let empty = try LogFile(path: directory.file("empty", ""))
    var chunk: [UInt8] = [0]
    #expect(try empty.read(into: &chunk) == 0)
  }

  @Test func `A FIFO is a stream and is opened without its writer`() throws {
    let path = directory.place("fifo")
    #expect(unsafe mkfifo(path, 0o600) == 0)
    let log = try LogFile(path: path)
    #expect(log.kind == .stream)
    let error = #expect(throws: HostError.self) { try log.readRange(0..<1) }
    #expect(error?.code == .unsuitable)
    let writer = try Descriptor(opening: path, flags: O_WRONLY)
    #expect(unsafe write(writer.number, "abc", 3) == 3)
    var chunk = [UInt8](repeating: 0, count: 8)
    #expect(try log.read(into: &chunk) == 3)
  }

  private func append(_ text: String, to path: String) throws {
    let file = try Descriptor(opening: path, flags: O_WRONLY | O_APPEND)
    #expect(unsafe write(file.number, text, text.utf8.count) == text.utf8.count)
  }
}
