import KernelLog
import Testing

@testable import OOMReports

@Suite struct StackLineTests {
  /// The same call as kernels for 32-bit arm print it: the function, and the place that called it.
  @Test(arguments: [
    ("[<c010a2b4>] (show_stack+0x0/0x14) from [<c050f0d8>] (dump_header+0x54/0x190)", "c050f0d8"),
    ("[<c010a2b4>] (show_stack) from [<c050f0d8>] (dump_header+0x54/0x190)", "c050f0d8"),
    ("show_stack from dump_header+0x54/0x190", nil),
  ])
  func callersOnARM(_ line: String, _ address: String?) throws {
    let frame = try #require(Reading.report([line]).trace.frames.first)
    #expect(frame.function == LogText("dump_header"))
    #expect(frame.offset == 0x54)
    #expect(frame.size == 0x190)
    #expect(frame.address == address)
    #expect(frame.isReliable)
  }

  /// A page takes `<ffffffff8111b2c9>` for markup; klogd puts the function in the address's place.
  @Test(arguments: [
    "[] out_of_memory+0x8e/0x2f3", "[out_of_memory+0x8e/0x2f3] out_of_memory+0x8e/0x2f3",
    "[agpgart:out_of_memory+0x8e/0x2f3] out_of_memory+0x8e/0x2f3", "[] ? out_of_memory+0x8e/0x2f3",
  ])
  func framesWithoutAddress(_ line: String) throws {
    let invoked = "java invoked oom-killer: gfp_mask=0xd0, order=0"
    let frame = try #require(Reading.report([invoked, line]).trace.frames.first)
    #expect(frame.function == LogText("out_of_memory"))
    #expect(frame.offset == 0x8e && frame.size == 0x2f3 && frame.address == nil)
    #expect(frame.isReliable == !line.contains("?"))
  }

  @Test(arguments: [
    "Exception stack(0xd2a45fb0 to 0xd2a45ff8)", "5fa0: 0000004c b5f20a18 00000001 b5f20a18",
    "5fe0: b6f0e0a0 be9ff6c8 b6e34d54 b6ea4c30", "r10:00000000 r9:c0a02008 r8:00000003",
    "r7:c0a02008 r6:00000342", "Backtrace:",
  ])
  func otherLinesOfARM(_ line: String) {
    let report = Reading.report(["java invoked oom-killer: gfp_mask=0xd0, order=0", line])
    #expect(report.trace.frames.isEmpty)
    #expect(Reading.reading(of: line, by: StackLines.grammar) == .known)
  }

  @Test(arguments: ["a mail from somebody+0x1", "copied from there", "5fa0: 12", "r7: 1"])
  func noFrames(_ line: String) {
    #expect(Reading.reading(of: line, by: StackLines.grammar) == .other)
  }
}
