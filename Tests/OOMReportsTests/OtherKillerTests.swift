import KernelLog
import TestSupport
import Testing

@testable import OOMReports

/// Other killers are kinds of their own, told by who wrote the line.
@Suite struct OtherKillerTests {
  private static func kills(in log: String) -> [OtherKill] {
    let found = Scan.scanner(over: Array(log.utf8))
    #expect(found.events.isEmpty)
    return found.scanner.otherKills.kills
  }

  @Test func samplesAreReadByTheirOwn() {
    for killer in OtherKillers.all {
      #expect(!killer.samples.isEmpty)
      for sample in killer.samples {
        let message = Array(sample.utf8)
        for other in OtherKillers.all {
          #expect((other.read(message.span) != nil) == (other.kind == killer.kind), "\(sample)")
        }
        for end in message.indices { _ = killer.read(Array(message[..<end]).span) }
      }
    }
    #expect(Set(OtherKillers.all.map(\.kind)) == Set(OtherKiller.Kind.allCases))
  }

  @Test func everyFileIsInTheTable() throws {
    let table = String(
      decoding: try #require(Places.bytes("Sources/OOMReports/OtherKillers.swift")), as: UTF8.self)
    let files = Places.files(in: "Sources/OOMReports/OtherKillers")
    #expect(files.count > 5)
    for file in files where !file.hasPrefix("OtherKill") {
      #expect(table.contains(" \(file.dropLast(6))."), "\(file) has no row in OtherKillers.swift")
    }
  }

  static let oomd = "Killed /user.slice/a b.scope due to memory pressure for /user.slice being 59%"

  @Test(arguments: [
    "Nov 22 23:21:05 host systemd-oomd[511]: \(oomd)\n",
    "2026-11-22T23:21:05.345678+00:00 host systemd-oomd[511]: \(oomd)\n",
    "<30>1 2026-11-22T23:21:05.345678+00:00 host systemd-oomd 511 - - \(oomd)\n",
    "Sun 2026-11-22 23:21:05 UTC host systemd-oomd[511]: \(oomd)\n",
    "[   12.345678] systemd-oomd[511]: \(oomd)\n",
    #"{"__REALTIME_TIMESTAMP":"1795389665000000","SYSLOG_IDENTIFIER":"systemd-oomd","MESSAGE":""#
      + oomd + "\"}\n",
    "__CURSOR=a\n__REALTIME_TIMESTAMP=1795389665000000\nSYSLOG_IDENTIFIER=systemd-oomd\n"
      + "MESSAGE=\(oomd)\n\n",
  ])
  func systemdOomdInEveryCarrier(_ log: String) throws {
    let kills = Self.kills(in: log)
    #expect(kills.count == 1)
    let kill = try #require(kills.first)
    #expect(kill.killer == .systemdOomd)
    #expect(kill.cgroup?.description == "/user.slice/a b.scope")
    #expect(kill.reason?.description.hasPrefix("memory pressure for") == true)
  }

  /// Anybody can quote a killer.
  @Test(arguments: [
    "Nov 22 23:21:05 host irc[511]: \(oomd)\n", "\(oomd)\n", "systemd-oomd[511]: \(oomd)\n",
    "Nov 22 23:21:05 host irc[1]: systemd-oomd[511]: \(oomd)\n",
    "Nov 22 23:21:05 host irc[1]: x: page allocation failure: order:4, mode:0x0\n",
    "Nov 22 23:21:05 host irc[1]: sending SIGTERM to process 1 \"x\": badness 9\n",
    "Nov 22 23:21:05 host kernel: sending SIGTERM to process 1 \"x\": badness 9\n",
    #"{"__REALTIME_TIMESTAMP":"1","SYSLOG_IDENTIFIER":"irc","MESSAGE":"\"SYSLOG_IDENTIFIER\":\""#
      + #"systemd-oomd\" "# + oomd + "\"}\n",
    "Nov 22 23:21:05 host systemd[1]: a.scope: systemd-oomd killed 3 process(es) in this unit.\n",
    "Nov 22 23:21:05 host irc[1]: a.service: Failed with result 'oom-kill'.\n",
    "Nov 22 23:21:05 host systemd[1]: a.service: Failed with result 'signal'.\n",
    "Nov 22 23:21:05 host systemd[1]: a.service: Main process exited, code=killed, status=15/TERM\n",
    "Nov 22 23:21:05 host systemd[1]: see a b: Failed with result 'oom-kill'.\n",
    "x: page allocation failure: order:4, mode:0x0\n",
    "a very long name indeed: page allocation failure: order:4, mode:0x0\n",
  ])
  func quotations(_ log: String) {
    #expect(Self.kills(in: log) == [])
  }

  @Test func repeatsAreOneKill() throws {
    let line =
      "Nov 22 23:21:05 host earlyoom[7]: sending SIGTERM to process 30551 uid 1000 \"a\"b\": "
    let kills = Self.kills(
      in: (1...3).map { "\(line)oom_score 900, VmRSS \($0) MiB\n" }.joined()
        + "Nov 22 23:22:05 host earlyoom[7]: sending SIGKILL to process 9 \"c\": badness 1\n")
    #expect(kills.map(\.pid) == [30551, 9])
    #expect(kills.map(\.count) == [3, 1])
    #expect(kills.first?.comm?.description == "a\"b")
    #expect(kills.first?.line == 1)
  }

  /// The figures' words begin with a name's quote, which may be the only one.
  @Test func nameWithoutEnd() {
    let log = "Nov 22 23:21:05 host earlyoom[7]: sending SIGTERM to process 7\": badness 9\n"
    #expect(Self.kills(in: log).map(\.comm) == [nil])
  }

  /// What systemd says of one death is one; with its first words another one begins.
  @Test func deathsThatSystemdSaw() {
    let said = [
      "web.service: A process of this unit has been killed by the OOM killer.",
      "web.service: Main process exited, code=killed, status=9/KILL",
      "web.service: Failed with result 'oom-kill'.",
      "web.service: A process of this unit has been killed by the OOM killer.",
      "db.service: main process exited, code=killed, status=9/KILL",
      "web.service: Failed with result 'oom-kill'.",
    ]
    let log = said.map { "Nov 22 23:21:05 host systemd[1]: \($0)\n" }.joined()
    let kills = Self.kills(in: log)
    #expect(kills.map(\.unit?.description) == ["web.service", "web.service", "db.service"])
    #expect(kills.map(\.count) == [3, 2, 1])
    #expect(kills.map(\.line) == [1, 4, 5])
    #expect(kills.allSatisfy { $0.killer == .systemd && $0.pid == nil && $0.comm == nil })
    #expect(kills.last?.reason?.description == "main process exited, code=killed, status=9/KILL")
  }

  @Test func theKernelsOwn() {
    let kills = Self.kills(
      in: """
        [    1.000000] python3: page allocation failure: order:4, mode:0x40cc0(GFP_KERNEL), nodemask=0
        [    2.000000] x: y: page allocation stalls for 10004ms, order:0, mode:0x14200ca(GFP_USER)
        [    3.000000] lowmemorykiller: send sigkill to 1234 (com.app), adj 15, size 8000
        [    4.000000] oomd kill: 81.28 80.05 42.78 system.slice/a.service 1999 ruleset:[x]
        09-07 01:55:44.794   479   479 I lowmemorykiller: Kill 'com.b' (99), uid 1, oom_score_adj 100

        """)
    #expect(
      kills.map(\.killer) == [
        .pageAllocationFailure, .pageAllocationFailure, .lowmemorykiller, .oomd, .lowmemorykiller,
      ])
    #expect(kills.map(\.comm?.description) == ["python3", "x: y", "com.app", nil, "com.b"])
    #expect(kills.map(\.pid) == [nil, nil, 1234, nil, 99])
    #expect(kills.map(\.line) == [1, 2, 3, 4, 5])
    #expect(kills[0].time.uptimeMicros == 1_000_000)
    #expect(kills[3].cgroup?.description == "system.slice/a.service")
  }

  /// They are counted without end and kept up to a bound, wherever the log is cut.
  @Test func manyAreCounted() {
    var log: [UInt8] = []
    for index in 0..<10_050 {
      let line = "[\(index).000001] a\(index): page allocation failure: order:4, mode:0x0\n"
      log += Array(line.utf8)
    }
    let whole = Scan.scanner(over: log).scanner.otherKills
    #expect(whole.kills.count == OtherKillLog.capacity)
    #expect(whole.counts[.pageAllocationFailure] == 10_050)
    #expect(whole.unkeptCount == 50)
    #expect(Scan.scanner(over: log, piece: { _ in 77_777 }).scanner.otherKills == whole)
  }

  /// Beside reports they change nothing of them.
  @Test func besideAReport() {
    let printed = KernelPrinter(.linux612, .global, seed: 5, startingAt: 1_000_000).print()
    let other = "[    9.000000] x: page allocation failure: order:4, mode:0x0\n"
    let report = LogForm.dmesg.log(printed.records)
    let found = Scan.scanner(over: Array(other.utf8) + report + Array(other.utf8))
    #expect(found.events.map(\.facts) == [printed.facts])
    #expect(found.scanner.otherKills.counts == [.pageAllocationFailure: 2])
  }
}
