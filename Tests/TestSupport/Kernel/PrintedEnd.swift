internal import KernelLog

/// The task table, and what the kernel does at last.
extension KernelPrinter {
  mutating func printTasks() {
    report.facts.add("taskRowCount", 0)
    report.facts.add("pageSize", report.facts["pageSize"] ?? "4kB")
    guard let columns = kernel.taskColumns else { return }
    if kernel.hasTaskTitle {
      report.print("Tasks state (memory values in pages):", level: 6)
    }
    let pid = kernel.hasTaskTitle ? "[  pid  ]" : "[ pid ]"
    let head = "  uid  tgid total_vm      rss"
    report.print("\(pid) \(head) \(columns.dropFirst(4).joined(separator: " ")) name", level: 6)
    for (index, task) in tasks.enumerated() { printRow(task, index, columns) }
    report.facts.add("taskRowCount", tasks.count)
  }

  private mutating func printRow(_ task: PrintedTask, _ index: Int, _ columns: [String]) {
    let key = "task.\(index)"
    report.facts.add("\(key).pid", task.pid)
    report.facts.add("\(key).name", task.name)
    let figures = columns.map { column in
      let value = figure(column, of: task)
      switch column {
      case "cpu": break
      case "nr_ptes": report.facts.add("\(key).tables", "\(value + (tables(columns) ?? 0))p")
      case "nr_pmds": break
      case "total_vm", "rss", "rss_anon", "rss_file", "rss_shmem", "swapents":
        report.facts.add("\(key).\(column)", "\(value)p")
      default: report.facts.add("\(key).\(column)", value)
      }
      return KernelText("\(value, width: column.hasPrefix("o") ? 5 : 8)")
    }
    var line = KernelText("[\(task.pid, width: kernel.hasTaskTitle ? 7 : 5)]")
    for figure in figures { line.bytes += [UInt8(ascii: " ")] + figure.bytes }
    line.bytes += [UInt8(ascii: " ")] + task.name.bytes
    report.print(line, level: 6)
  }

  /// What `nr_pmds` adds to a row's page tables.
  private func tables(_ columns: [String]) -> Int? {
    columns.contains("nr_pmds") ? 4 : nil
  }

  private func figure(_ column: String, of task: PrintedTask) -> Int {
    switch column {
    case "uid": task.uid == 65534 ? -2 : task.uid
    case "tgid": task.pid
    case "total_vm": task.totalVM
    case "rss": task.rss
    case "rss_anon": task.rssAnon
    case "rss_file": task.rssFile
    case "rss_shmem": task.rssShmem
    case "cpu": 3
    case "nr_ptes": task.tables
    case "nr_pmds": 4
    case "pgtables_bytes": task.tables * pageKB * 1024
    case "swapents": task.swap
    case "oom_adj": task.oomAdj
    default: task.oomScoreAdj
    }
  }

  mutating func printEnd() {
    report.facts.add("status", "complete")
    if scenario.isMemcg { report.facts.add("constraint", "memcg") }
    switch scenario {
    case .panic:
      let words = kernel.panic.split(separator: "\n").joined()
      report.print("\(words)", level: 0)
      report.facts.add("ending", words)
      report.facts.add("outcome", "panic")
    case .noVictim:
      report.print("Out of memory and no killable processes...")
      report.facts.add("ending", "Out of memory and no killable processes...")
      report.facts.add("outcome", "no-victim")
    default:
      printDecision()
      printKill()
      report.facts.add("outcome", "killed")
    }
  }

  private mutating func printDecision() {
    guard kernel.hasDecision else { return }
    let constraint: (kernel: String, name: String)
    switch scenario {
    case .cpuset: constraint = ("CPUSET", "cpuset")
    case .mempolicy: constraint = ("MEMORY_POLICY", "mempolicy")
    case _ where scenario.isMemcg: constraint = ("MEMCG", "memcg")
    default: constraint = ("NONE", "none")
    }
    let nodemask = scenario == .mempolicy ? "0,2-3" : "(null)"
    let place: KernelText = scenario.isMemcg ? ",oom_memcg=\(limitPath)" : ",global_oom"
    report.print(
      """
      oom-kill:constraint=CONSTRAINT_\(constraint.kernel),nodemask=\(nodemask),cpuset=/,\
      mems_allowed=0-1,4\(LogText(place.bytes)),task_memcg=\(taskPath),task=\(victim.name),\
      pid=\(victim.pid),uid=\(victim.uid)
      """, level: 6)
    report.facts.add("constraint", constraint.name)
    report.facts.add("decision.constraint", constraint.name)
    report.facts.add("decision.nodemask", nodemask)
    report.facts.add("decision.cpuset", "/")
    report.facts.add("decision.memsAllowed", "0-1,4")
    report.facts.add("decision.isGlobal", !scenario.isMemcg)
    if scenario.isMemcg { report.facts.add("decision.oomMemcgPath", limitPath) }
    report.facts.add("decision.taskMemcgPath", taskPath)
    report.facts.add("decision.comm", victim.name)
    report.facts.add("decision.pid", victim.pid)
    report.facts.add("decision.uid", victim.uid)
    report.facts.add("memcg.taskPath", taskPath)
    if scenario.isMemcg { addPaths() }
  }

  /// What stands ahead of "Kill process" and, on some kernels, of "Killed process".
  private var reason: String {
    switch scenario {
    case _ where scenario.isMemcg: "Memory cgroup out of memory"
    case .cpuset where kernel.intent == .child: "No available memory in cpuset"
    case .mempolicy where kernel.intent == .child: "No available memory (MPOL_BIND)"
    case .allocatingTask: "Out of memory (oom_kill_allocating_task)"
    default: kernel.intent == .children ? "Out of Memory" : "Out of memory"
    }
  }

