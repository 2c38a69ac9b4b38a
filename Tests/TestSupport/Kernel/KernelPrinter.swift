package import KernelLog

/// Prints OOM reports as the kernel of some generation would, with figures from a seeded source of
/// random numbers.
package struct KernelPrinter: Sendable {
  package let kernel: Kernel
  package let scenario: Scenario
  /// The size of a page in kB.
  package var pageKB = 4
  package var taskCount = 6
  /// What the processes may be called.
  package var names = [
    "java", "Web Content", "(sd-pam)", "한글앱", "a,b=c", "tmux: server", ") score 1", "x\\x2dy",
    "kworker/u8:1", "((x", "node",
  ].map { LogText($0) }
  var random: SplitMix64
  var report: PrintedReport
  var tasks: [PrintedTask] = []

  package init(_ kernel: Kernel, _ scenario: Scenario, seed: UInt64, startingAt micros: Int64 = 1) {
    self.kernel = kernel
    self.scenario = scenario
    random = SplitMix64(seed: seed)
    report = PrintedReport(startingAt: micros)
  }

  let limitPath = LogText("/system.slice")
  let taskPath = LogText("/system.slice/web.service")

  /// Prints the report.
  package consuming func print() -> PrintedReport {
    makeTasks()
    printHead()
    if scenario.isMemcg { printMemcg() } else { printMemory() }
    if kernel.hasProtection {
      report.print("Memory cgroup min protection 4kB -- low protection 12kB", level: 6)
      report.facts.add("memcg.protection.min", "4kB")
      report.facts.add("memcg.protection.low", "12kB")
    }
    printTasks()
    printEnd()
    return report
  }

  private mutating func makeTasks() {
    // Kernels with both scales keep them in step.
    let hasBoth = ["oom_adj", "oom_score_adj"].allSatisfy {
      kernel.taskColumns?.contains($0) == true
    }
    for index in 0..<taskCount {
      let adj = random.number(-17...15)
      let score = random.pick(0, 0, -1000, 200, -998)
      tasks.append(
        PrintedTask(
          pid: 300 + index * random.number(1...90) + index, name: pickName(),
          uid: random.pick(0, 33, 1000, 65534), totalVM: random.number(1_000...400_000),
          rssAnon: random.number(1...90_000), rssFile: random.number(0...900),
          rssShmem: random.number(0...90), tables: random.number(3...200),
          swap: random.number(0...5_000), oomAdj: adj,
          oomScoreAdj: hasBoth ? (adj == 15 ? 1000 : adj * 1000 / 17) : score))
    }
  }

  private mutating func pickName() -> LogText {
    names.randomElement(using: &random) ?? LogText("java")
  }

  var invoker: PrintedTask { tasks[0] }

  var victim: PrintedTask { scenario == .allocatingTask ? tasks[0] : tasks[tasks.count / 2] }

  private mutating func printHead() {
    let (task, order) = (invoker, scenario == .sysrq ? -1 : random.number(0...3))
    let mask = "0x\(String(random.number(16...0xFFFFF), radix: 16))"
    let request = "oom-killer: gfp_mask=\(mask)"
    report.facts.add("trigger", scenario == .sysrq ? "sysrq" : "allocation")
    report.facts.add("invocation.gfpMask", mask)
    report.facts.add("invocation.order", order)
    let (adj, score) = (task.oomAdj, task.oomScoreAdj)
    switch kernel.invocation {
    case .anonymous:
      report.print("\(request), order=\(order)")
    case .oomKillAdj:
      report.print("\(task.name) invoked \(request), order=\(order), oomkilladj=\(adj)")
      report.facts.add("invocation.oomAdj", adj)
    case .oomAdj:
      report.print("\(task.name) invoked \(request), order=\(order), oom_adj=\(adj)")
      report.facts.add("invocation.oomAdj", adj)
    case .bothAdj:
      report.print(
        "\(task.name) invoked \(request), order=\(order), oom_adj=\(adj), oom_score_adj=\(score)")
      report.facts.add("invocation.oomAdj", adj)
    case .scoreAdj:
      report.print("\(task.name) invoked \(request), order=\(order), oom_score_adj=\(score)")
    case .flags, .nodemask:
      report.facts.add("invocation.gfpFlags", "GFP_HIGHUSER_MOVABLE|__GFP_ZERO")
      var nodemask = ""
      if case .nodemask(let blanks) = kernel.invocation {
        let nodes = random.pick("(null)", "0", "0-1")
        report.facts.add("invocation.nodemask", nodes)
        nodemask = " nodemask=\(nodes),\(String(repeating: " ", count: blanks - 1))"
      }
      report.print(
        """
        \(task.name) invoked \(request)(GFP_HIGHUSER_MOVABLE|__GFP_ZERO),\(nodemask) \
        order=\(order), oom_score_adj=\(score)
        """)
    }
    switch kernel.invocation {
    case .anonymous: break
    case .oomKillAdj, .oomAdj: report.facts.add("invocation.comm", task.name)
    case .bothAdj, .scoreAdj, .flags, .nodemask:
      report.facts.add("invocation.comm", task.name)
      report.facts.add("invocation.oomScoreAdj", score)
    }
    if kernel.hasCpusetLine {
      report.print("\(task.name) cpuset=web.scope mems_allowed=0-1", level: 6)
      report.facts.add("cpuset.comm", task.name)
      report.facts.add("cpuset.namePath", "web.scope")
      report.facts.add("cpuset.mems", "0-1")
    }
    printStack(task)
  }

  private mutating func printStack(_ task: PrintedTask) {
    let cpu = random.number(0...63)
    // Red Hat's kernels print dashes for flags that are kept free, and one of their own.
    let isRedHat = kernel.release.contains(".el")
    let flags = isRedHat ? "G        W  OE  ------------ T" : "G        W  OE"
    let taint = random.pick("Not tainted", "Tainted: \(flags)")
    let kdump = kernel.system == .pid ? "" : random.pick("", "Kdump: loaded ")
    let rest: KernelText = "\(task.name) \(kdump)\(taint) \(kernel.release) #1"
    if let system = kernel.system {
      switch system {
      case .pid: report.print("Pid: \(task.pid), comm: \(LogText(rest.bytes))")
      case .cpu: report.print("CPU: \(cpu) PID: \(task.pid) Comm: \(LogText(rest.bytes))")
      case .uid, .preempt:
        let tail = system == .preempt ? " PREEMPT(lazy) " : " Debian 6.12-1"
        report.print(
          "CPU: \(cpu) UID: \(task.uid) PID: \(task.pid) Comm: \(LogText(rest.bytes))\(tail)")
        report.facts.add("system.uid", task.uid)
        if taint != "Not tainted" {
          report.print("Tainted: [W]=WARN, [O]=OOT_MODULE, [E]=UNSIGNED_MODULE")
          report.facts.add("system.taints", "WARN OOT_MODULE UNSIGNED_MODULE")
        }
        if system == .preempt { report.facts.add("system.preemption", "PREEMPT(lazy)") }
      }
      report.facts.add("system.taint", taint == "Not tainted" ? "" : isRedHat ? "GWOET" : "GWOE")
      if !kdump.isEmpty { report.facts.add("system.kdump", true) }
      if system != .pid {
        report.facts.add("system.cpu", cpu)
        report.print("Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2")
        report.facts.add("hardware", "QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2")
        if scenario == .sysrq {
          report.print("Workqueue: events moom_callback")
          report.facts.add("system.workqueue", "events moom_callback")
        }
      }
      report.facts.add("system.pid", task.pid)
      report.facts.add("system.comm", task.name)
      report.facts.add("system.release", kernel.release)
    }
    report.print("Call Trace:")
    if kernel.hasDecision {
      for frame in [
        " <TASK>", " dump_stack_lvl+0x44/0x5c", " ? dump_header+0x4a/0x1ff",
        " oom_kill_process+0x1/0x9 [mod]", "RIP: 0033:0x7f2f1c", "Code: 48 8b <c6> 07",
        "RSP: 002b:00007ffcc2f6b8d0 EFLAGS: 00000246",
        "RAX: 0139408dcbbf7a44 RBX: 0000000000040000 RCX: 0000000000000000", " </TASK>",
      ] as [KernelText] { report.print(frame) }
      for (index, frame) in [
        "dump_stack_lvl+68/92 - - TASK", "? dump_header+74/511 - - TASK",
        "oom_kill_process+1/9 - mod TASK",
      ].enumerated() { report.facts.add("stack.name.\(index)", frame) }
    } else {
      report.facts.add("stack.name.0", "? dump_header+1/2 ffffffff8111b2c9 - -")
      report.facts.add("stack.name.1", "out_of_memory+273/546 ffffffff8111b2d0 - -")
      report.print(" [<ffffffff8111b2c9>] ? dump_header+0x1/0x2")
      report.print(" [<ffffffff8111b2d0>] out_of_memory+0x111/0x222")
    }
  }
}
