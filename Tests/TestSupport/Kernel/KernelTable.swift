/// The generations, as the kernels' sources print them.
extension Kernel {
  package static let all = main + early + middle + late

  /// Those that differ most.
  package static let main: [Kernel] = [
    linux2618, linux2632, rhel6, rhel7, linux44, linux49, linux414, rhel8, linux50, linux54,
    linux510, linux61, linux68, linux612, linux618,
  ]

  private static let oldPanic =
    "Kernel panic - not syncing: out of memory. panic_on_oom is selected\n"
  private static let newPanic =
    "Kernel panic - not syncing: Out of memory: system-wide panic_on_oom is enabled"

  package static let linux2618 = Kernel(
    name: "2.6.18", release: "2.6.18-8.el5", invocation: .anonymous, memory: .linux2618,
    intent: .children, kill: .fullStop, panic: oldPanic)

  package static let linux2632 = Kernel(
    name: "2.6.32", release: "2.6.32-5-amd64", invocation: .oomAdj, hasCpusetLine: true,
    system: .pid, memory: .linux2632,
    taskColumns: ["uid", "tgid", "total_vm", "rss", "cpu", "oom_adj"], memcg: nil, intent: .child,
    kill: .bare, panic: oldPanic)

  package static let rhel6 = Kernel(
    name: "RHEL 6", release: "2.6.32-642.el6.x86_64", invocation: .bothAdj, hasCpusetLine: true,
    system: .pid, memory: .linux2632,
    taskColumns: ["uid", "tgid", "total_vm", "rss", "cpu", "oom_adj", "oom_score_adj"],
    intent: .sacrifice, kill: .rhel6, panic: newPanic)

  package static let rhel7 = Kernel(
    name: "RHEL 7", release: "3.10.0-1127.el7.x86_64", invocation: .scoreAdj, hasCpusetLine: true,
    system: .cpu, memory: .rhel7,
    taskColumns: ["uid", "tgid", "total_vm", "rss", "nr_ptes", "swapents", "oom_score_adj"],
    memcg: .inline, intent: .sacrifice, kill: .rhel7, panic: newPanic)

  package static let linux44 = Kernel(
    name: "4.4", release: "4.4.0-210-generic", invocation: .scoreAdj, hasCpusetLine: true,
    system: .cpu, memory: .linux44,
    taskColumns: [
      "uid", "tgid", "total_vm", "rss", "nr_ptes", "nr_pmds", "swapents", "oom_score_adj",
    ],
    memcg: .inline, intent: .sacrifice, kill: .totalVM, panic: newPanic)

  package static let linux49: Kernel = {
    var kernel = linux44
    kernel = Kernel(renaming: kernel, "4.9", "4.9.0-19-amd64")
    kernel.invocation = .nodemask(blanks: 1)
    kernel.memory = .linux49
    kernel.kill = .shmem
    return kernel
  }()

  package static let linux414: Kernel = {
    var kernel = Kernel(renaming: linux49, "4.14", "4.14.355-276.618.amzn2.x86_64")
    kernel.invocation = .nodemask(blanks: 2)
    kernel.memory = .linux414
    return kernel
  }()

  package static let rhel8: Kernel = {
    var kernel = Kernel(renaming: linux414, "RHEL 8", "4.18.0-147.el8.x86_64")
    kernel.invocation = .nodemask(blanks: 1)
    kernel.taskColumns = [
      "uid", "tgid", "total_vm", "rss", "pgtables_bytes", "swapents", "oom_score_adj",
    ]
    kernel.intent = nil
    kernel.kill = .reason
    return kernel
  }()

  package static let linux50: Kernel = {
    var kernel = Kernel(renaming: rhel8, "5.0", "5.0.0-38-generic")
    kernel.invocation = .flags
    kernel.hasCpusetLine = false
    kernel.hasTaskTitle = true
    kernel.hasDecision = true
    kernel.intent = .sacrifice
    kernel.kill = .shmem
    return kernel
  }()

  package static let linux54: Kernel = {
    var kernel = Kernel(renaming: linux50, "5.4", "5.4.0-216-generic")
    kernel.memcg = .record
    kernel.intent = nil
    kernel.kill = .modern
    return kernel
  }()

  package static let linux510: Kernel = {
    var kernel = Kernel(renaming: linux54, "5.10", "5.10.0-46-cloud-amd64")
    kernel.memory = .linux510
    return kernel
  }()

  package static let linux61: Kernel = {
    var kernel = Kernel(renaming: linux510, "6.1", "6.1.0-56-cloud-amd64")
    kernel.memory = .linux61
    return kernel
  }()

  package static let linux68: Kernel = {
    var kernel = Kernel(renaming: linux61, "6.8", "6.8.0-90-generic")
    kernel.memcg = .records
    kernel.taskColumns = [
      "uid", "tgid", "total_vm", "rss", "rss_anon", "rss_file", "rss_shmem", "pgtables_bytes",
      "swapents", "oom_score_adj",
    ]
    return kernel
  }()

  package static let linux612: Kernel = {
    var kernel = Kernel(renaming: linux68, "6.12", "6.12.117+deb13-cloud-amd64")
    kernel.system = .uid
    return kernel
  }()

  package static let linux618: Kernel = {
    var kernel = Kernel(renaming: linux612, "6.18", "6.18.2")
    kernel.system = .preempt
    kernel.memory = .linux618
    return kernel
  }()

  init(renaming other: Kernel, _ name: String, _ release: String) {
    self.init(
      name: name, release: release, invocation: other.invocation,
      hasCpusetLine: other.hasCpusetLine, system: other.system, memory: other.memory,
      taskColumns: other.taskColumns, hasTaskTitle: other.hasTaskTitle, memcg: other.memcg,
      hasProtection: other.hasProtection, hasDecision: other.hasDecision, intent: other.intent,
      kill: other.kill, panic: other.panic)
  }
}
