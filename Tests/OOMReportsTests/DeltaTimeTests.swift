import KernelLog
import OOMReports
import TestSupport
import Testing

/// `dmesg -H` prints the minute where it changes, and differences.
@Suite struct DeltaTimeTests {
  private static let kill =
    "Out of memory: Killed process 7 (app) total-vm:2kB, anon-rss:1kB, file-rss:0kB, "
    + "shmem-rss:0kB, UID:0 pgtables:4kB oom_score_adj:0\n"

  /// 2026-11-23 00:00 UTC.
  private static let clock = Clock(referenceMicros: 1_795_392_000_000_000)

  private static func wall(_ log: String) -> (wall: Int64?, error: Int64?) {
    let time = Scan.events(in: Array(log.utf8), clock: clock).first?.report.time
    return (time?.wallMicros, time?.errorMicros)
  }

  @Test func differencesAreAddedToTheMinute() {
    let time = Self.wall(
      "[Nov22 08:36] a\n[  +2.500000] b\n[ +10.000000] c\n[  +0.000001] " + Self.kill)
    // 2026-11-22 08:36 UTC and 12.500001 s.
    #expect(time.wall == Int64(1_795_336_572_500_001))
    #expect((time.error ?? 0) >= 60_000_000)
  }

  @Test func theLineItselfMayPrintTheMinute() {
    #expect(Self.wall("[11월22 08:36] " + Self.kill).wall == 1_795_336_560_000_000)
  }

  @Test func newYearIsCrossed() {
    let time = Self.wall("[Dec31 23:59] a\n[ +90.000000] " + Self.kill)
    // 2026-01-01 00:00:30 UTC.
    #expect(time.wall == 1_767_225_630_000_000)
  }

  @Test func differencesAloneDateNothing() {
    #expect(Self.wall("[  +2.500000] b\n[  +0.000001] " + Self.kill).wall == nil)
  }
}
