import KernelLog
import TestSupport
import Testing

/// Every wording of every generation is printed by some kernel of the tests, so that each is read
/// back by those that print and parse.
@Suite struct VersionRowTests {
  /// A kernel's name and words that it alone, or it first, prints.
  static let rows: [(kernel: String, words: [String])] = [
    (
      "2.6.18",
      ["\noom-killer: gfp_mask=0x", "and children.", "Mem-info:", "Active:", "pages of RAM"]
    ),
    ("2.6.19", [", oomkilladj=", "Out of Memory: Killed process", "Pid: "]),
    ("2.6.22", ["score ", " or a child", "bounce:"]),
    ("2.6.26", ["total_vm      rss cpu oom_adj name", "pages RAM"]),
    ("2.6.28", ["Active_anon:", "Mem-Info:", " unevictable:"]),
    ("2.6.31", ["Task in /", "memory+swap: usage ", " cpuset="]),
    ("2.6.32", [", oom_adj=", "isolated(anon):", "pages_scanned:", "pages non-shared"]),
    ("2.6.33", [" vsz:"]), ("2.6.37", ["oom_score_adj=", "or sacrifice child", ") total-vm:"]),
    ("RHEL 6", [", UID ", "cpu oom_adj oom_score_adj name"]),
    ("3.6", ["rss nr_ptes swapents oom_score_adj name"]),
    ("3.10", ["managed:", "free_cma:", "CPU: ", "Hardware name: ", "Memory cgroup stats for "]),
    ("RHEL 7", ["), UID "]), ("3.18", ["pages cma reserved", "pages hwpoisoned"]),
    ("4.0", ["nr_ptes nr_pmds swapents"]), ("4.4", ["free_pcp:", "local_pcp:"]),
    ("4.5", ["shmem-rss:"]), ("4.6", ["(GFP_HIGHUSER_MOVABLE|__GFP_ZERO), order="]),
    ("4.8", ["Node 0 active_anon:", "shmem_thp: ", "writepending:"]),
    ("4.9", [", nodemask="]), ("4.11", [",  order="]), ("4.14", [",  order="]),
    ("4.15", ["rss pgtables_bytes swapents"]), ("RHEL 8", ["Out of memory: Killed process"]),
    ("4.19", ["Tasks state (memory values in pages):", "[  pid  ]"]),
    ("5.0", ["oom-kill:constraint=", ",global_oom,", "Out of memory: Kill process"]),
    ("5.1", ["Out of memory: Killed process"]), ("5.3", ["swap: usage ", "\nanon "]),
    ("5.4", ["UID:", " pgtables:", " oom_score_adj:"]), ("5.7", ["reserved_highatomic:", "KB"]),
    ("5.8", ["shadow_call_stack:"]), ("5.10", ["kernel_stack:"]), ("5.14", ["pagetables:"]),
    ("5.15", ["kernel_misc_reclaimable:"]), ("5.17", [" boost:"]), ("6.1", ["sec_pagetables:"]),
    ("6.5", ["\nanon "]), ("6.8", ["rss rss_anon rss_file rss_shmem"]),
    ("6.12", [" UID: ", "Tainted: [W]=WARN"]), ("6.17", ["free_highatomic:", "PREEMPT(lazy)"]),
    ("6.18", ["zspages:"]),
    (
      "7.3",
      ["Memory cgroup min protection ", "Memory allocations (profiling", "reserved_highatomic:"]
    ),
  ]

  @Test func everyRowIsPrinted() throws {
    for row in Self.rows {
      let kernel = try #require(Kernel.all.first { $0.name == row.kernel }, "\(row.kernel)")
      let scenarios = Scenario.allCases.filter { $0.happens(on: kernel) }
      var text = "\n"
      for scenario in scenarios {
        for seed in 1...4 {
          for record in KernelPrinter(kernel, scenario, seed: UInt64(seed)).print().records {
            text += String(decoding: record.text, as: UTF8.self) + "\n"
          }
        }
      }
      for words in row.words { #expect(text.contains(words), "\(row.kernel): \(words)") }
    }
    #expect(Set(Self.rows.map(\.kernel)).isSuperset(of: Kernel.early.map(\.name)))
    #expect(Set(Kernel.all.map(\.name)).count == Kernel.all.count)
  }

  /// Names are the worst that were seen, in every form of every line.
  @Test(arguments: Kernel.all)
  func hostileNames(_ kernel: Kernel) throws {
    let names =
      [
        "a) total-vm:9kB", ") score 1", "x\ny", "\u{1B}[31mRED", "a,task=b,pid=1", "((sd-pam))",
        "p cpuset=/ q", "a\\x2db", "a: b, UID 3,", "x ", "[ 12] x",
      ].map { LogText(Array($0.utf8).span) } + [LogText([0x61, 0xFF, 0xFE].span)]
    for scenario in [Scenario.global, .memcgV1, .group] where scenario.happens(on: kernel) {
      for form in [LogForm.kmsg, .journalExport, .journalJSON] {
        for seed in 1...2 {
          var printer = KernelPrinter(kernel, scenario, seed: UInt64(seed), startingAt: 9_000_000)
          printer.names = names
          let printed = printer.print()
          let events = Scan.events(in: form.log(printed.records), clock: PrintThenParseTests.clock)
          let place: Comment = "\(kernel), \(scenario), \(form), \(seed)"
          #expect(events.count == 1, place)
          let difference = events.first?.facts.difference(from: printed.facts) ?? []
          #expect(difference == [], place)
        }
      }
    }
  }
}
