@testable import KernelLog
import Testing

@testable import OOMReports

@Suite struct PrintFormatTests {
  private static let format = PrintFormat("pid %d (%c) rss:%dkB{, adj:%i{ uid:%d}}{, nodes=%n}")

  /// What a line's fields are, and how long it is read to be; nil where it is another line.
  private func read(_ line: String, _ format: PrintFormat = format) -> (PrintFormat.Fields, Int)? {
    var fields = PrintFormat.Fields()
    let bytes = Array(line.utf8)
    return format.read(bytes.span, at: 0, &fields).map { (fields, $0) }
  }

  @Test func fields() throws {
    let (fields, end) = try #require(
      read("pid 4242 (Web Content) rss:123456789kB, adj:-1000 uid:0, nodes=0-1,3"))
    #expect(
      end == "pid 4242 (Web Content) rss:123456789kB, adj:-1000 uid:0, nodes=0-1,3".utf8.count)
    #expect((0..<5).map(fields.number) == [4242, 0, 123_456_789, -1000, 0])
    #expect(fields.place(1) == 10..<21)
    #expect(fields.place(5) == 63..<68)
  }

  @Test func optionsMayBeMissing() throws {
    let (none, end) = try #require(read("pid 1 (a) rss:2kB and more"))
    #expect(end == "pid 1 (a) rss:2kB".utf8.count)
    #expect((3...5).map(none.place) == [nil, nil, nil])
    let (outer, _) = try #require(read("pid 1 (a) rss:2kB, adj:3"))
    #expect((3...5).map(outer.number) == [3, nil, nil])
    let (other, _) = try #require(read("pid 1 (a) rss:2kB, nodes=(null)"))
    #expect((3...4).map(other.number) == [nil, nil])
    #expect(other.place(5)?.count == 6)
  }

  @Test(arguments: [
    "", "pid", "pid x (a) rss:2kB", "pid 1 (a rss:2kB", "pid 1 () rss:2kB", "pid 1 (a) rss:kB",
    "pid 1 (a) rss:2k", "pid 1 (a) rss:2kB, adj:", "pid 1 (a) rss:2kB, adj:-", "pid -1 (a) rss:2kB",
    "pid 1 (a,b) rss:2kB", "pid 1 (a(b) rss:2kB", "pid 1 (a)b) rss:2kB", "pid 1 (a[b) rss:2kB",
    "pid 1 (a\\b) rss:2kB", "pid 1 (a#b) rss:2kB", "pid 1 (a\tb) rss:2kB", "pid 1 (a\nb) rss:2kB",
    "pid 1 (sixteen bytes 16) rss:2kB", "pid 1234567890123456789 (a) rss:2kB",
  ])
  func otherLines(_ line: String) {
    #expect(read(line) == nil)
  }

  /// A longer text than a step holds, and names of every length, in bytes that end with the line.
  @Test func everyLength() throws {
    let format = PrintFormat("%w invoked oom-killer: gfp_mask=%x{(%s)}, order=%d")
    for length in 1...15 {
      for digits in [1, 7, 8, 9, 17, 18] {
        let (name, number) = (
          String(repeating: "한", count: length / 3) + "abcdefghijklmno".prefix(length % 3),
          String(repeating: "9", count: digits)
        )
        let flags = String(repeating: "F", count: length * digits)
        let line = "\(name) invoked oom-killer: gfp_mask=0xcc0(\(flags)), order=\(number)"
        let (fields, end) = try #require(read(line, format), "\(line)")
        #expect(end == line.utf8.count)
        #expect(fields.place(0) == 0..<length)
        #expect(fields.place(2)?.count == flags.utf8.count)
        #expect(fields.number(3) == Int64(number))
        #expect(read(line.replacing(" order", with: "  order"), format) == nil)
        #expect(read(line.replacing("oom-", with: "oom "), format) == nil)
      }
    }
  }

  /// No cut of a line is read as the line: what is left out is behind the end, or it is another line.
  @Test func everyCut() throws {
    let line = "pid 4242 (java) rss:123456789kB, adj:-1000 uid:0, nodes=0-1,3"
    for length in 0..<line.utf8.count {
      guard let (fields, end) = read(String(line.prefix(length))) else { continue }
      #expect(fields.number(2) == 123_456_789)
      #expect(end <= length)
    }
  }

  @Test(arguments: [
    ("[    0.000001] ", 1), ("[12345678.123456] ", 12_345_678_123_456),
    ("[123456789.000000] ", 123_456_789_000_000), ("[    5.000010] x", 5_000_010),
  ])
  func uptimes(_ stamp: String, _ micros: Int64) {
    var offset = 0
    let bytes = Array(stamp.utf8)
    #expect(bytes.span.uptime(at: &offset, before: bytes.count) == micros)
    #expect(offset == stamp.prefix { $0 != "]" }.utf8.count + 2)
  }

  @Test(arguments: [
    "", "[", "[1", "[1.", "[    ] ", "[.123456] ", "[1.12345] ", "[1.1234567] ", "[1.123456]",
    "[1.123456]x", "[1234567890.123456] ", "[1:123456] ", "[1.12a456] ", "[-1.123456] ",
    "1.123456] ",
    "[1.12345/] ", "[1.12345:] ",
  ])
  func noUptimes(_ stamp: String) {
    var offset = 0
    let bytes = Array(stamp.utf8)
    #expect(bytes.span.uptime(at: &offset, before: bytes.count) == nil)
    #expect(offset == 0)
  }
}
