import Glibc
import Testing

@testable import Platform

struct StandardOutputTests {
  private func pipe() -> (read: Int32, write: Int32) {
    var ends: [Int32] = [-1, -1]
    #expect(unsafe Glibc.pipe(&ends) == 0)
    return (ends[0], ends[1])
  }

  @Test func `What is written comes out at the flush`() throws {
    let ends = pipe()
    let output = StandardOutput(descriptor: ends.write)
    #expect(!output.isTerminal)
    try output.write("한국 ")
    try output.write([0x61, 0xFF])
    var watched = pollfd(fd: ends.read, events: Int16(POLLIN), revents: 0)
    #expect(unsafe poll(&watched, 1, 0) == 0)
    try output.flush()
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = unsafe read(ends.read, &bytes, bytes.count)
    #expect(Array(bytes[..<count]) == Array("한국 a".utf8) + [0xFF])
    close(ends.read)
    close(ends.write)
  }

  @Test func `A reader that has gone is an error of its own`() throws {
    try Signals.start()
    let ends = pipe()
    close(ends.read)
    let output = StandardOutput(descriptor: ends.write)
    try output.write("unread")
    let error = #expect(throws: HostError.self) { try output.flush() }
    #expect(error?.code == .brokenPipe)
    try output.flush()
    close(ends.write)
  }

  @Test func `A full pipe that does not block is waited for`() async throws {
    let ends = pipe()
    #expect(fcntl(ends.write, F_SETFL, O_NONBLOCK) == 0)
    let size = 300_000
    let reader = Task.detached {
      var bytes = [UInt8](repeating: 0, count: 4096)
      var total = 0
      while case let count = unsafe read(ends.read, &bytes, bytes.count), count > 0 {
        total += count
      }
      return total
    }
    try StandardOutput(descriptor: ends.write).write([UInt8](repeating: 0x61, count: size))
    close(ends.write)
    #expect(await reader.value == size)
    close(ends.read)
  }
}