  private mutating func printKill() {
    if scenario == .allocatingTask { report.facts.add("isAllocatingTaskKill", true) }
    if kernel.intent == .child {
      if scenario == .cpuset { report.facts.add("constraint", "cpuset") }
      if scenario == .mempolicy { report.facts.add("constraint", "mempolicy") }
    }
    if let intent = kernel.intent { printIntent(intent) }
    printKilled(victim, "victim.0")
    guard scenario == .group || scenario == .reaped else { return }
    let decisive = report.decisiveMicros
    if scenario == .group {
      report.print(
        "Tasks in \(taskPath) are going to be killed due to memory.oom.group set", level: 6)
      report.facts.add("groupPath", taskPath)
      printKilled(victim, "victim.0")
      for (index, task) in tasks.filter({ $0.pid != victim.pid }).prefix(2).enumerated() {
        printKilled(task, "victim.\(index + 1)")
      }
    }
    if scenario == .reaped {
      report.print("sshd[1]: segfault at 0 ip 0 sp 0 error 4 in sshd[400000+1000]", level: 6)
      report.print(
        """
        oom_reaper: reaped process \(victim.pid) (\(victim.name)), now anon-rss:0kB, \
        file-rss:0kB, shmem-rss:0kB
        """, level: 6)
      report.facts.add("victim.0.isReaped", true)
      for key in ["Anon", "File", "Shmem"] { report.facts.add("victim.0.reaped\(key)", "0kB") }
    }
    report.decisiveMicros = decisive
  }

  /// A child may be killed in place of the process that was chosen.
  private mutating func printIntent(_ intent: Kernel.Intent) {
    let isChild = random.number(0...2) == 0
    let chosen = isChild ? tasks[0] : victim
    let score = random.number(0...1500)
    let verb = intent == .child ? "kill process" : "Kill process"
    let end =
      switch intent {
      case .children: " and children."
      case .child: " or a child"
      case .sacrifice: " or sacrifice child"
      }
    report.print("\(reason): \(verb) \(chosen.pid) (\(chosen.name)) score \(score)\(end)", level: 3)
    report.facts.add("intent.pid", chosen.pid)
    report.facts.add("intent.comm", chosen.name)
    report.facts.add("intent.score", score)
    if chosen.pid == victim.pid { report.facts.add("victim.0.score", score) }
  }

  private mutating func printKilled(_ task: PrintedTask, _ key: String) {
    let (pid, name) = (task.pid, task.name)
    let (vm, anon) = (task.totalVM * pageKB, task.rssAnon * pageKB)
    let (file, shmem) = (task.rssFile * pageKB, task.rssShmem * pageKB)
    let sizes = "total-vm:\(vm)kB, anon-rss:\(anon)kB, file-rss:\(file)kB"
    var line: KernelText
    switch kernel.kill {
    case .fullStop: line = "\(reason): Killed process \(pid) (\(name))."
    case .bare: line = "Killed process \(pid) (\(name))"
    case .vsz:
      line = "Killed process \(pid) (\(name)) vsz:\(vm)kB, anon-rss:\(anon)kB, file-rss:\(file)kB"
    case .totalVM: line = "Killed process \(pid) (\(name)) \(sizes)"
    case .rhel6: line = "Killed process \(pid), UID \(task.uid), (\(name)) \(sizes)"
    case .rhel7:
      line = "Killed process \(pid) (\(name)), UID \(task.uid), \(sizes), shmem-rss:\(shmem)kB"
    case .shmem: line = "Killed process \(pid) (\(name)) \(sizes), shmem-rss:\(shmem)kB"
    case .reason:
      line = "\(reason): Killed process \(pid) (\(name)) \(sizes), shmem-rss:\(shmem)kB"
    case .modern:
      line = """
        \(reason): Killed process \(pid) (\(name)) \(sizes), shmem-rss:\(shmem)kB, \
        UID:\(task.uid) pgtables:\(task.tables * pageKB)kB oom_score_adj:\(task.oomScoreAdj)
        """
    }
    report.print(line, level: 3)
    report.facts.add("\(key).pid", pid)
    report.facts.add("\(key).comm", name)
    addFigures(of: task, key)
  }

  private mutating func addFigures(of task: PrintedTask, _ key: String) {
    switch kernel.kill {
    case .fullStop, .bare: return
    case .vsz, .totalVM, .rhel6, .rhel7, .shmem, .reason, .modern: break
    }
    report.facts.add("\(key).totalVM", "\(task.totalVM * pageKB)kB")
    report.facts.add("\(key).anonRSS", "\(task.rssAnon * pageKB)kB")
    report.facts.add("\(key).fileRSS", "\(task.rssFile * pageKB)kB")
    switch kernel.kill {
    case .fullStop, .bare, .vsz, .totalVM, .rhel6: break
    case .rhel7, .shmem, .reason, .modern:
      report.facts.add("\(key).shmemRSS", "\(task.rssShmem * pageKB)kB")
    }
    switch kernel.kill {
    case .rhel6, .rhel7, .modern: report.facts.add("\(key).uid", task.uid)
    default: break
    }
    guard kernel.kill == .modern else { return }
    report.facts.add("\(key).pageTables", "\(task.tables * pageKB)kB")
    report.facts.add("\(key).oomScoreAdj", task.oomScoreAdj)
  }
}
