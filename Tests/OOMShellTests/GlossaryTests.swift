import Foundation
import KernelLog
import Presentation
import TestSupport
import Testing

@testable import Investigation
@testable import OOMReports
@testable import OOMShell

/// Every word that a screen, a record or a report's line prints has an entry in the glossary, so
/// that a new column without an explanation fails.
@Suite struct GlossaryTests {
  /// Everything that commands answer in the transcripts.
  @Test func wordsOfTheTranscriptsAreExplained() throws {
    let directory = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Transcripts")
    let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
      .filter { $0.hasSuffix(".oomsh") }.sorted()
    var words = PrintedWords()
    var commands: Set<String> = []
    for name in names {
      let text = try Data(contentsOf: directory.appending(path: name))
      let script = try Script.parse(Array(text), name: name)
      var shell = try TranscriptMachine(directory: directory, script: script).makeShell()
      for step in script.steps {
        shell.state.lastDocument = nil
        _ = shell.run(step.command, from: Origin(isScript: true))
        let command = step.command.prefix { $0 != " " }
        guard let document = shell.state.lastDocument,
          // These two list the shell's own commands, and the glossary itself.
          command != "help", command != "explain"
        else { continue }
        commands.insert(String(command))
        words.add(document, of: step.command)
      }
    }
    expectExplained(words)
    let silent: Set<String> = ["load", "source", "quit", "echo", "help", "explain", "reset"]
    for command in CommandTable.standard.commands where !silent.contains(command.name) {
      let names = [command.name] + command.aliases
      #expect(!commands.isDisjoint(with: names), "no transcript shows \(command.name)")
    }
  }

  /// What reports of every kernel hold, as records and on the screens that show one event.
  @Test(arguments: Kernel.all) func wordsOfEveryKernelAreExplained(kernel: Kernel) {
    var words = PrintedWords()
    for (index, scenario) in Scenario.allCases.enumerated() where scenario.happens(on: kernel) {
      let printed = KernelPrinter(kernel, scenario, seed: UInt64(index + 1)).print()
      let machine = LogMachine()
      machine.log("log", bytes: LogForm.dmesg.log(printed.records))
      var shell = machine.makeShell()
      _ = shell.run("load log")
      for command in ["show", "mem", "cgroup", "tasks --all", "culprit", "why", "trust"] {
        shell.state.lastDocument = nil
        _ = shell.run(command)
        if let document = shell.state.lastDocument {
          words.add(document, of: "\(command) of \(kernel), \(scenario)")
        }
      }
    }
    expectExplained(words)
  }

  /// What reports from public places hold; they lie beside the checkout.
  @Test(
    .enabled(
      if: Places.exists("\(Places.shared)/corpus/expected.json"),
      "the folder ../shared with its logs is not there"))
  func wordsOfPublicReportsAreExplained() throws {
    var words = PrintedWords()
    let names = Places.filesAt("\(Places.shared)/corpus").filter { !$0.hasSuffix(".json") }
    #expect(names.count > 20)
    for name in names {
      let machine = LogMachine()
      let bytes = try #require(Places.bytes(at: "\(Places.shared)/corpus/\(name)"))
      machine.log("log", bytes: bytes)
      var shell = machine.makeShell()
      _ = shell.run("load log")
      for number in 1...max(1, min(shell.state.session.events.count, 5)) {
        for command in ["show", "mem", "cgroup"] {
          shell.state.lastDocument = nil
          _ = shell.run("\(command) \(number)")
          if let document = shell.state.lastDocument {
            words.add(document, of: "\(command) \(number) of \(name)")
          }
        }
      }
    }
    expectExplained(words)
  }

  /// Each kind of line has an entry, and so has each figure in it.
  @Test func everyLineIsExplained() throws {
    for grammar in Lines.all {
      let entries = Glossary.entries(named: grammar.name).filter { $0.subject == LineAnswer.kinds }
      #expect(entries.count == 1, "\(grammar.name)")
      for sample in grammar.samples {
        let document = try LineAnswer(sample.trimmingPrefix(" ").description).document()
        for case .table(let table) in document.blocks {
          for row in table.rows {
            guard case .text(let name) = row[0] else { continue }
            #expect(!Glossary.entries(named: name).isEmpty, "\(name) of: \(sample)")
          }
        }
      }
    }
  }

