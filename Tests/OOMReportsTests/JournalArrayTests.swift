import KernelLog
import OOMReports
import TestSupport
import Testing

/// journalctl's JSON writes a message that is no text as an array of its bytes' numbers, in which no
/// key word stands as such.
@Suite struct JournalArrayTests {
  private static let messages = [
    "\u{1B}[31mRED invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0",
    "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,"
      + "task_memcg=/a.service,task=\u{1B}[31mRED,pid=195,uid=0",
    "Out of memory: Killed process 195 (\u{1B}[31mRED) total-vm:42316kB, anon-rss:8192kB, "
      + "file-rss:0kB, shmem-rss:704kB, UID:0 pgtables:64kB oom_score_adj:0",
  ]

  private static func log(_ messages: [String]) -> [UInt8] {
    let lines = messages.enumerated().map { index, message in
      let numbers = message.utf8.map(String.init).joined(separator: ",")
      return
        "{\"__REALTIME_TIMESTAMP\":\"179293508\(1_000_000 + index)\",\"_TRANSPORT\":\"kernel\","
        + "\"SYSLOG_IDENTIFIER\":\"kernel\",\"MESSAGE\":[\(numbers)]}\n"
    }
    return Array(lines.joined().utf8)
  }

  @Test(arguments: [true, false])
  func aKillInNumbersAlone(isWhole: Bool) throws {
    let events = Scan.events(in: Self.log(Self.messages), isWhole: isWhole)
    #expect(events.count == 1)
    let victim = try #require(events.first?.report.victims.first)
    #expect(victim.pid == 195)
    #expect(victim.comm == LogText("\u{1B}[31mRED"))
    #expect(victim.anonRSS == Bytes(kB: 8192))
  }

  @Test func aKillLineInNumbersAlone() {
    let events = Scan.events(in: Self.log([Self.messages[2]]))
    #expect(events.map(\.report.status) == [.killOnly])
  }
}
