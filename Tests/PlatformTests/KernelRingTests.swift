import Glibc
import TestSupport
import Testing

@testable import Platform

struct KernelRingTests {
  @Test(arguments: [
    (["4,10,1,-;a", "4,11,2,-;b", "4,12,3,-;c"], 0),
    (["4,10,1,-;a", "4,13,2,-;b", "4,14,3,-;c", "6,20,3,-;c"], 7),
    (["4,10,1,-;a", "nonsense", "4,11,2,-;b"], 0),
  ])
  func `Missing numbers are lost records`(records: [String], lost: Int) {
    var sequence = RecordSequence()
    for record in records { sequence.note(Array(record.utf8)[...]) }
    #expect(sequence.lost == lost)
  }

  @Test func `Only the kernel's device is taken for the ring`() throws {
    let directory = try TemporaryDirectory()
    let file = try directory.file("kmsg", "4,1,2,-;x\n")
    for path in [file, "/dev/null"] {
      let descriptor = try Descriptor(opening: path, flags: O_RDONLY)
      let error = #expect(throws: HostError.self) {
        _ = try KernelRing.readRecords(from: descriptor)
      }
      #expect(error?.code == .unsuitable)
    }
  }

  @Test func `The live ring is read, or the refusal says what to do`() throws {
    do throws(HostError) {
      let ring = try KernelRing.read()
      #expect(ring.lostRecords >= 0)
      #expect(ring.bytes.isEmpty || ring.bytes.last == UInt8(ascii: "\n"))
      let isPlausible = ring.bytes.first.map { first in
        ring.form == .kmsg ? (0x30...0x39).contains(first) : first == UInt8(ascii: "<")
      }
      #expect(isPlausible != false)
    } catch {
      guard error.code == .denied else { return }
      #expect(error.reason.contains("kernel.dmesg_restrict"))
      #expect(error.hint?.contains("sudo") == true)
    }
  }

  @Test(arguments: [true, false])
  func `A refusal says why and what to do, and never to lift the restriction`(isRestricted: Bool) {
    let error = KernelRing.denial(isRestricted: isRestricted)
    #expect(error.reason.contains("kernel.dmesg_restrict"))
    let hint = error.hint ?? ""
    for way in ["sudo", "load oom.log", "systemd-journal"] { #expect(hint.contains(way)) }
    #expect(!hint.contains("dmesg_restrict") && !hint.contains("sysctl"))
  }
}
