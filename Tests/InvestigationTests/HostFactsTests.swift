import KernelLog
import OOMReports
import Testing

@testable import Investigation

@Suite struct HostFactsTests {
  private func facts(_ files: [String: String]) -> HostFacts {
    HostFacts(files: files.mapValues { Array($0.utf8) }, isLive: false)
  }

  @Test func wantedNamesTheFiles() {
    let wanted = HostFacts.wanted
    #expect(Set(wanted).count == wanted.count)
    #expect(wanted.allSatisfy { !$0.hasPrefix("/") && !$0.contains("..") })
    for path in [
      "proc/sys/vm/panic_on_oom", "proc/sys/vm/user_reserve_kbytes", "proc/sys/kernel/osrelease",
      "proc/meminfo", "proc/swaps", "proc/vmstat", "proc/pressure/memory",
      "sys/module/zswap/parameters/enabled",
    ] {
      #expect(wanted.contains(path), "\(path)")
    }
  }

  @Test func missingFilesStayMissing() {
    let facts = facts([:])
    #expect(facts == HostFacts(isLive: false))
    #expect(facts.swapDevices == nil && facts.isZswapEnabled == nil && facts.oomKills == nil)
    #expect(facts.integer("vm.panic_on_oom") == nil)
  }

  @Test func settingsAreReadAsTheyStand() {
    let facts = facts([
      "proc/sys/vm/panic_on_oom": "0\n", "proc/sys/vm/swappiness": " 60 \n",
      "proc/sys/vm/oom_dump_tasks": "one\n", "proc/sys/vm/min_free_kbytes": "",
      "proc/sys/kernel/osrelease": "6.12.0-1-amd64\n",
    ])
    #expect(facts.integer("vm.panic_on_oom") == 0)
    #expect(facts.integer("vm.swappiness") == 60)
    #expect(facts.sysctls["vm.oom_dump_tasks"] == LogText("one"))
    #expect(facts.integer("vm.oom_dump_tasks") == nil)
    #expect(facts.sysctls["vm.min_free_kbytes"] == nil)
    #expect(facts.kernelRelease == LogText("6.12.0-1-amd64"))
  }

  @Test(
    arguments: [
      ("0", 0), ("-1", -1), ("9223372036854775807", Int64.max), ("9223372036854775808", nil),
      ("+1", nil), ("1 2", nil), ("0x1", nil), ("", nil), ("-", nil), ("١", nil),
    ] as [(String, Int64?)])
  func integersAreDecimalOrNothing(_ text: String, _ value: Int64?) {
    #expect(ProcText.integer(Array(text.utf8)[...]) == value)
  }

  @Test func meminfoKeepsSizesApartFromCounts() {
    let facts = facts([
      "proc/meminfo": """
      MemTotal:       24684096 kB
      Active(anon):       1544 kB
      HugePages_Total:       3
      Hugepagesize:       2048 kB
      Broken:             kB
      Huge:  9223372036854775807 kB
      NoColon 12 kB
      Odd:  12 MB
      : 5 kB

      """
    ])
    #expect(facts.meminfo["MemTotal"] == Bytes(24_684_096 * 1024))
    #expect(facts.meminfo["Active(anon)"] == Bytes(1544 * 1024))
    #expect(facts.meminfoCounts == ["HugePages_Total": 3])
    #expect(facts.meminfo["HugePages_Total"] == nil)
    for name in ["Broken", "Huge", "NoColon", "Odd"] { #expect(facts.meminfo[name] == nil) }
  }

  @Test func swapDevicesAreRecognised() {
    let header = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"
    let devices = SwapDevice.parse(
      Array(
        (header + """
          /dev/sda2                               partition\t8388604\t\t1024\t\t-2
          /swap\\040file                           file\t\t1024\t\t0\t\t-3
          /dev/zram0                              partition\t536868\t\t349\t\t100
          /dev/sdb1 partition x 0 -4
          /dev/sdc1 partition 4

          """).utf8))
    #expect(devices.map(\.kind) == [.partition, .file, .zram])
    #expect(devices.map(\.size.kB) == [8_388_604, 1024, 536_868])
    #expect(devices.map(\.used.kB) == [1024, 0, 349])
    #expect(devices.map(\.priority) == [-2, -3, 100])
    #expect(devices[1].name == LogText("/swap\\040file"))
    #expect(SwapDevice.parse(Array(header.utf8)).isEmpty)
    #expect(facts(["proc/swaps": header]).swapDevices == [])
  }

  @Test(
    arguments: [("Y\n", true), ("N\n", false), ("1", true), ("0", false), ("?", nil), ("", nil)]
      as [(String, Bool?)])
  func zswapIsASwitch(_ text: String, _ isOn: Bool?) {
    #expect(facts(["sys/module/zswap/parameters/enabled": text]).isZswapEnabled == isOn)
  }

  @Test func vmstatHoldsTheCount() {
    #expect(facts(["proc/vmstat": "oom_kill_x 9\noom_kill 4\npgfault 1\n"]).oomKills == 4)
    #expect(facts(["proc/vmstat": "pgfault 1\n"]).oomKills == nil)
    #expect(facts(["proc/vmstat": "oom_kill\n"]).oomKills == nil)
  }

  @Test func pressureIsAShare() {
    let text = """
      some avg10=1.50 avg60=0.00 avg300=100.00 total=123
      full avg10=0.07 avg60=0.00 avg300=0.00 total=5

      """
    let pressure = MemoryPressure(parsing: Array(text.utf8))
    #expect(pressure?.some == .init(last10: 0.015, last60: 0, last300: 1))
    #expect(pressure?.full?.last10 == 0.0007)
    let someOnly = MemoryPressure(parsing: Array(text.prefix { $0 != "\n" }.utf8))
    #expect(someOnly?.full == nil && someOnly != nil)
    for broken in ["", "some", "some avg10=nan avg60=0.00 avg300=0.00", "some avg10=1 avg60=2 x=3"]
    {
      #expect(MemoryPressure(parsing: Array(broken.utf8)) == nil)
    }
  }

  @Test func sysctlOutputIsTakenOver() {
    var facts = facts(["proc/sys/vm/swappiness": "10"])
    let output = """
      kernel.osrelease = 5.14.0-1.el9
      net.ipv4.ip_forward = 1
      vm.overcommit_memory=2
      vm.swappiness = 60
      sysctl: reading key "x"

      """
    facts.take(sysctlOutput: Array(output.utf8))
    #expect(facts.integer("vm.swappiness") == 60)
    #expect(facts.integer("vm.overcommit_memory") == 2)
    #expect(facts.sysctls["net.ipv4.ip_forward"] == nil)
    #expect(facts.kernelRelease == LogText("5.14.0-1.el9"))
  }

  /// A captured root is no more to be trusted than a log.
  @Test func hostileFilesDoNotHarm() {
    let samples: [[UInt8]] = [
      Array(repeating: 0xff, count: 5000), Array(repeating: UInt8(ascii: ":"), count: 5000),
      Array("\u{1b}[31m: 1 kB\n= =\n- -".utf8), [0, 10, 0], Array("/ / / / / /\n".utf8),
    ]
    for bytes in samples {
      let files = Dictionary(uniqueKeysWithValues: HostFacts.wanted.map { ($0, bytes) })
      let facts = HostFacts(files: files, isLive: true)
      #expect(facts.oomKills == nil && facts.pressure == nil && facts.isZswapEnabled == nil)
      _ = SysctlReview(facts, liveEvents: [])
    }
  }
}
