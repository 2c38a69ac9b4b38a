import Glibc
import TestSupport
import Testing

@testable import Platform

/// Children of this process, run for real: /bin/sh and what unpacks.
@Suite(.serialized) struct ChildProcessTests {
  private func output(of child: ChildProcess) throws(HostError) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 70_000)
    while true {
      let count = try unsafe chunk.withUnsafeMutableBufferPointer { (buffer) throws(HostError) in
        try unsafe child.read(into: UnsafeMutableRawBufferPointer(buffer))
      }
      guard count > 0 else { return bytes }
      bytes += chunk[..<count]
    }
  }

  private func shell(_ script: String, tolerated: Set<Int32> = []) throws(HostError) -> ChildProcess
  {
    try ChildProcess(
      Tool("sh", ["-c", script], package: "dash", tolerated: tolerated), input: .nothing)
  }

  private func failure(_ body: () throws(HostError) -> Void) -> HostError? {
    do throws(HostError) { try body() } catch { return error }
    return nil
  }

  @Test func givesItsOutputAndItsEnd() throws {
    #expect(try output(of: shell("printf 'a b'; cat")) == Array("a b".utf8))
    #expect(try output(of: shell("exit 2", tolerated: [2])).isEmpty)
  }

  @Test func argumentsAreNobodysShell() throws {
    let tool = Tool("printf", ["%s", "$(id) `id`; * 'x'\n"], package: "coreutils")
    let bytes = try output(of: ChildProcess(tool, input: .nothing))
    #expect(bytes == Array("$(id) `id`; * 'x'\n".utf8))
  }

  @Test func aFailureComesBehindTheOutput() throws {
    let child = try shell("echo out; echo why >&2; exit 3")
    var bytes: [UInt8] = []
    let error = failure { () throws(HostError) in
      var chunk = [UInt8](repeating: 0, count: 100)
      while true {
        let count = try unsafe chunk.withUnsafeMutableBufferPointer { (buffer) throws(HostError) in
          try unsafe child.read(into: UnsafeMutableRawBufferPointer(buffer))
        }
        guard count > 0 else { return }
        bytes += chunk[..<count]
      }
    }
    #expect(bytes == Array("out\n".utf8))
    #expect(error?.reason == "sh failed with status 3: why")
  }

  @Test func aSignalIsAFailure() throws {
    let error = failure { () throws(HostError) in
      _ = try output(of: shell("kill -9 $$"))
    }
    #expect(error?.reason == "sh was ended by signal 9")
  }

  @Test func manyWordsOnTheErrorsNeitherBlockNorFillTheMemory() throws {
    let child = try shell("yes complaint | head -c 500000 >&2; echo done")
    #expect(try output(of: child) == Array("done\n".utf8))
    #expect(child.complaint.utf8.count <= 4096 * 2)
    #expect(child.complaint.hasPrefix("complaint; "))
  }

  @Test func aMissingToolNamesItsPackage() {
    let error = failure { () throws(HostError) in
      _ = try ChildProcess(Tool("no-such-tool", [], package: "some-package"), input: .nothing)
    }
    #expect(error?.code == .missing)
    #expect(error?.reason == "no-such-tool is not installed")
    #expect(error?.hint == "install the package some-package")
  }

  /// Who lets go of a child that still runs gets rid of it.
  @Test func nothingIsLeftBehind() throws {
    let directory = try TemporaryDirectory()
    do {
      let child = try shell("echo $$; exec sleep 600")
      var chunk = [UInt8](repeating: 0, count: 100)
      let count = try unsafe chunk.withUnsafeMutableBufferPointer { (buffer) throws(HostError) in
        try unsafe child.read(into: UnsafeMutableRawBufferPointer(buffer))
      }
      try directory.file("pid", bytes: Array(chunk[..<(count - 1)]))
    }
    let pid = try #require(Int32(try directory.content(of: "pid")))
    #expect(kill(pid, 0) == -1 && errno == ESRCH)
  }

  @Test func noDescriptorIsInherited() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.file("secret", "x")
    let file = try LogFile(path: path)
    let bytes = try output(of: shell("ls -l /proc/self/fd"))
    #expect(!String(decoding: bytes, as: UTF8.self).contains(path))
    _ = file
  }
}
