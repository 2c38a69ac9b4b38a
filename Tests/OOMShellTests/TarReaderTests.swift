import Synchronization
import Testing

@testable import OOMShell

/// Archives made by hand, since no tool makes the hostile ones.
@Suite struct TarReaderTests {
  private static func header(
    _ name: String, size: Int, type: Character = "0", sizeField: [UInt8]? = nil
  ) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: 512)
    func put(_ bytes: some Sequence<UInt8>, at offset: Int) {
      for (index, byte) in bytes.enumerated() { block[offset + index] = byte }
    }
    func octal(_ number: Int, _ digits: Int) -> [UInt8] {
      let text = String(number, radix: 8)
      return Array((String(repeating: "0", count: digits - text.count) + text).utf8)
    }
    put(name.utf8.prefix(100), at: 0)
    put(sizeField ?? octal(size, 11), at: 124)
    put(octal(1_000_000_000, 11), at: 136)
    put(String(type).utf8, at: 156)
    put(Array("ustar".utf8) + [0] + Array("00".utf8), at: 257)
    put(Array(repeating: UInt8(0x20), count: 8), at: 148)
    put(octal(block.reduce(0) { $0 + Int($1) }, 6) + [0], at: 148)
    return block
  }

  private static func member(
    _ name: String, _ text: String, type: Character = "0"
  ) -> [UInt8] {
    let bytes = Array(text.utf8)
    let padding = (512 - bytes.count % 512) % 512
    return header(name, size: bytes.count, type: type) + bytes
      + [UInt8](repeating: 0, count: padding)
  }

  /// A log that gives so many bytes at once.
  private func log(_ bytes: [UInt8], step: Int) -> Environment.Log {
    let offset = Mutex(0)
    return unsafe Environment.Log(
      size: nil, modifiedMicros: nil,
      read: { buffer in
        offset.withLock { offset in
          let count = min(step, buffer.count, bytes.count - offset)
          unsafe buffer.copyBytes(from: bytes[offset..<offset + count])
          offset += count
          return count
        }
      }, readAgain: nil)
  }

  private func members(_ archive: [UInt8], step: Int = 700) throws(TarReader.Fault) -> [String] {
    var reader = TarReader(log(archive, step: step))
    var members: [String] = []
    while let member = try reader.next() {
      var bytes: [UInt8] = []
      try unsafe reader.read(
        { (piece) throws(Environment.Unreadable) in unsafe bytes.append(contentsOf: piece) },
        failing: { .unreadable($0) })
      members.append("\(member.name)=\(String(decoding: bytes, as: UTF8.self))")
    }
    return members
  }

  private static let end = [UInt8](repeating: 0, count: 1024)

  @Test(arguments: [1, 511, 512, 513, 100_000])
  func regularFilesOnly(step: Int) throws {
    let long = String(repeating: "d/", count: 80) + "kern.log"
    let archive =
      Self.member("a", "one") + Self.member("../../etc/passwd", "two")
      + Self.member("link", "", type: "2") + Self.member("directory/", "", type: "5")
      + Self.member("device", "", type: "3") + Self.member("ignored", long, type: "L")
      + Self.member("short", "three") + Self.member("pax", "17 path=b/c/kern\n", type: "x")
      + Self.member("short", "four") + Self.member("last", "") + Self.end
    let expected = ["a=one", "../../etc/passwd=two", "\(long)=three", "b/c/kern=four", "last="]
    #expect(try members(archive, step: step) == expected)
  }

  @Test func everyCutIsAFaultOrAnEnd() throws {
    let whole = Self.member("a", "one") + Self.member("b", String(repeating: "x", count: 700))
    for cut in stride(from: 0, to: whole.count, by: 37) {
      do throws(TarReader.Fault) {
        let names = try members(Array(whole[..<cut]))
        #expect(names.count <= 2)
      } catch {
        guard case .damaged = error else {
          Issue.record("\(error)")
          return
        }
      }
    }
  }

  @Test func sizesThatLieAreFaults() {
    let huge = Self.header("a", size: 0, sizeField: [0x80] + [UInt8](repeating: 0xFF, count: 11))
    let words = Self.header("a", size: 0, sizeField: Array("zzzzzzzzzzz".utf8))
    var broken = Self.member("a", "one")
    broken[0] ^= 1
    for archive in [huge, words, broken] {
      #expect(throws: TarReader.Fault.self) { try members(archive) }
    }
  }
}
