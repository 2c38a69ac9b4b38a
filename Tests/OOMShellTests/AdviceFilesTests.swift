import Foundation
import Investigation
import Platform
import Presentation
import Testing

@testable import OOMShell

/// `recommend`: its texts, its data, and its files.
@Suite struct AdviceFilesTests {
  private let machine = LogMachine()

  private static let unit = "memcg-v2-6.12.117-cloud.dmesg.log"
  private static let hog = "protected-hog-6.12.117-cloud.dmesg.log"

  private func shell(_ captures: String...) throws -> Shell {
    var shell = machine.makeShell()
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Fixtures/captures").standardized
    for name in captures {
      machine.log(name, bytes: Array(try Data(contentsOf: folder.appending(path: name))))
      #expect(shell.run("load \(name)").status == 0)
    }
    return shell
  }

  private static let dropIn = "out/etc/systemd/system/report-worker.service.d/60-oomsh.conf"

  @Test func filesMirrorTheirPlaces() throws {
    var shell = try shell(Self.unit, Self.hog)
    let answer = shell.run("recommend --write out")
    #expect(answer.status == 0 && answer.output.contains("Nothing was applied."))
    let files = machine.written
    #expect(
      Set(files.keys) == [
        "out/README.txt", Self.dropIn, "out/by-hand/oom-score-adj-vault.conf",
        "out/etc/default/earlyoom", "out/etc/systemd/journald.conf.d/60-oomsh.conf",
      ])
    let text = try #require(files[Self.dropIn])
    #expect(text.hasPrefix("# rule memcg-limit, event 1, certain: Raise the cgroup's limit"))
    #expect(text.hasSuffix("\n[Service]\nMemoryHigh=36M\nMemoryMax=40M\n"))
    // What is no comment is the text that was shown.
    let shown = shell.run("recommend").output
    for line in files.filter({ $0.key != "out/README.txt" }).values
      .flatMap({ $0.split(separator: "\n") }) where !line.hasPrefix("#")
    {
      #expect(shown.contains("    \(line)\n"))
    }
  }

  @Test func theReadmeTellsHowToApplyAndUndo() throws {
    var shell = try shell(Self.unit, Self.hog)
    _ = shell.run("recommend --write out")
    let readme = try #require(machine.written["out/README.txt"])
    #expect(readme.hasPrefix("oomsh wrote these files and applied nothing."))
    for path in machine.written.keys where path != "out/README.txt" {
      #expect(readme.contains("\n\(path.dropFirst("out/".count))\n    Place: "), "\(path)")
    }
    #expect(readme.contains("systemctl daemon-reload") && readme.contains("To undo it"))
    #expect(readme.split(separator: "\n").allSatisfy { $0.count <= 100 })
  }

  @Test func nothingIsOverwritten() throws {
    var shell = try shell(Self.unit)
    #expect(shell.run("recommend --write=out").status == 0)
    let before = machine.written
    let answer = shell.run("recommend --write=out")
    #expect(answer.status == 3)
    #expect(answer.diagnostics.hasPrefix("error: cannot write into 'out': out/"))
    #expect(answer.diagnostics.contains("exists already"))
    #expect(machine.written == before)
  }

  @Test func withoutTextsNothingIsWritten() {
    machine.log("a", "[1.000000] Linux version 6.12.0\n")
    var shell = machine.makeShell()
    #expect(shell.run("load a").status == 0)
    let answer = shell.run("recommend --write out")
    #expect(answer.status == 0 && answer.output.contains("nothing was written"))
    #expect(
      shell.run("set format json; recommend --write out").output
        == "{\"directory\":\"out\",\"files\":[]}\n")
    #expect(machine.written.isEmpty)
  }

  @Test func severalSettingsOfOneFileAreMerged() {
    var words = AdviceFiles([], AdviceWords(.binary))
    #expect(words.files.isEmpty)
    words = AdviceFiles(
      Advice.recommendations(for: Evidence(events: [], host: Self.badHost)), AdviceWords(.binary))
    #expect(words.files.map(\.path) == ["etc/sysctl.d/60-oomsh.conf"])
    #expect(words.files[0].rules.count == 4)
    let text = String(decoding: words.contents[0].bytes, as: UTF8.self)
    let settings = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
    #expect(
      Set(settings) == [
        "vm.panic_on_oom = 0", "vm.min_free_kbytes = 11585", "vm.oom_kill_allocating_task = 0",
        "vm.oom_dump_tasks = 1",
      ])
    #expect(text.contains("# rule panic-on-oom, vm.panic_on_oom, certain: "))
  }

  private static let badHost = HostFacts(
    files: [
      "proc/sys/vm/panic_on_oom": Array("2\n".utf8),
      "proc/sys/vm/min_free_kbytes": Array("900".utf8),
      "proc/sys/vm/oom_kill_allocating_task": Array("1\n".utf8),
      "proc/sys/vm/oom_dump_tasks": Array("0\n".utf8),
      "proc/meminfo": Array("MemTotal: 8388608 kB\n".utf8),
    ], isLive: true)

  @Test func dataFormatsHoldAllOfIt() throws {
    var shell = try shell(Self.unit)
    let json = shell.run("set format json; recommend").output
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    let items = try #require(object["advice"] as? [[String: Any]])
    #expect(items.allSatisfy { !(($0["check"] as? String) ?? "").isEmpty })
    let snippets = try #require(items[0]["snippets"] as? [[String: Any]])
    #expect(snippets[0]["kind"] as? String == "systemd")
    #expect(snippets[0]["text"] as? String == "[Service]\nMemoryHigh=36M\nMemoryMax=40M")
    #expect(
      snippets[0]["place"] as? String
        == "/etc/systemd/system/report-worker.service.d/60-oomsh.conf")
    #expect((snippets[0]["computed_from"] as? [String])?.isEmpty == false)

    let csv = shell.run("set format csv; recommend").output
    #expect(csv.hasPrefix("number,rule,severity,certainty,snippets,events\n1,memcg-limit,high,"))
    let markdown = shell.run("set format markdown; recommend").output
    #expect(markdown.contains("\n```\n    [Service]\n") || markdown.contains("[Service]"))
  }

  /// What advice tells people to type is understood.
  @Test func commandsInTheTextsAreCommands() throws {
    let texts = Prose.ids(.advice).filter { $0.hasSuffix(".check") }
      .compactMap { Prose.text(.advice, $0) }
    var count = 0
    for line in texts.flatMap({ Self.commands(in: $0) }) {
      count += 1
      let scan = Lexer.scan(line)
      #expect(scan.fault == nil)
      let words = try #require(scan.commands.first)
      let command = try CommandTable.standard.command(named: words[0].text, allowsPrefix: false)
      _ = try ArgumentMatcher.match(words.dropFirst(), with: command)
    }
    #expect(count > 20)
  }

  /// The words behind each `-c` of an oomsh: one, or several in quotes.
  private static func commands(in text: String) -> [String] {
    text.components(separatedBy: "oomsh -c ").dropFirst().flatMap { rest -> [String] in
      var found: [String] = []
      var rest = Substring(rest)
      while true {
        if rest.first == "'" {
          rest = rest.dropFirst()
          found.append(String(rest.prefix { $0 != "'" }))
          rest = rest.drop { $0 != "'" }.dropFirst()
        } else {
          found.append(String(rest.prefix { $0.isLetter }))
          rest = rest.drop { $0.isLetter }
        }
        guard rest.hasPrefix(" -c ") else { return found }
        rest = rest.dropFirst(4)
      }
    }
  }
}
