package import KernelLog
package import OOMReports

/// What is known of the machine besides its log: settings, memory, swap.
///
/// Others read the files, live or from a captured root; a fact whose file was missing or unreadable
/// is missing.
package struct HostFacts: Sendable, Equatable {
  /// Whether the facts are those of the running machine, as of now.
  package var isLive: Bool
  /// Where the facts come from, to be shown; nil for the running machine.
  package var source: LogText?
  /// Values as read, without the newline, by their full names (`vm.panic_on_oom`).
  package var sysctls: [String: LogText] = [:]
  /// The sizes of /proc/meminfo by the kernel's names (`MemTotal`).
  package var meminfo: [String: Bytes] = [:]
  /// The figures of /proc/meminfo that are no sizes (`HugePages_Total`).
  package var meminfoCounts: [String: Int64] = [:]
  /// Nil where it is not known whether there is any.
  package var swapDevices: [SwapDevice]?
  /// Whether zswap is switched on; nil where the kernel has none or it is not known.
  package var isZswapEnabled: Bool?
  package var kernelRelease: LogText?
  /// Processes that the OOM killer killed since boot, of the whole machine and of cgroups (4.13+).
  package var oomKills: Int64?
  package var pressure: MemoryPressure?

  package init(isLive: Bool, source: LogText? = nil) {
    self.isLive = isLive
    self.source = source
  }

  /// The files under a root that facts are read from, without a leading slash.
  package static let wanted: [String] = rows.map(\.path)

  /// Takes what these files tell; files may be missing, cut or hostile.
  package init(files: [String: [UInt8]], isLive: Bool, source: LogText? = nil) {
    self.init(isLive: isLive, source: source)
    for row in Self.rows {
      if let bytes = files[row.path] { row.read(bytes, &self) }
    }
  }

  /// The number that a sysctl is set to; nil where it is missing or no number.
  package func integer(_ name: String) -> Int64? {
    sysctls[name].flatMap { ProcText.integer($0.bytes[...]) }
  }

  /// Takes over what the output of `sysctl -a` tells, in place of what was known.
  package mutating func take(sysctlOutput bytes: [UInt8]) {
    for line in ProcText.lines(bytes) {
      guard let equals = line.firstIndex(of: UInt8(ascii: "=")) else { continue }
      let name = String(decoding: ProcText.trimmed(line[..<equals]), as: UTF8.self)
      guard Self.sysctlNames.contains(name) else { continue }
      sysctls[name] = LogText(Array(ProcText.trimmed(line[line.index(after: equals)...])))
    }
    kernelRelease = sysctls.removeValue(forKey: Self.releaseName) ?? kernelRelease
  }
}

/// The files and what is read from each.
extension HostFacts {
  private struct Row: Sendable {
    let path: String
    let read: @Sendable ([UInt8], inout HostFacts) -> Void
  }

  private static let rows: [Row] =
    settingNames.map { name in
      Row(path: path(ofSysctl: name)) { bytes, facts in
        facts.sysctls[name] = ProcText.firstLine(bytes)
      }
    } + [
      Row(path: path(ofSysctl: releaseName)) { $1.kernelRelease = ProcText.firstLine($0) },
      Row(path: "proc/meminfo") { $1.takeMeminfo($0) },
      Row(path: "proc/swaps") { $1.swapDevices = SwapDevice.parse($0) },
      Row(path: "proc/vmstat") { $1.oomKills = ProcText.value(of: "oom_kill", in: $0) },
      Row(path: "proc/pressure/memory") { $1.pressure = MemoryPressure(parsing: $0) },
      Row(path: "sys/module/zswap/parameters/enabled") { $1.isZswapEnabled = ProcText.flag($0) },
    ]

  private static let settingNames = [
    "vm.panic_on_oom", "vm.oom_kill_allocating_task", "vm.oom_dump_tasks", "vm.overcommit_memory",
    "vm.overcommit_ratio", "vm.overcommit_kbytes", "vm.swappiness", "vm.min_free_kbytes",
    "vm.admin_reserve_kbytes", "vm.user_reserve_kbytes", "kernel.panic",
  ]
  private static let releaseName = "kernel.osrelease"
  private static let sysctlNames = Set(settingNames + [releaseName])

  private static func path(ofSysctl name: String) -> String {
    "proc/sys/" + name.split(separator: ".").joined(separator: "/")
  }

  private mutating func takeMeminfo(_ bytes: [UInt8]) {
    for line in ProcText.lines(bytes) {
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
      let words = ProcText.words(line[line.index(after: colon)...])
      guard let figure = words.first.flatMap({ ProcText.integer($0) }) else { continue }
      let name = String(decoding: ProcText.trimmed(line[..<colon]), as: UTF8.self)
      switch words.count {
      case 1: meminfoCounts[name] = figure
      case 2 where words[1].elementsEqual("kB".utf8): meminfo[name] = Bytes(kB: figure)
      default: continue
      }
    }
  }
}
