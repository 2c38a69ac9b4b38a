import KernelLog
import Testing

@testable import OOMReports

@Suite struct CPULineTests {
  /// What stands before the taint, with and without a loaded crash kernel.
  static let heads = [
    "CPU: 3 PID: 411 Comm: ruby ", "CPU: 3 PID: 411 Comm: ruby Kdump: loaded ",
    "CPU: 3 UID: 33 PID: 411 Comm: ruby ", "Pid: 411, comm: ruby ",
  ]

  /// Flags as kernels print them, their letters, and the release behind them.
  static let taints: [(taint: String, letters: String, release: String)] = [
    ("Not tainted ", "", "6.1.0-9-amd64"),
    ("Tainted: G        W         ", "GW", "6.12.4"),
    ("Tainted: P           OE     X ", "POEX", "4.12.14-95.3-default"),
    // Red Hat's kernels keep flags free, for which they print dashes.
    ("Tainted: G        W  ---------------    ", "GW", "2.6.32-573.8.1.el6.x86_64"),
    ("Tainted: P           --------------- H  ", "PH", "2.6.32-573.8.1.el6.x86_64"),
    ("Tainted: G               ------------ T ", "GT", "3.10.0-693.2.2.el7.x86_64"),
    ("Tainted: G    B          ------------   ", "GB", "3.10.0-693.2.2.el7.x86_64"),
    ("Tainted: G            -------------- T ", "GT", "3.10.0-123.9.3.el7.x86_64"),
    ("Tainted: P           OEL ------------ T ", "POELT", "3.10.0-693.2.2.el7.x86_64"),
    ("Tainted: P OE ------------ ", "POE", "3.10.0-693.2.2.el7.x86_64"),
    ("Tainted: G          I      --------- -  - ", "GI", "4.18.0-193.el8.x86_64"),
    ("Tainted: G           OE    --------- -t - ", "GOEt", "4.18.0-193.el8.x86_64"),
    ("Tainted: G           OE    --------  ---  ", "GOE", "5.14.0-70.el9.x86_64"),
    ("Tainted: G               X --------- ---  ", "GX", "5.14.0-70.el9_0.x86_64"),
  ]

  @Test(arguments: heads)
  func everyTaintBehindEveryHead(_ head: String) throws {
    for (taint, letters, release) in Self.taints {
      let line = "\(head)\(taint)\(release) #1 SMP"
      #expect(Reading.reading(of: line, by: CPULine.grammar) == .read, "\(line)")
      let system = try #require(Reading.report([line]).system?.value, "\(line)")
      #expect(system.pid == 411, "\(line)")
      #expect(system.comm == LogText("ruby"), "\(line)")
      #expect(system.isKdumpLoaded == head.contains("Kdump"), "\(line)")
      let flags = String(taint.reversed().drop { $0 == " " }.reversed())
      #expect(system.taint == LogText(flags), "\(line)")
      #expect(system.taintLetters == letters, "\(line)")
      #expect(system.kernelRelease == LogText(release), "\(line)")
      #expect(system.build == LogText("#1 SMP"), "\(line)")
    }
  }

  @Test(arguments: [
    "3.10.0-693.2.2.el7.x86_6", "3.10.0-693.2.2.el7.x86_64", "3.10.0-693.2.2.el7.x86_64 ",
  ])
  func aReleaseThatMayBeCut(_ release: String) {
    let line = "CPU: 3 PID: 411 Comm: ruby Tainted: G        W    ------------   \(release)"
    #expect(Reading.reading(of: line, by: CPULine.grammar) == .torn)
    let system = Reading.report([line]).system?.value
    #expect(system?.kernelRelease == nil)
    #expect(system?.taint == LogText("Tainted: G        W    ------------"))
  }

  @Test(arguments: ["Tainted: G        W    ------", "Tainted: G        W    ------------ T"])
  func flagsThatMayBeCut(_ taint: String) {
    let line = "CPU: 3 PID: 411 Comm: ruby \(taint)"
    #expect(Reading.reading(of: line, by: CPULine.grammar) == .torn)
    #expect(Reading.report([line]).system?.value.taint == nil)
  }

  /// Web pages make a link to the first issue of the number.
  @Test func aBuildThatWasMadeALink() {
    let line = "CPU: 3 PID: 411 Comm: ruby Not tainted 6.1.0-9-amd64 owner/tool#1 SMP"
    let system = Reading.report([line]).system?.value
    #expect(system?.kernelRelease == LogText("6.1.0-9-amd64"))
    #expect(system?.build == LogText("#1 SMP"))
  }
}
