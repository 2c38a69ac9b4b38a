/// The counters of each generation's memory state.
extension Kernel.MemoryLayout {
  private static let lru = [
    "active_anon", "inactive_anon", "active_file", "inactive_file", "unevictable",
  ]
  private static let middleZone =
    ["free", "min", "low", "high"] + lru
    + [
      "isolated(anon)", "isolated(file)", "present", "mlocked", "dirty", "writeback", "mapped",
      "shmem", "slab_reclaimable", "slab_unreclaimable", "kernel_stack", "pagetables", "unstable",
      "bounce", "writeback_tmp",
    ]

  static let linux2618 = Self(
    header: "Mem-info:", hasNodes: false,
    counters: [
      [
        "Active", "inactive", "dirty", "writeback", "unstable", "free", "slab", "mapped",
        "pagetables",
      ]
    ],
    zone: ["free", "min", "low", "high", "active", "inactive", "present"],
    zoneScans: true, hasPerCPU: true, hasBuddyTypes: false,
    hasHugePages: false, tail: .old)

  static let linux2632 = Self(
    counters: [
      ["active_anon", "inactive_anon", "isolated_anon"],
      ["active_file", "inactive_file", "isolated_file"],
      ["unevictable", "dirty", "writeback", "unstable"],
      ["free", "slab_reclaimable", "slab_unreclaimable"],
      ["mapped", "shmem", "pagetables", "bounce"],
    ],
    zone: middleZone, zoneScans: true, hasPerCPU: true,
    hasBuddyTypes: false, hasHugePages: false, tail: .middle)

  static let rhel7 = Self(
    counters: counters44, zone: zone(middleZone, adding: ["managed"], behind: "present", []),
    zoneScans: true, hasPerCPU: true, tail: .cma)

  static let linux44 = Self(
    counters: counters44,
    zone: zone(
      middleZone, adding: ["managed"], behind: "present", ["free_pcp", "local_pcp", "free_cma"]),
    zoneScans: true, tail: .cma)

  private static let counters44 = [
    ["active_anon", "inactive_anon", "isolated_anon"],
    ["active_file", "inactive_file", "isolated_file"],
    ["unevictable", "dirty", "writeback", "unstable"],
    ["slab_reclaimable", "slab_unreclaimable"],
    ["mapped", "shmem", "pagetables", "bounce"],
    ["free", "free_pcp", "free_cma"],
  ]

  static let linux49 = Self(
    counters: counters44, node: node49,
    zone: ["free", "min", "low", "high"] + lru + [
      "writepending", "present", "managed", "mlocked", "slab_reclaimable", "slab_unreclaimable",
      "kernel_stack", "pagetables", "bounce", "free_pcp", "local_pcp", "free_cma",
    ], tail: .cma)

  private static let node49 =
    lru
    + [
      "isolated(anon)", "isolated(file)", "mapped", "dirty", "writeback", "shmem",
      "shmem_thp: ", "shmem_pmdmapped: ", "anon_thp: ", "writeback_tmp", "unstable",
    ]

  static let linux414 = Self(
    counters: counters44, node: node49,
    zone: ["free", "min", "low", "high"] + lru + [
      "writepending", "present", "managed", "mlocked", "kernel_stack", "pagetables", "bounce",
      "free_pcp", "local_pcp", "free_cma",
    ], tail: .cma)

  static let linux510 = Self(
    counters: [
      ["active_anon", "inactive_anon", "isolated_anon"],
      ["active_file", "inactive_file", "isolated_file"],
      ["unevictable", "dirty", "writeback"], ["slab_reclaimable", "slab_unreclaimable"],
      ["mapped", "shmem", "pagetables", "bounce"], ["free", "free_pcp", "free_cma"],
    ],
    node: lru
      + [
        "isolated(anon)", "isolated(file)", "mapped", "dirty", "writeback", "shmem",
        "shmem_thp: ", "shmem_pmdmapped: ", "anon_thp: ", "writeback_tmp", "kernel_stack",
      ],
    zone: ["free", "min", "low", "high", "reserved_highatomic KB"] + lru + [
      "writepending", "present", "managed", "mlocked", "pagetables", "bounce", "free_pcp",
      "local_pcp", "free_cma",
    ], tail: .cacheStats)

  private static let counters61 = [
    ["active_anon", "inactive_anon", "isolated_anon"],
    ["active_file", "inactive_file", "isolated_file"], ["unevictable", "dirty", "writeback"],
    ["slab_reclaimable", "slab_unreclaimable"], ["mapped", "shmem", "pagetables"],
    ["sec_pagetables", "bounce"], ["kernel_misc_reclaimable"], ["free", "free_pcp", "free_cma"],
  ]
  private static let node61 =
    lru
    + [
      "isolated(anon)", "isolated(file)", "mapped", "dirty", "writeback", "shmem", "shmem_thp",
      "shmem_pmdmapped", "anon_thp", "writeback_tmp", "kernel_stack", "pagetables",
      "sec_pagetables",
    ]

  static let linux61 = Self(
    counters: counters61, node: node61,
    zone: ["free", "boost", "min", "low", "high", "reserved_highatomic KB"] + lru + [
      "writepending", "present", "managed", "mlocked", "bounce", "free_pcp", "local_pcp",
      "free_cma",
    ])

  static let linux618 = Self(
    counters: counters61, node: node61.filter { $0 != "writeback_tmp" },
    zone: ["free", "boost", "min", "low", "high", "reserved_highatomic KB", "free_highatomic KB"]
      + lru + [
        "writepending", "zspages", "present", "managed", "mlocked", "bounce", "free_pcp",
        "local_pcp", "free_cma",
      ])

  private static func zone(
    _ keys: [String], adding added: [String], behind key: String, _ end: [String]
  ) -> [String] {
    keys.flatMap { $0 == key ? [$0] + added : [$0] } + end
  }
}