  /// The words of each enumeration that answers print.
  @Test func wordsOfVerdictsAreExplained() {
    var words: [String] = []
    words += OOMReport.Status.allCases.map(\.rawValue) + OOMReport.Outcome.allCases.map(\.rawValue)
    words += OOMReport.Trigger.allCases.map(\.rawValue) + Constraint.allCases.map(\.rawValue)
    words += Diagnostic.Kind.allCases.map(\.rawValue) + Remark.Kind.allCases.map(\.rawValue)
    words += Carrier.allCases.map(\.rawValue) + LogTime.Basis.allCases.map(\.word)
    words += Culprit.Scope.allCases.map(\.rawValue) + Culprit.Choice.allCases.map(\.rawValue)
    words += Culprit.Consumer.Kind.allCases.map(\.rawValue)
    words += Culprit.Certainty.allCases.map(\.rawValue)
    words += Recommendation.Certainty.allCases.map(\.rawValue)
    words += Snippet.Kind.allCases.map(\.rawValue)
    words += Trust.Outcome.allCases.map(\.rawValue) + Trust.Verdict.allCases.map(\.rawValue)
    words += CgroupPath.Kind.allCases.map(\.rawValue) + CgroupPath.QoS.allCases.map(\.rawValue)
    words += Population.Verdict.Kind.allCases.map(\.rawValue)
    words += SizeTrend.allCases.map(\.rawValue) + SizeTrend.allCases.map(TrendAnswer.words)
    words += RobustSlope.Refusal.allCases.map(\.rawValue)
    words += [KillEffect.Missing.rateLimited, .unknown].map(\.rawValue)
    words += KillAccount.Verdict.allCases.map(\.rawValue)
    words += OtherKiller.Kind.allCases.map(\.rawValue)
    words += SwapReview.Switch.allCases.map(\.rawValue) + Severity.allCases.map(\.rawValue)
    words += Timeline.Unit.allCases.map(\.rawValue) + EventOrder.allCases.map(\.rawValue)
    words += Dimension.all.map(\.name) + Dimension.all.map(\.title)
    words += SysctlMeanings.rows.map(\.name) + Setting.all.map(\.name)
    words += [BadnessRule.Obstacle.noTable, .rowsDropped(kept: 0, of: 1), .oldRule].map(\.key)
    words += [BadnessRule.Obstacle.unknownColumns, .noTotal].map(\.key)
    words += Self.verdicts.map(\.key)
    expectExplained(words, "a word of an answer")
  }

  /// What stands in the first column of 'trust' and of the ledgers, and what sizes end in.
  @Test func labelsOfRowsAreExplained() {
    expectExplained(Trust.rows.map(\.claim) + ["KiB", "MiB", "GiB", "TiB", "UTC"], "a label")
    var labels: Set<String> = []
    for kernel in Kernel.all {
      for (index, scenario) in Scenario.allCases.enumerated() where scenario.happens(on: kernel) {
        let printed = KernelPrinter(kernel, scenario, seed: UInt64(index + 1)).print()
        for event in Scan.events(in: LogForm.dmesg.log(printed.records)) {
          let machine = event.report.memory.map { LedgerFigures($0, event.report.pageSize).lines }
          let cgroup = CgroupLedger(event.report)?.lines
          labels.formUnion(((machine ?? []) + (cgroup ?? [])).map(\.label))
        }
      }
    }
    #expect(labels.count > 20)
    expectExplained(labels.sorted(), "a class of a ledger")
  }

  private static let verdicts: [Selection.Verdict] = [
    .reproduced(tied: 0), .childSacrificed(tied: 0), .allocatingTask, .notInTable,
    .withinError(above: 1, pages: 1), .tiedOtherwise(with: 1), .vforkAbove(pid: 1),
    .unexplained(above: 1, pages: 1), .nothingChosen,
  ]

  /// Names that kernels print and that no log here need hold: every gfp flag since 4.6, the letters
  /// of taints and of free blocks, zones, keys of memory.stat.
  @Test(arguments: [
    "GFP_TRANSHUGE GFP_TRANSHUGE_LIGHT GFP_HIGHUSER_MOVABLE GFP_HIGHUSER GFP_USER GFP_TEMPORARY",
    "GFP_KERNEL_ACCOUNT GFP_KERNEL GFP_NOFS GFP_ATOMIC GFP_NOIO GFP_NOWAIT GFP_DMA GFP_DMA32",
    "__GFP_HIGHMEM __GFP_DMA __GFP_DMA32 __GFP_HIGH __GFP_ATOMIC __GFP_IO __GFP_FS __GFP_COLD",
    "__GFP_NOWARN __GFP_REPEAT __GFP_RETRY_MAYFAIL __GFP_NOFAIL __GFP_NORETRY __GFP_COMP",
    "__GFP_ZERO __GFP_NOMEMALLOC __GFP_MEMALLOC __GFP_HARDWALL __GFP_THISNODE __GFP_RECLAIMABLE",
    "__GFP_MOVABLE __GFP_ACCOUNT __GFP_NOTRACK __GFP_WRITE __GFP_RECLAIM __GFP_DIRECT_RECLAIM",
    "__GFP_KSWAPD_RECLAIM __GFP_OTHER_NODE __GFP_ZEROTAGS __GFP_SKIP_ZERO __GFP_SKIP_KASAN",
    "CONSTRAINT_NONE CONSTRAINT_CPUSET CONSTRAINT_MEMORY_POLICY CONSTRAINT_MEMCG",
    "DMA DMA32 Normal HighMem Movable Device min low high boost watermarks lowmem_reserve[]",
    "P G F S R M B U D A W C I O E L K X T N J E H all_unreclaimable? isolated(anon)",
    "kernel percpu vmalloc zswap zswapped pgdemote_kswapd pgpromote_success pswpin zswpwb hugetlb",
    "hierarchical_memory_limit total_cache total_rss_huge total_unevictable pgpgin mapped_file",
    "/proc/pressure/memory vm.swappiness Committed_AS CommitLimit memory.max memory.oom.group",
  ])
  func namesThatKernelsPrintAreExplained(_ names: String) {
    expectExplained(names.split(separator: " ").map(String.init), "a name that kernels print")
  }

