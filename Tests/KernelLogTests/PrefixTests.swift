import TestSupport
import Testing

@testable import KernelLog

/// What a line's prefix says, in every form.
@Suite struct PrefixTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let line: String
    var message = "x"
    var carrier = Carrier.plain
    var uptime: Int64?
    /// Microseconds since 1970, as though local times were UTC.
    var wall: Int64?
    var host: String?
    var origin = LogRecord.Origin.unknown

    var testDescription: String { line }
  }

  /// 2026-10-25 14:31:23 UTC.
  private static let moment: Int64 = 1_792_938_683_000_000

  static let cases: [Case] = [
    Case(line: "<4>[   12.345678] x", carrier: .dmesg, uptime: 12_345_678, origin: .kernel),
    Case(line: "<30>x", origin: .program),
    Case(
      line: "kern  :warn  : [   12.345678] x", carrier: .dmesg, uptime: 12_345_678,
      origin: .kernel),
    Case(line: "user  :err   : x", carrier: .dmesg, origin: .program),
    Case(line: "\u{1B}[32m[   12.345678] \u{1B}[0mx", carrier: .dmesg, uptime: 12_345_678),
    Case(
      line: "\u{1B}[32m2026-10-25T14:30:29,355781+00:00 x", carrier: .dmesgISO,
      wall: moment - 54_000_000 + 355_781),
    Case(line: "4,413,118355781,-;x", carrier: .kmsg, uptime: 118_355_781, origin: .kernel),
    Case(
      line: "6,414,118355781,c,caller=T12;x", carrier: .kmsg, uptime: 118_355_781,
      origin: .kernel),
    Case(line: "30,414,118355781,-;x", carrier: .kmsg, uptime: 118_355_781, origin: .program),
    Case(
      line: "** 17 printk messages dropped ** [   12.345678] x", carrier: .dmesg,
      uptime: 12_345_678),
    Case(line: "[   12.345678] x", carrier: .dmesg, uptime: 12_345_678),
    Case(line: "[   12.345678]  x", message: " x", carrier: .dmesg, uptime: 12_345_678),
    Case(line: "[12345.678901] x", carrier: .dmesg, uptime: 12_345_678_901),
    Case(line: "[   12.345678 <    0.000022>] x", carrier: .dmesg, uptime: 12_345_678),
    Case(line: "[<    2.028293>] x", carrier: .dmesgDelta),
    Case(line: "[  +2.028293] x", carrier: .dmesgDelta),
    Case(line: "[Oct25 14:30] x", carrier: .dmesgDelta),
    Case(line: "[11월22 23:25] x", carrier: .dmesgDelta),
    Case(line: "[Sun Oct 25 14:31:23 2026] x", carrier: .dmesgTime, wall: moment),
    Case(line: "[일 10월 25 14:31:23 2026] x", carrier: .dmesgTime, wall: moment),
    Case(
      line: "[ven. nov. 28 07:26:44 2025] x", carrier: .dmesgTime, wall: 1_764_314_804_000_000),
    Case(line: "[Di 12. Aug 10:11:12 2025] x", carrier: .dmesgTime, wall: 1_754_993_472_000_000),
    Case(line: "kernel: x", carrier: .syslog, origin: .kernel),
    Case(
      line: "kernel: [   12.345678] x", carrier: .syslog, uptime: 12_345_678, origin: .kernel),
    Case(line: "web1 kernel: x", carrier: .syslog, host: "web1", origin: .kernel),
    Case(
      line: "web-1.example.com kernel: [   12.345678] x", carrier: .syslog, uptime: 12_345_678,
      host: "web-1.example.com", origin: .kernel),
    Case(
      line: "[   12.345678] kernel: x", carrier: .dmesg, uptime: 12_345_678, origin: .kernel),
    Case(line: "14:31:23 web1 kernel: x", carrier: .syslog, host: "web1", origin: .kernel),
    Case(
      line: "14:31:23 kernel: [   12.345678] x", carrier: .syslog, uptime: 12_345_678,
      origin: .kernel),
    Case(line: "11 kernel: x", message: "11 kernel: x"),
    Case(line: "The kernel: x", message: "The kernel: x"),
    Case(line: "our new kernel: x", message: "our new kernel: x"),
    Case(
      line: "kern:     err: [2026-10-25T14:31:23.91Z]: x", carrier: .talos,
      wall: moment + 910_000, origin: .kernel),
    Case(line: "[   12.345678][ T1234] x", carrier: .dmesg, uptime: 12_345_678),
    Case(line: "[   12.345678] [    C0] x", carrier: .dmesg, uptime: 12_345_678),
    Case(
      line: "1 2026-10-25T14:31:23.074316+00:00 oomlab kernel - - - x", carrier: .syslog5424,
      wall: moment + 74_316, host: "oomlab", origin: .kernel),
    Case(
      line: "<4>1 2026-10-25T14:31:23Z oomlab kernel - - [a b=\"c\"] \u{FEFF}[   12.345678] x",
      carrier: .syslog5424, uptime: 12_345_678, wall: moment, host: "oomlab", origin: .kernel),
    Case(
      line: "2026-10-25T14:31:23.074316+00:00 host kernel: x", carrier: .syslogISO,
      wall: moment + 74_316, host: "host", origin: .kernel),
    Case(
      line: "2026-10-25T23:31:23+0900 host kernel: [   12.345678] x", carrier: .syslogISO,
      uptime: 12_345_678, wall: moment, host: "host", origin: .kernel),
    Case(
      line: "2026-10-25T14:30:29,355781+00:00 x", carrier: .dmesgISO,
      wall: moment - 54_000_000 + 355_781),
    Case(
      line: "2026-10-25T14:31:23Z host kernel: x", carrier: .syslogISO, wall: moment,
      host: "host", origin: .kernel),
    Case(line: "Nov  2 23:21:05 host kernel: x", carrier: .syslog, host: "host", origin: .kernel),
    Case(
      line: "11월 22 23:35:22.012345 host kernel: x", carrier: .syslog, host: "host",
      origin: .kernel),
    Case(
      line: "Nov  2 23:21:05 host kern.warn kernel: [   12.345678] x", carrier: .syslog,
      uptime: 12_345_678, host: "host", origin: .kernel),
    Case(
      line: "Nov  2 23:21:05 host java[77]: [   12.345678] x", message: "[   12.345678] x",
      carrier: .syslog, host: "host", origin: .program),
    Case(
      line: "Nov  2 23:21:05 says nothing of kernels", message: "says nothing of kernels",
      carrier: .syslog, origin: .program),
    Case(
      line: "Sun 2026-10-25 14:31:23 UTC oomlab kernel: x", carrier: .journalText, wall: moment,
      host: "oomlab", origin: .kernel),
    Case(
      line: "1792938683.059933 oomlab kernel: x", carrier: .journalText, wall: moment + 59_933,
      host: "oomlab", origin: .kernel),
    Case(
      line: "[   36.416179] oomlab kernel: x", carrier: .journalText, uptime: 36_416_179,
      host: "oomlab", origin: .kernel),
    // The heading of a part of a dump, which is no message.
    Case(line: "Panic#1 Part3", message: "", carrier: .plain, origin: .program),
    // A page's source, or JSON made safe for one.
    Case(line: "&lt;4&gt;[   12.345678] x", carrier: .dmesg, uptime: 12_345_678, origin: .kernel),
    Case(
      line: "&gt; &lt;12&gt;[   12.345678] x", carrier: .dmesg, uptime: 12_345_678,
      origin: .program),
    // Localised dmesg and journalctl, as glibc's locales print them.
    Case(line: "[월 11월 23 00:42:06 2026] x", carrier: .dmesgTime, wall: 1_795_394_526_000_000),
    Case(line: "[月 11月 23 00:42:06 2026] x", carrier: .dmesgTime, wall: 1_795_394_526_000_000),
    Case(line: "[一 11月 23 00:42:06 2026] x", carrier: .dmesgTime, wall: 1_795_394_526_000_000),
    Case(line: "[lun nov 23 00:42:06 2026] x", carrier: .dmesgTime, wall: 1_795_394_526_000_000),
    Case(line: "[lun. nov. 23 00:42:06 2026] x", carrier: .dmesgTime, wall: 1_795_394_526_000_000),
    Case(line: "[Пн ноя 23 00:42:06 2026] x", carrier: .dmesgTime, wall: 1_795_394_526_000_000),
    Case(line: "[Mo Nov 23 00:42:06 2026] x", carrier: .dmesgTime, wall: 1_795_394_526_000_000),
    Case(
      line: "[Mo Nov 23 00:42:06 2026] [ T1234] x", carrier: .dmesgTime,
      wall: 1_795_394_526_000_000),
    Case(
      line: "2026-10-25T14:31:23,074316+00:00 [    C0] x", carrier: .dmesgISO,
      wall: moment + 74_316),
    // A program's own comma.
    Case(
      line: "2026-10-25 14:31:23,074 ERROR x", message: "ERROR x", carrier: .syslogISO,
      origin: .program),
    Case(
      line: "2026-10-25T14:31:23,074 ERROR x", message: "ERROR x", carrier: .syslogISO,
      origin: .program),
    // Hosts and tags.
    Case(
      line: "2026-10-25 14:31:23 web1.example.com kernel: x", carrier: .syslogISO, wall: moment,
      host: "web1.example.com", origin: .kernel),
    Case(
      line: "2026-10-25T14:31:23Z fe80::1%eth0 kernel: x", carrier: .syslogISO, wall: moment,
      host: "fe80::1%eth0", origin: .kernel),
    Case(
      line: "Oct 25 2026 14:31:23 host kernel: x", carrier: .syslog, wall: moment, host: "host",
      origin: .kernel),
    Case(
      line: "<4>Nov  2 23:21:05 host kernel:[   12.345678] x", carrier: .syslog,
      uptime: 12_345_678, host: "host", origin: .kernel),
    Case(
      line: "Nov  2 23:21:05 host kernel [   12.345678] x", carrier: .syslog,
      uptime: 12_345_678, host: "host", origin: .kernel),
    Case(
      line: "Nov  2 23:21:05 host kernel[0]: x", carrier: .syslog, host: "host",
      origin: .kernel),
    Case(
      line: "Nov  2 23:21:05 host kernel-watch: x", carrier: .syslog, host: "host",
      origin: .program),
    Case(
      line: "Nov  2 23:21:05 host kernel[0", message: "host kernel[0", carrier: .syslog,
      origin: .program),
    Case(line: "Oct 25 14:31:23 [   12.345678] x", carrier: .syslog, uptime: 12_345_678),
    Case(
      line: "Nov  2 23:21:05 host kernel: \u{1B}[0;1;31mx\u{1B}[0m", message: "x\u{1B}[0m",
      carrier: .syslog, host: "host", origin: .kernel),
    Case(
      line: "Nov  2 23:21:05 host kernel: \u{1B}[31mx", message: "\u{1B}[31mx",
      carrier: .syslog, host: "host", origin: .kernel),
    Case(
      line: #"<4>1 2026-10-25T14:31:23Z h kernel - - [a b="]\" ] "][c d="e"] x"#,
      carrier: .syslog5424, wall: moment, host: "h", origin: .kernel),
    Case(line: "<4>1 - h kernel - - - x", carrier: .syslog5424, host: "h", origin: .kernel),
    Case(line: "<12>1 - h myapp - - - x", carrier: .syslog5424, host: "h", origin: .program),
    // Logs of a machine's own, and stamps that `ts` put before others.
    Case(
      line: "Sun Oct 25 14:31:23 2026 kern.err kernel: x", carrier: .syslog, wall: moment,
      origin: .kernel),
    Case(
      line: "Sun Oct 25 14:31:23 2026 [1792938683.074] kern.err kernel: x", carrier: .syslog,
      wall: moment + 74_000, origin: .kernel),
    Case(
      line: "Sun Oct 25 14:31:23 2026 daemon.err watch[7]: x", carrier: .syslog, wall: moment,
      host: "daemon.err", origin: .program),
    Case(line: "Nov  2 23:21:05 kernel: x", carrier: .syslog, origin: .kernel),
    Case(
      line: "Nov  2 23:21:05 2026-10-25T14:31:23Z web1 kernel: x", carrier: .syslogISO,
      wall: moment, host: "web1", origin: .kernel),
    Case(
      line: "Nov  2 23:21:05 4,413,118355781,-;x", carrier: .kmsg, uptime: 118_355_781,
      origin: .kernel),
    Case(line: "\u{1B}[33mx: \u{1B}[0my", message: "x: \u{1B}[0my"),
    Case(
      line: "\u{1B}[31mRED invoked oom-killer: x", message: "\u{1B}[31mRED invoked oom-killer: x"),
    // Netconsole, phones, virtual machines.
    Case(
      line: "6.12.9-arch1-1,4,413,118355781,-,ncfrag=0/9;x", carrier: .kmsg,
      uptime: 118_355_781, origin: .kernel),
    Case(
      line: "6.12.9,12,413,118355781,-;x", carrier: .kmsg, uptime: 118_355_781,
      origin: .program),
    Case(line: "[   12.345678] (0)[1234:kswapd0]x", carrier: .dmesg, uptime: 12_345_678),
    Case(line: "[   12.345678]-(3)[0:swapper/3]x", carrier: .dmesg, uptime: 12_345_678),
    Case(line: "[   12.345678] I[0:      swapper/0:    1] x", carrier: .dmesg, uptime: 12_345_678),
    Case(line: "[   12.345678]  [3: kswapd0:   82] x", carrier: .dmesg, uptime: 12_345_678),
    Case(
      line: "[   12.345678] [  321]  1000 x", message: "[  321]  1000 x", carrier: .dmesg,
      uptime: 12_345_678),
    Case(line: "11-22 23:21:05.345     0     0 W kernel  : x", carrier: .logcat, origin: .kernel),
    Case(line: "11-22 23:21:05.345 W/kernel  (    0): x", carrier: .logcat, origin: .kernel),
    Case(
      line: "11-22 23:21:05.345  1000   812   812 I lmkd    : x", carrier: .logcat,
      origin: .program),
    Case(line: "W/kernel  (    0): x", carrier: .logcat, origin: .kernel),
    Case(
      line: "2026-10-25T14:31:23.103Z In(05) vcpu-5 - Guest: <4>[   12.345678] x",
      carrier: .virtualMachine, uptime: 12_345_678, wall: moment + 103_000, origin: .kernel),
    Case(
      line: "2026-10-25T14:31:23.103Z| vcpu-0| I120: Guest: <4>[   12.345678] x",
      carrier: .virtualMachine, uptime: 12_345_678, wall: moment + 103_000, origin: .kernel),
    Case(
      line: "kern: warning: [2026-10-25T14:31:23.91Z]: x", carrier: .talos,
      wall: moment + 910_000, origin: .kernel),
    Case(
      line: "192.168.1.1: kern: warning: [2026-10-25T14:31:23.91Z]: x", carrier: .talos,
      wall: moment + 910_000, host: "192.168.1.1", origin: .kernel),
    Case(
      line: "user: warning: [2026-10-25T14:31:23.91Z]: x", carrier: .talos,
      wall: moment + 910_000, origin: .program),
    // Containers: what a program says is not the kernel's.
    Case(
      line: "2026-10-25T14:31:23.074316789Z stdout F [   12.345678] x", carrier: .container,
      uptime: 12_345_678, wall: moment + 74_316),
    Case(
      line: "2026-10-25T14:31:23.074316789Z stderr F Oct 25 14:31:23 web1 kernel: x",
      carrier: .container, host: "web1", origin: .kernel),
    Case(line: "2026-10-25T14:31:23.074316789Z stdout F x", carrier: .container, origin: .program),
    Case(
      line: "2026-10-25T14:31:23.074316789Z stdout F <4>x", carrier: .container,
      origin: .program),
    Case(line: "-- Boot 45ac3f53bd2c49a9b9ea92a6ad1a2b53 --x", message: "", origin: .program),
    Case(line: "-- Reboot --x", message: "", origin: .program),
    Case(line: "-- Subject: x", message: "", origin: .program),
    // Quoted, listed, wrapped.
    Case(line: "> [   12.345678] x", carrier: .dmesg, uptime: 12_345_678),
    Case(line: ">> > | [   12.345678] x", carrier: .dmesg, uptime: 12_345_678),
    Case(line: "\u{FEFF}[   12.345678] x", carrier: .dmesg, uptime: 12_345_678),
    Case(line: "    [   12.345678] x", carrier: .dmesg, uptime: 12_345_678),
    Case(line: "> x"),
    Case(
      line: #"{"message":"x","_TRANSPORT":"stdout","_HOSTNAME":"h"}"#, carrier: .jsonLines,
      host: "h", origin: .program),
    Case(line: #"{"message":"x"}"#, carrier: .jsonLines),
    // The store tells the year and the zone of a line that prints neither.
    Case(
      line: #"{"@timestamp":"2026-10-25T14:31:23.5Z","message":"Oct 25 15:31:23 h kernel: x"}"#,
      carrier: .jsonLines, wall: moment, host: "h", origin: .kernel),
    Case(
      line: "2026-10-25T14:31:23Z relay Oct 25 14:31:23 h kernel: [   12.345678] x",
      carrier: .syslogISO, uptime: 12_345_678, wall: moment, host: "h", origin: .kernel),
    Case(line: "[14:31:23.074] [   12.345678] x", carrier: .console, uptime: 12_345_678),
    Case(line: #"{"message":"x","stream":"stdout"}"#, carrier: .jsonLines, origin: .program),
    Case(
      line: #"{"short_message":"x","host":"h","facility":"kern"}"#, carrier: .jsonLines, host: "h",
      origin: .kernel),
    Case(
      line: #"{"_source":{"host":{"name":"h"},"message":"x","@timestamp":"2026-10-25T14:31:23Z"}}"#,
      carrier: .jsonLines, wall: moment, host: "h"),
    Case(
      line: #"{"date":1792938683.0,"priority":4,"sec":12,"usec":345678,"msg":"x"}"#,
      carrier: .jsonLines, uptime: 12_345_678, wall: moment, origin: .kernel),
    Case(
      line:
        #"[3] kmsg: [[1792938683.0, {}], {"priority"=>4, "sec"=>12, "usec"=>345678, "msg"=>"x"}]"#,
      carrier: .jsonLines, uptime: 12_345_678, wall: moment, origin: .kernel),
    Case(
      line: #"time=2026-10-25T14:31:23Z level=warn host=h msg="[   12.345678] x" n=1"#,
      carrier: .logfmt, uptime: 12_345_678, wall: moment, host: "h"),
    Case(
      line: "2026-10-25T14:31:23+00:00 h/kern [   12.345678] x", carrier: .syslogISO,
      uptime: 12_345_678, wall: moment, host: "h"),
    Case(
      line: #"2026-10-25T14:31:23Z {job="k", host="h"} [   12.345678] x"#, carrier: .syslogISO,
      uptime: 12_345_678, wall: moment, host: "h"),
    Case(
      line: "[2026-10-25T14:31:23Z] [   12.345678] x", carrier: .console, uptime: 12_345_678,
      wall: moment),
    Case(
      line: "[Sun Oct 25 14:31:23 2026] [   12.345678] x", carrier: .console, uptime: 12_345_678),
    Case(line: "h: [   12.345678] x", carrier: .dmesg, uptime: 12_345_678, host: "h"),
    Case(line: "kern.log:[   12.345678] x", carrier: .dmesg, uptime: 12_345_678),
    Case(line: "Password: [   12.345678] x", carrier: .dmesg, uptime: 12_345_678),
    Case(
      line: #"{"MESSAGE":"x","_TRANSPORT":"kernel","_HOSTNAME":"h"}"#, carrier: .jsonLines,
      host: "h", origin: .kernel),
    Case(
      line: #"{"log":{"level":4},"a":[{"b":1},[2]],"message":"[   12.345678] x"}"#,
      carrier: .jsonLines, uptime: 12_345_678),
    Case(
      line: #"{"message":"[   12.345678] x","timestamp":1792938683074}"#,
      carrier: .jsonLines, uptime: 12_345_678, wall: moment + 74_000),
    Case(
      line: #"{"message":"[   12.345678] x","ts":1792938683.074316}"#,
      carrier: .jsonLines, uptime: 12_345_678, wall: moment + 74_316),
    Case(
      line: #"{"pri":4,"time":12.345678,"msg":"x"}"#, carrier: .jsonLines, uptime: 12_345_678,
      origin: .kernel),
    Case(
      line: #"{"pri":12,"time":12.345678,"msg":"x"}"#, carrier: .jsonLines, uptime: 12_345_678,
      origin: .program),
    Case(
      line: #"{"message":"<12>[   12.345678] x"}"#, carrier: .jsonLines, uptime: 12_345_678,
      origin: .program),
    Case(
      line: "ERROR worker said: [12345.678901] x", message: "ERROR worker said: [12345.678901] x"),
    Case(line: "a \"[12345.678901] x\" line", message: "a \"[12345.678901] x\" line"),
    Case(line: "x"),
    Case(line: "[ pid ] x", message: "[ pid ] x"),
    Case(line: "[  321]  1000 x", message: "[  321]  1000 x"),
    Case(line: "[99999999999999999999.1] x", message: "[99999999999999999999.1] x"),
    Case(line: "<192>x", message: "<192>x"),
    Case(line: "", message: ""),
  ]

  private static func record(of line: String) -> (record: LogRecord, bytes: [UInt8]) {
    let bytes = Array("\(line)\r\nnext\n".utf8)
    return (LineReader.record(in: bytes.span, at: 0), bytes)
  }

  @Test(arguments: cases)
  func prefixIsRead(_ wanted: Case) {
    let (record, bytes) = Self.record(of: wanted.line)
    #expect(String(decoding: bytes[record.message], as: UTF8.self) == wanted.message)
    #expect(record.carrier == wanted.carrier)
    #expect(record.stamp.uptimeMicros == wanted.uptime)
    #expect(record.host.map { String(decoding: bytes[$0], as: UTF8.self) } == wanted.host)
    #expect(record.origin == wanted.origin)
    if let wall = wanted.wall {
      #expect(Clock().time(of: record.stamp).wallMicros == wall)
    }
    #expect(record.end == wanted.line.utf8.count + 2)
  }

  /// A mail program breaks a line behind its prefix where the message's first word is long.
  @Test(arguments: [
    "[   36.416179] oomlab kernel:", "Oct 25 14:31:23 oomlab kernel: [   36.416179]",
    "> Oct 25 14:31:23 oomlab kernel: [   36.416179] ",
  ])
  func prefixesThatAreAlone(_ prefix: String) {
    let bytes = Array("\(prefix)\r\nx y\n[   36.416180] z\n".utf8)
    let end = prefix.utf8.count + 2
    let record = LineReader.record(in: bytes.span, at: 0)
    #expect(record.message == end..<end + 3 && record.end == end + 4 && !record.isBare)
    #expect(record.stamp.uptimeMicros == 36_416_179)
    #expect(record.host != nil)
    for offset in [0, end, end + 3] {
      #expect(LogFormat.lines.recordStart(of: offset, in: bytes.span, floor: 0) == 0)
    }
    // What has a prefix of its own is no rest.
    let two = Array("\(prefix)\n[   36.416180] z\n".utf8)
    #expect(LineReader.record(in: two.span, at: 0).message.isEmpty)
  }

  /// Readers of plain lines count on it: of a task's name nothing is taken for a part of the
  /// prefix.
  @Test func noPrefixGoesOnBehindTheUptimeWithAWord() {
    // What a word of a printf format may hold.
    let bytes = (UInt8(ascii: "!")...0xFF).filter { !",()[]\\#\u{7F}".utf8.contains($0) }
    for carrier in Carrier.allCases {
      for byte in bytes {
        for word in [[byte], [byte, byte], [byte, UInt8(ascii: "0")], [byte] + "kernel:".utf8] {
          var prefix = LinePrefix(offset: 0)
          (prefix.carrier, prefix.hasUptime) = (carrier, true)
          let line = word + " invoked oom-killer: gfp_mask=0x0, order=0, oom_score_adj=0".utf8
          #expect(!LineReader.goesOn(line.span, &prefix), "\(LogText(line)) in \(carrier)")
        }
      }
    }
  }

  /// The table's samples begin with their element, and their message is `x`.
  @Test func samplesAreRead() {
    for form in Carriers.prefixForms {
      for sample in form.samples {
        let (record, bytes) = Self.record(of: sample)
        let isMark = [JournalMark.form.name, Pstore.heading.name].contains(form.name)
        let message = String(decoding: bytes[record.message], as: UTF8.self)
        #expect(message == (isMark ? "" : "x"), "\(form.name): \(sample)")
        #expect(!record.isBare, "\(form.name): \(sample)")
        #expect(
          Self.cases.contains { $0.line == sample } || sample.contains("14:30:29 2026"),
          "no case for \(form.name): \(sample)")
      }
    }
    #expect(Set(Carriers.prefixForms.map(\.name)).count == Carriers.prefixForms.count)
  }

  /// Whatever stands around a line, the line inside is read, its stamp included.
  @Test func wrappedLinesAreRead() {
    for wrapper in Carriers.wrappers {
      for sample in wrapper.samples {
        let (record, bytes) = Self.record(of: sample)
        let message = String(decoding: bytes[record.message], as: UTF8.self)
        let isLast = ["x", "x,info"].contains(message)
        #expect(isLast, "\(wrapper.name): \(sample)")
        #expect(!record.isBare, "\(wrapper.name): \(sample)")
        #expect(record.origin != .program, "\(wrapper.name): \(sample)")
        if sample.contains("12.345678") {
          #expect(record.stamp.uptimeMicros == 12_345_678, "\(wrapper.name): \(sample)")
        }
      }
    }
    #expect(Set(Carriers.wrappers.map(\.name)).count == Carriers.wrappers.count)
  }

  /// What journalctl puts between messages is nobody's message.
  @Test(arguments: ["-- Boot 45ac3f53bd2c49a9b9ea92a6ad1a2b53 --", "-- Reboot --", "-- Subject: x"])
  func marksAreNoMessages(_ line: String) {
    #expect(Self.record(of: line).record.origin == .program)
  }

  /// dmesg -H and -d print differences, -H the minute where it changes.
  @Test(arguments: [
    ("[<    2.028293>] x", 2_028_293), ("[  +2.028293] x", 2_028_293),
    ("[  +0.000000] x", 0), ("[  +4,658291] x", 4_658_291), ("[<12345.000001>] x", 12_345_000_001),
  ])
  func differencesAreKept(_ line: String, _ micros: Int64) {
    let stamp = Self.record(of: line).record.stamp
    #expect(stamp.deltaMicros == micros)
    #expect(!stamp.hasWallTime)
    #expect(stamp.uptimeMicros == nil)
  }

  @Test(arguments: [
    "[Nov23 00:42] x", "[Nov 23 00:42] x", "[11월23 00:42] x", "[nov.23 00:42] x",
    "[11月23 00:42] x", "[ноя23 00:42] x", "\u{1B}[32m\u{1B}[1m[Nov23 00:42] \u{1B}[0mx",
  ])
  func minutesAreKept(_ line: String) {
    let stamp = Self.record(of: line).record.stamp
    #expect(
      stamp.civil == CivilTime(year: 0, month: 11, day: 23, hour: 0, minute: 42, second: 0),
      "\(line)")
    #expect(stamp.precisionMicros == 60_000_000)
    #expect(stamp.deltaMicros == nil)
  }

  /// Every file of a carrier has a row in the table; the fields are shared by two of them.
  @Test func everyCarrierIsInTheTable() throws {
    let table = String(
      decoding: try #require(Places.bytes("Sources/KernelLog/Carriers.swift")), as: UTF8.self)
    let files = Places.files(in: "Sources/KernelLog/Carriers")
    #expect(files.count > 8)
    for file in files where file != "JournalFields.swift" {
      #expect(table.contains("\(file.dropLast(6))."), "\(file) has no row in Carriers.swift")
    }
  }

  @Test func levelsBeyondTheKernelsAreAnotherProgrammes() {
    for priority in 0...191 {
      let (record, _) = Self.record(of: "<\(priority)>[   12.345678] x")
      #expect(record.origin == (priority < 8 ? .kernel : .program))
    }
  }

  @Test func everyCutOfAPrefixIsHarmless() {
    let samples = Carriers.prefixForms.map(\.samples) + Carriers.wrappers.map(\.samples)
    for samples in samples {
      for sample in samples {
        for end in 0...sample.utf8.count {
          let bytes = Array(sample.utf8.prefix(end))
          let record = LineReader.record(in: bytes.span, at: 0)
          #expect(record.message.upperBound <= bytes.count)
          #expect(record.message.lowerBound >= 0)
        }
      }
    }
  }

  /// A program may call itself kernel, and then has a pid.
  @Test func aKernelWithAPidIsNone() {
    #expect(Self.record(of: "Nov  2 23:21:05 host kernel[123]: x").record.origin == .program)
    #expect(Self.record(of: "Nov  2 23:21:05 host kernel[0]: x").record.origin == .kernel)
  }
}
