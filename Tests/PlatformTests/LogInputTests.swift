import Glibc
import TestSupport
import Testing

@testable import Platform

/// Logs in wrappings, by what they are and not by what they are called.
@Suite(.serialized) struct LogInputTests {
  private static let text = (0..<20_000).map { "[\($0).000000] a line of a log, number \($0)\n" }
    .joined()

  /// Runs a command for what it leaves behind.
  private func run(_ script: String, in directory: TemporaryDirectory) throws {
    let child = try ChildProcess(
      Tool("sh", ["-c", "cd '\(directory.path)' && \(script)"], package: "dash"), input: .nothing)
    _ = try unsafe content { (buffer) throws(HostError) in try unsafe child.read(into: buffer) }
  }

  private func content(
    _ read: (UnsafeMutableRawBufferPointer) throws(HostError) -> Int
  ) throws(HostError) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 100_000)
    while true {
      let count = try unsafe chunk.withUnsafeMutableBufferPointer { (buffer) throws(HostError) in
        try unsafe read(UnsafeMutableRawBufferPointer(buffer))
      }
      guard count > 0 else { return bytes }
      bytes += chunk[..<count]
    }
  }

  private func content(of input: LogInput) throws(HostError) -> [UInt8] {
    try unsafe content { (buffer) throws(HostError) in try unsafe input.read(into: buffer) }
  }

  @Test(arguments: Packing.allCases)
  func isUnpacked(packing: Packing) throws {
    let directory = try TemporaryDirectory()
    try directory.file("log", Self.text)
    do {
      try run("\(packing.tool.name) -c log > plain-name", in: directory)
    } catch {
      print("SKIPPED: \(packing.tool.name) is not here")
      return
    }
    let input = try LogInput(path: directory.place("plain-name"))
    #expect(input.form == .packed(packing) && !input.canReadAgain)
    #expect(try content(of: input) == Array(Self.text.utf8))

    // Through a FIFO, whose first bytes are gone once they have been looked at.
    try run("mkfifo fifo; (cat plain-name > fifo &) > /dev/null 2>&1", in: directory)
    let stream = try LogInput(path: directory.place("fifo"))
    #expect(try content(of: stream) == Array(Self.text.utf8))
    #expect(stream.form == .packed(packing) && stream.size == nil)
  }

  @Test func whatWasCutIsGivenAndReported() throws {
    let directory = try TemporaryDirectory()
    try directory.file("log", Self.text)
    try run("gzip -c log | head -c 20000 > cut", in: directory)
    let input = try LogInput(path: directory.place("cut"))
    var bytes: [UInt8] = []
    var failure: HostError?
    var chunk = [UInt8](repeating: 0, count: 10_000)
    do throws(HostError) {
      while true {
        let count = try unsafe chunk.withUnsafeMutableBufferPointer { (buffer) throws(HostError) in
          try unsafe input.read(into: UnsafeMutableRawBufferPointer(buffer))
        }
        if count == 0 { break }
        bytes += chunk[..<count]
      }
    } catch {
      failure = error
    }
    #expect(bytes.count > 10_000 && Array(Self.text.utf8).starts(with: bytes))
    #expect(failure?.reason.contains("unexpected end of file") == true)
  }

  @Test func aNameSaysNothing() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.file("kern.log.gz", Self.text)
    let input = try LogInput(path: path)
    #expect(input.form == .plain && input.canReadAgain)
    #expect(try content(of: input) == Array(Self.text.utf8))
    #expect(try input.readRange(0..<10) == Array(Self.text.utf8.prefix(10)))
  }

  @Test(arguments: ["", "B", "BZ", "\u{1F}", "short\n"])
  func shortStreamsAreWhole(_ text: String) throws {
    let directory = try TemporaryDirectory()
    try directory.file("log", text)
    try run("mkfifo fifo; (cat log > fifo &) > /dev/null 2>&1", in: directory)
    let input = try LogInput(path: directory.place("fifo"))
    #expect(try content(of: input) == Array(text.utf8))
  }

  @Test func aScratchFileIsReadAgain() throws {
    let scratch = try ScratchFile()
    try unsafe Array("some log\n".utf8).withUnsafeBufferPointer { (bytes) throws(HostError) in
      try unsafe scratch.write(UnsafeRawBufferPointer(bytes))
    }
    for _ in 0..<2 {
      let log = try scratch.log(named: "a.tar:x", modified: 1_000_000_000_000_000)
      #expect(log.path == "a.tar:x" && log.modified == 1_000_000_000_000_000)
      #expect(try content(of: log) == Array("some log\n".utf8))
    }
  }

  @Test func filesBelowADirectory() throws {
    let directory = try TemporaryDirectory()
    for name in ["b", "a/c", "a/d*"] { try directory.file(name, "x") }
    directory.link("loop", to: directory.path)
    directory.link("link", to: directory.place("b"))
    let names = try FileTree.files(below: directory.path).files.map(\.name)
    #expect(names == ["a/c", "a/d*", "b", "link"])
    #expect(FileTree.matches(of: directory.place("a/*")).count == 2)
    #expect(FileTree.matches(of: directory.place("a/d\\*")) == [directory.place("a/d*")])
    #expect(FileTree.matches(of: directory.place("z*")).isEmpty)
    #expect(FileTree.isDirectory(directory.path) && !FileTree.isDirectory(directory.place("b")))
  }
}
