import TestSupport
import Testing

@testable import KernelLog

/// Sources whose lines do not come in the order of the kernel's log.
@Suite struct SourceOrderTests {
  /// What a source's bytes are once everything has been put in order, read in pieces of a size.
  private static func arranged(_ log: String, piece: Int = .max) -> (text: String, hasMoved: Bool) {
    var window = LogWindow()
    var order = SourceOrder()
    let bytes = Array(log.utf8)
    var offset = 0
    while !window.isAtEnd {
      unsafe window.fill { buffer in
        let count = min(piece, buffer.count, bytes.count - offset)
        unsafe buffer.copyBytes(from: bytes[offset..<offset + count])
        offset += count
        return count
      }
      _ = order.arrange(&window)
    }
    let text = window.withBytes { String(decoding: $0.text(0..<$0.count).bytes, as: UTF8.self) }
    return (text, order.hasMoved)
  }

  private static func packet(_ number: Int, _ fragment: Int? = nil) -> String {
    let place = fragment.map { ",ncfrag=\($0)/900" } ?? ""
    return "6.12.9,4,\(number),\(118_355_781 + number * 50),-\(place);\(number)\n"
  }

  private static func log(_ numbers: some Sequence<Int>) -> String {
    numbers.map { packet($0) }.joined()
  }

  @Test(arguments: [1, 7, 100, 4096])
  func latePackets(_ piece: Int) {
    let wanted = Self.log(900..<1200)
    var numbers = Array(900..<1200)
    for index in stride(from: 0, to: 280, by: 9) { numbers.swapAt(index, index + 1 + index % 7) }
    for index in stride(from: 10, to: 200, by: 60) {
      numbers.insert(numbers.remove(at: index), at: index + 40)
    }
    let found = Self.arranged(Self.log(numbers), piece: piece)
    #expect(found.text == wanted && found.hasMoved)
  }

  @Test func fragmentsAndFields() {
    let first = Self.packet(5) + " SUBSYSTEM=usb\n DEVICE=c1\n"
    let log = [
      Self.packet(4), Self.packet(6, 0), Self.packet(6, 450), Self.packet(6, 100), first,
      Self.packet(7),
    ]
    let wanted = [
      Self.packet(4), first, Self.packet(6, 0), Self.packet(6, 100), Self.packet(6, 450),
      Self.packet(7),
    ]
    #expect(Self.arranged(log.joined()).text == wanted.joined())
  }

  /// A boot counts from 0 again, a packet may come twice, and one that is far too late stays.
  @Test(arguments: [
    log(100..<300) + log(0..<50), log(0..<5) + log(0..<5), log([1, 2, 2, 3, 3, 3, 4]),
    log(Array(100..<400) + [50]), log(0..<300), "4,x\n" + log([3, 2, 1]),
    // A boot whose first packets were lost, and whose numbers the last one had just had.
    log(100..<160) + "6.12.9,4,150,4000000,-;150\n6.12.9,4,151,4000100,-;151\n",
  ])
  func whatIsNotLateStays(_ log: String) {
    let found = Self.arranged(log)
    #expect(found.text == log && !found.hasMoved)
  }

  /// Nothing that a scan may have looked at is moved, however late a packet is.
  @Test func theReachIsBounded() {
    let filler = String(repeating: "x", count: 2000)
    let long = { (number: Int) in "4,\(number),\(number),-;\(filler)\n" }
    let near = (0..<20).map(long).joined()
    let far = (0..<40).map(long).joined()
    let late = "4,5,5,-;late\n"
    for (log, moves) in [(near, true), (far, false)] {
      let without = log.replacing(long(5), with: "")
      #expect(Self.arranged(without + late).hasMoved == moves)
    }
  }

  private static func part(_ number: Int, of dump: String = "Panic#1") -> String {
    "\(dump) Part\(number)\n<4>[   \(20 - number).000001] \(dump) \(number)\n"
  }

  @Test(arguments: [1, 50, 4096])
  func partsOfDumps(_ piece: Int) {
    let newestFirst = (1...4).map { Self.part($0) }.joined()
    let wanted = (1...4).reversed().map { Self.part($0) }.joined()
    #expect(Self.arranged(newestFirst, piece: piece) == (wanted, true))
    #expect(Self.arranged(wanted, piece: piece) == (wanted, false))
    // Two dumps of one boot, and a dump of the next boot.
    let oops = Self.part(1, of: "Oops#1") + Self.part(2, of: "Oops#1")
    let found = Self.arranged(newestFirst + oops + newestFirst, piece: piece).text
    let sorted = Self.part(2, of: "Oops#1") + Self.part(1, of: "Oops#1")
    #expect(found == wanted + sorted + wanted)
  }

  @Test func headings() {
    func part(_ line: String) -> DumpPart? { DumpPart(Array(line.utf8).span) }
    #expect(part("Panic#1 Part3")?.part == 3)
    #expect(part("Oops#12 Part1\r")?.number == 12)
    for line in ["Panic#1 Part", "Panic #1 Part3", "#1 Part3", "Panic#1 Part3 x", "Panic#x Part3"] {
      #expect(part(line) == nil)
    }
    #expect(DumpPart.only(in: Array(Self.part(3).utf8).span)?.part == 3)
    #expect(DumpPart.only(in: Array((Self.part(2) + Self.part(1)).utf8).span) == nil)
    #expect(DumpPart.only(in: Array(("x\n" + Self.part(1)).utf8).span) == nil)
  }
}
