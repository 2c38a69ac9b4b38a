import Investigation
import KernelLog
import OOMReports
import Platform
import Synchronization
import Testing

@testable import OOMShell

/// `load journal` and `load` alone, on a machine without journalctl.
@Suite struct JournalWordTests {
  /// The queries that came, and what they are answered.
  private final class Journal: Sendable {
    let queries = Mutex<[SystemJournal.Query]>([])
    let machine = LogMachine()

    /// A shell whose journalctl prints this text, or is missing for nil.
    func makeShell(_ text: String?) -> Shell {
      var shell = machine.makeShell()
      machine.log("journal text", text ?? "")
      let open = shell.state.environment.openLog
      shell.state.environment.openJournal = { (query, _) throws(Environment.Unreadable) in
        self.queries.withLock { $0.append(query) }
        guard text != nil else { throw Environment.Unreadable("journalctl is not installed") }
        return try open("journal text")
      }
      return shell
    }
  }

  private static let now: Int64 = 1_800_000_000_000_000

  @Test(
    arguments: [
      ("journal", SystemJournal.Query()), ("journal -b -1", .init(boot: "-1")),
      ("journal --boot=all", .init(boot: "all")), ("-b 0", .init(boot: "0")),
      ("journal --since=24h", .init(since: now - 86_400_000_000)),
      ("-D /j journal", .init(place: .directory("/j"))),
      (
        "journal --file /j/x --since=@1790000000",
        .init(since: 1_790_000_000_000_000, place: .file("/j/x"))
      ),
    ] as [(String, SystemJournal.Query)])
  func whatIsAskedOfTheJournal(words: String, query: SystemJournal.Query) {
    let journal = Journal()
    var shell = journal.makeShell(KillLine.iso("2027-01-15T07:00:00Z", 7))
    let answer = shell.run("load \(words)")
    #expect(answer.status == 0, "\(answer.diagnostics)")
    #expect(journal.queries.withLock { $0 } == [query])
    #expect(shell.state.session.events.count == 1)
    #expect(shell.state.session.inputs[0].isOfThisMachine == (query.place == nil))
    #expect(!shell.state.session.inputs[0].isLive)
  }

  @Test(arguments: [
    "journal -b nowhere", "journal --boot=", "journal --since=boot+5", "a.log -b 0",
    "journal -D a --file b", "journal -b", "journal -b 0 -b 1", "-b 0 --since=soon",
  ])
  func whatIsNoQuestion(words: String) {
    let journal = Journal()
    var shell = journal.makeShell("")
    #expect(shell.run("load \(words)").status == 2)
    #expect(journal.queries.withLock { $0.isEmpty })
  }

  @Test func loadAloneTakesBoth() {
    let journal = Journal()
    journal.machine.ring("4,1,7100500000,-;\(KillLine.text(2))\n")
    var shell = journal.makeShell(KillLine.iso("2027-01-15T07:00:00Z", 7))
    let answer = shell.run("load")
    #expect(answer.status == 0 && answer.diagnostics.isEmpty)
    #expect(shell.state.session.inputs.map(\.name) == ["journal", "dmesg"])
    #expect(shell.state.session.events.count == 2)
    #expect(answer.output.contains("taken: the journal of all boots, and the ring buffer"))
  }

  @Test func loadAloneTakesWhatItMay() {
    let journal = Journal()
    var shell = journal.makeShell(KillLine.iso("2027-01-15T07:00:00Z", 7))
    let alone = shell.run("load")
    #expect(alone.status == 0 && alone.output.contains("cannot read 'dmesg': Operation not"))
    journal.machine.ring("4,1,7100500000,-;\(KillLine.text(2))\n")
    for text in ["", nil] {
      var shell = journal.makeShell(text)
      let answer = shell.run("load")
      #expect(answer.status == 0 && answer.output.contains("cannot read 'journal'"))
      #expect(shell.state.session.inputs.map(\.name) == ["dmesg"])
    }
  }

  @Test func loadAloneThatMayNothingFails() {
    let journal = Journal()
    var shell = journal.makeShell("")
    let answer = shell.run("load")
    #expect(answer.status == 4)
    #expect(answer.diagnostics.contains("adm and systemd-journal"))
    #expect(answer.diagnostics.contains("cannot read 'dmesg'"))
    #expect(shell.state.session.inputs.isEmpty)
  }
}
