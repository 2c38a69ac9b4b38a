/// The generations between the ones of `KernelTable`: one for every row of the tables of what each
/// kernel prints.
extension Kernel {
  /// A generation like another one, but for what `change` says.
  private init(
    _ name: String, _ release: String, like other: Kernel, _ change: (inout Kernel) -> Void
  ) {
    self.init(renaming: other, name, release)
    change(&self)
  }

  /// 2.6.19 to 3.9.
  package static let early: [Kernel] = {
    let linux2619 = Kernel("2.6.19", "2.6.19-1", like: linux2618) {
      $0.invocation = .oomKillAdj
      $0.system = .pid
    }
    let linux2622 = Kernel("2.6.22", "2.6.22-14", like: linux2619) {
      $0.memory = .linux2622
      $0.intent = .child
      $0.kill = .bare
    }
    let linux2626 = Kernel("2.6.26", "2.6.26-2-amd64", like: linux2622) {
      $0.memory = .linux2626
      $0.taskColumns = linux2632.taskColumns
    }
    let linux2628 = Kernel("2.6.28", "2.6.28-11", like: linux2626) { $0.memory = .linux2628 }
    let linux2631 = Kernel("2.6.31", "2.6.31-14", like: linux2628) {
      $0.hasCpusetLine = true
      $0.memcg = .usage
    }
    let linux2633 = Kernel("2.6.33", "2.6.33.20", like: linux2632) {
      $0.kill = .vsz
      $0.memcg = .usage
    }
    let linux2637 = Kernel("2.6.37", "2.6.37-12", like: rhel6) {
      $0.kill = .totalVM
      $0.memcg = .usage
    }
    let linux36 = Kernel("3.6", "3.6.11-4.fc16.x86_64", like: linux2637) {
      $0.taskColumns = rhel7.taskColumns
    }
    return [linux2619, linux2622, linux2626, linux2628, linux2631, linux2633, linux2637, linux36]
  }()

  /// 3.10 to 4.20.
  package static let middle: [Kernel] = {
    let linux310 = Kernel("3.10", "3.10.108", like: rhel7) {
      $0.kill = .totalVM
      $0.memory = .linux310
    }
    let linux318 = Kernel("3.18", "3.18.140", like: linux310) { $0.memory = .linux318 }
    let linux40 = Kernel("4.0", "4.0.9", like: linux318) { $0.taskColumns = linux44.taskColumns }
    let linux45 = Kernel("4.5", "4.5.7", like: linux44) { $0.kill = .shmem }
    let linux46 = Kernel("4.6", "4.6.7", like: linux45) { $0.invocation = .flags }
    let linux48 = Kernel("4.8", "4.8.17", like: linux46) { $0.memory = .linux48 }
    let linux411 = Kernel("4.11", "4.11.12", like: linux49) {
      $0.invocation = .nodemask(blanks: 2)
      $0.memory = .linux48
    }
    let linux415 = Kernel("4.15", "4.15.0-213-generic", like: linux414) {
      $0.invocation = .nodemask(blanks: 1)
      $0.taskColumns = rhel8.taskColumns
    }
    let linux419 = Kernel("4.19", "4.19.0-27-amd64", like: linux415) { $0.hasTaskTitle = true }
    return [
      linux310, linux318, linux40, linux45, linux46, linux48, linux411, linux415, linux419,
    ]
  }()

  /// 5.1 to 7.x.
  package static let late: [Kernel] = {
    let linux51 = Kernel("5.1", "5.1.21", like: linux50) {
      $0.intent = nil
      $0.kill = .reason
    }
    let linux53 = Kernel("5.3", "5.3.18", like: linux51) { $0.memcg = .record }
    let linux57 = Kernel("5.7", "5.7.19", like: linux54) { $0.memory = .linux57 }
    let linux58 = Kernel("5.8", "5.8.18", like: linux57) { $0.memory = .linux58 }
    let linux514 = Kernel("5.14", "5.14.0-503.el9.x86_64", like: linux510) {
      $0.memory = .linux514
    }
    let linux515 = Kernel("5.15", "5.15.0-164-generic", like: linux514) { $0.memory = .linux515 }
    let linux517 = Kernel("5.17", "5.17.15", like: linux515) { $0.memory = .linux517 }
    let linux65 = Kernel("6.5", "6.5.0-45-generic", like: linux61) { $0.memcg = .records }
    let linux617 = Kernel("6.17", "6.17.13", like: linux612) {
      $0.system = .preempt
      $0.memory = .linux617
    }
    let linux73 = Kernel("7.3", "7.3.4", like: linux618) {
      $0.memory = .linux73
      $0.hasProtection = true
    }
    return [
      linux51, linux53, linux57, linux58, linux514, linux515, linux517, linux65, linux617, linux73,
    ]
  }()
}

extension Kernel.MemoryLayout {
  private static let lru = [
    "active_anon", "inactive_anon", "active_file", "inactive_file", "unevictable",
  ]

  private static func layout(_ other: Self, _ change: (inout Self) -> Void) -> Self {
    var layout = other
    change(&layout)
    return layout
  }

  static let linux2622 = layout(linux2618) {
    $0.counters = [
      ["Active", "inactive", "dirty", "writeback", "unstable"],
      ["free", "slab", "mapped", "pagetables", "bounce"],
    ]
  }

  static let linux2626 = layout(linux2622) {
    $0.hasNodes = true
    $0.tail = .middle
  }

  static let linux2628 = layout(linux2626) {
    $0.header = "Mem-Info:"
    $0.counters = [
      ["Active_anon", "active_file", "inactive_anon"],
      ["inactive_file", "unevictable", "dirty", "writeback", "unstable"],
      ["free", "slab", "mapped", "pagetables", "bounce"],
    ]
    $0.zone = ["free", "min", "low", "high"] + lru + ["present"]
  }

  static let linux310 = layout(rhel7) {
    $0.counters = linux2632.counters + [["free_cma"]]
    $0.tail = .shared
  }

  static let linux318 = layout(linux310) { $0.tail = .cma }

  /// Counters of a node, of pages scanned among them.
  static let linux48 = layout(linux49) {
    $0.nodeScans = true
    $0.tail = .cma
  }

  static let linux57 = layout(linux414) {
    $0.zone.insert("reserved_highatomic KB", at: 4)
    $0.tail = .cacheStats
  }

  static let linux58 = layout(linux57) {
    $0.counters[2].removeLast()
    $0.node.removeAll { $0 == "unstable" }
    $0.zone = $0.zone.flatMap { $0 == "kernel_stack" ? [$0, "shadow_call_stack"] : [$0] }
  }

  static let linux514 = layout(linux510) {
    $0.zone.removeAll { $0 == "pagetables" }
    $0.node += ["pagetables"]
    $0.tail = .cacheStats
  }

  static let linux515 = layout(linux514) { $0.counters.insert(["kernel_misc_reclaimable"], at: 5) }

  static let linux517 = layout(linux515) { $0.zone.insert("boost", at: 1) }

  static let linux617 = layout(linux618) { $0.zone.removeAll { $0 == "zspages" } }

  static let linux73 = layout(linux618) {
    $0.zone = $0.zone.map { $0.split(separator: " ").first.map(String.init) ?? $0 }
    $0.hasAllocations = true
  }
}