  @Test func wordsAreFoundHoweverTheyArePrinted() {
    for word in [
      "total_vm_kb", "TOTAL-VM", "total vm:", "total-vm", "total_vm_pages", "total_vm=",
    ] { #expect(Glossary.entries(named: word).map(\.id) == ["total-vm"], "\(word)") }
    #expect(Glossary.entries(named: "time (UTC+09:00)").first?.id == "time")
    #expect(Glossary.entries(named: "event 3").first?.id == "event")
    #expect(Glossary.entries(named: "32 tasks").first?.id == "task table")
    #expect(Glossary.entries(named: "stat.anon") == Glossary.entries(named: "anon"))
    #expect(Glossary.entries(named: "no such word").isEmpty)
    #expect(Glossary.entries(named: "").isEmpty && Glossary.entries(named: ":_").isEmpty)
    #expect(Glossary.unit(of: "total_vm_kb") == "kB" && Glossary.unit(of: "uptime_us") == "µs")
    #expect(Glossary.unit(of: "huge pages") == nil && Glossary.unit(of: "_kb") == nil)
    #expect(Glossary.stem(of: "total_vm_kb") == "total_vm" && Glossary.stem(of: "rss") == "rss")
  }

  private func expectExplained(_ words: PrintedWords) {
    let unknown = words.unexplained
    #expect(unknown.isEmpty, "\(unknown.map { "'\($0.word)' (\($0.place))" })")
  }

  private func expectExplained(_ words: [String], _ place: String) {
    let unknown = words.filter { Glossary.entries(named: $0).isEmpty }
    #expect(unknown.isEmpty, "\(place): \(unknown)")
  }
}

/// The words that answers print: labels, headings of columns, keys, and those values of records that
/// are words of oomsh's or the kernel's own.
private struct PrintedWords {
  /// Where each word was first seen.
  private var places: [String: String] = [:]

  var unexplained: [(word: String, place: String)] {
    places.filter { Glossary.entries(named: $0.key).isEmpty }.map { ($0.key, $0.value) }
      .sorted { $0.0 < $1.0 }
  }

  mutating func add(_ document: Document, of command: String) {
    func add(_ word: String) {
      if !word.isEmpty, places[word] == nil { places[word] = command }
    }
    for block in document.blocks {
      switch block {
      case .table(let table):
        ([table.key] + table.columns.flatMap { [$0.key, $0.title] }).forEach(add)
      case .fields(let fields):
        ([fields.key] + fields.rows.flatMap { [$0.key, $0.label] }).forEach(add)
      case .heading, .prose, .note, .verbatim: break
      }
    }
    document.record.map { self.add($0, named: "", of: command) }
  }

  /// Members whose values are words of a fixed set.
  private static let wordy: Set<String> = [
    "class", "suspect", "state", "exactness", "check", "kind", "outcome", "status", "verdict",
    "scope", "selection", "certainty", "basis", "carrier", "trigger", "constraint", "qos",
    "gfp_flags", "zone", "section", "task_columns", "severity", "refused", "missing_report",
  ]

  private mutating func add(_ value: JSONValue, named name: String, of command: String) {
    switch value {
    case .object(let members):
      for member in members {
        if places[member.name] == nil { places[member.name] = command }
        add(member.value, named: member.name, of: command)
      }
    case .array(let items): for item in items { add(item, named: name, of: command) }
    case .string(let word):
      // A sentence is no word: 'check' is a name in 'trust', and says what to do in 'recommend'.
      let isWord = !word.isEmpty && word != "?" && !word.hasSuffix(".")
      guard Self.wordy.contains(name), isWord, places[word] == nil else {
        return
      }
      places[word] = "\(name) in \(command)"
    case .null, .bool, .int, .double: break
    }
  }
}
