import Foundation
import Testing

/// Logs as machines keep them, made with the tools that make them there. Where a tool is missing, the
/// test says so and is passed over.
@Suite(.serialized) struct SourcesTests {
  private static let captures = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/captures")

  private static func capture(_ name: String) throws -> String {
    try String(contentsOf: captures.appending(path: name), encoding: .utf8)
  }

  /// Whether a script of the shell succeeds; says what is skipped if not.
  private func prepare(_ script: String, in folder: Folder, for what: String) throws -> Bool {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-ec", script]
    process.currentDirectoryURL = folder.url
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    if process.terminationStatus != 0 { print("SKIPPED: no \(what) here") }
    return process.terminationStatus == 0
  }

  private func load(_ words: String, _ commands: String..., in folder: Folder) throws -> Run {
    let options = ["--tz", "UTC", "--width", "200", "-c", "load \(words)"]
    return try Run(options + commands.flatMap { ["-c", $0] }, in: folder.url)
  }

  @Test func aReportThatRotationCutIsOneEvent() throws {
    let text = try Self.capture("memcg-v2-nested-kube-6.12.117-cloud.dmesg-iso.log")
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for tool in ["gzip", "xz", "zstd", "bzip2"] {
      let folder = try Folder([
        "kern.log.2": "2026-10-01T10:00:00,000000+00:00 an older line",
        "kern.log.1": lines[..<40].joined(separator: "\n") + "\n",
        "kern.log": lines[40...].joined(separator: "\n"),
      ])
      guard
        try prepare("\(tool) -c kern.log.1 > packed; mv packed kern.log.1", in: folder, for: tool)
      else { continue }
      let run = try load("kern.log*", "events", "raw 1", "raw 1 --numbers", "tasks 1", in: folder)
      #expect(run.status == 0, "\(tool): \(run.diagnostics)")
      let alone = try Folder(["whole": text])
      let whole = try load("whole", "raw 1", in: alone)
      let raw = whole.output.split(separator: "\n").filter { $0.hasPrefix("2026") }
      #expect(!raw.isEmpty)
      for line in raw { #expect(run.output.contains(line)) }
      #expect(run.output.contains("kern.log:1: 2026"))
      #expect(!run.output.contains("kern.log.1:"))
      let shown = try load("kern.log*", "show 1", in: folder)
      #expect(shown.output.contains("begins in kern.log.1, which ends with line 40"))
    }
  }

  @Test func aDirectoryKeepsWhatAnotherFileLoses() throws {
    let text = try Self.capture("repeat-leak-6.12.117-cloud.dmesg-iso.log")
    let folder = try Folder([
      "log/kern.log": text, "log/sub/messages": "nothing\n", "log/wtmp": "x", "log/notes.txt": "y",
    ])
    guard try prepare("gzip -c log/kern.log | head -c 9000 > log/syslog.1", in: folder, for: "gzip")
    else { return }
    let run = try load("log", in: folder)
    #expect(run.status == 4)
    let reason = "'log/syslog.1' is cut or damaged; what came before was loaded: gzip failed"
    #expect(run.diagnostics.contains(reason))
    // What could be read answers.
    let kills = try Run(["log", "-c", "events"], in: folder.url)
    #expect(kills.status == 4 && kills.output.contains("api-server"))
    let inputs = try Run(["-c", "load log"], in: folder.url)
    #expect(inputs.output.contains("log/kern.log "))
    #expect(inputs.output.contains("passed over: 1 log without a report; 2 files do not"))
  }

  /// Paths in a script begin at the script, which its error makes plain.
  @Test func whereALogWasLookedFor() throws {
    let folder = try Folder(["sub/a.oomsh": "load none.log\n"])
    let run = try Run(["-c", "source sub/a.oomsh"], in: folder.url)
    #expect(run.status == 4)
    #expect(run.diagnostics.contains("hint: it was looked for at 'sub/none.log'"))
  }

  @Test func theErrorOfAnAnchorIsANumber() throws {
    let text = try Self.capture("repeat-leak-6.12.117-cloud.dmesg-iso.log")
    let folder = try Folder(["a.log": text])
    let run = try Run(["a.log", "-c", "set format json; anchor"], in: folder.url)
    #expect(run.output.contains("\"error_us\":1000000,"))
  }

  private static func export(_ text: String) -> String {
    var entries = ""
    for line in text.split(separator: "\n") {
      guard let match = line.wholeMatch(of: #/\[ *([0-9]+)\.([0-9]{6})\] (.*)/#),
        let seconds = Int(match.1), let micros = Int(match.2)
      else { continue }
      let stamp = seconds * 1_000_000 + micros
      entries += """
        __REALTIME_TIMESTAMP=\(1_795_389_653_000_000 + stamp)
        __MONOTONIC_TIMESTAMP=\(stamp + 5)
        _BOOT_ID=0123456789abcdef0123456789abcdef
        _TRANSPORT=kernel
        PRIORITY=4
        SYSLOG_IDENTIFIER=kernel
        _HOSTNAME=vm
        _SOURCE_MONOTONIC_TIMESTAMP=\(stamp)
        MESSAGE=\(match.3)


        """
    }
    return entries + """
      __REALTIME_TIMESTAMP=1795389999000000
      __MONOTONIC_TIMESTAMP=400000000
      _BOOT_ID=0123456789abcdef0123456789abcdef
      _TRANSPORT=driver
      SYSLOG_IDENTIFIER=systemd-journald
      MESSAGE_ID=e9bf28e6e834481bb6f48f548ad13606
      MESSAGE=Missed 12 kernel messages


      """
  }

  @Test func aJournalIsRead() throws {
    let text = try Self.capture("memcg-v2-6.12.117-cloud.dmesg.log")
    let folder = try Folder(["export": Self.export(text), "kern.log": text, "j/x": ""])
    let make = """
      timeout 60 /lib/systemd/systemd-journal-remote --output=$PWD/j/system.journal - < export
      journalctl --version
      tar -czf packed.tgz j/system.journal
      cp j/system.journal plain; mkdir cut; head -c 4000000 plain > cut/system.journal
      """
    guard try prepare(make, in: folder, for: "systemd-journal-remote") else { return }
    let all = [
      "plain", "j/system.journal", "j", "packed.tgz", "journal -D j", "journal --file=plain",
    ]
    for words in all {
      let run = try load(words, "raw 1", "coverage", in: folder)
      #expect(run.status == 0, "\(words): \(run.diagnostics)")
      #expect(run.output.contains("Killed process 170"), "\(words)")
      #expect(run.output.contains("journald missed 12 kernel messages"), "\(words)")
      #expect(run.output.contains("journal"), "\(words)")
    }
    let both = try load("plain kern.log", "events", in: folder)
    #expect(both.output.contains("report-worker"))
    #expect(both.output.contains("is known already and was not added again"))
    let cut = try load("kern.log cut/system.journal", in: folder)
    #expect(cut.status == 4 && cut.diagnostics.contains("journalctl failed with status 1"))
    let since = try load("journal --file=plain --since=@1795389998", "coverage", in: folder)
    #expect(!since.output.contains("Killed"), "\(since.output)")
  }

  private static let sos = "sosreport-db01-2026-11-23-abc"

  /// A sosreport's layout, with names that lead nowhere good.
  private static func makeReport() throws -> Folder {
    let text = try capture("repeat-leak-6.12.117-cloud.dmesg-iso.log")
    return try Folder([
      "\(sos)/sos_commands/kernel/dmesg": try capture("memcg-v2-6.12.117-cloud.dmesg.log"),
      "\(sos)/sos_commands/kernel/sysctl_-a": "vm.panic_on_oom = 2\nvm.swappiness = 7\n",
      "\(sos)/proc/meminfo": "MemTotal:       123456 kB\nSwapTotal: 0 kB\n",
      "\(sos)/sos_commands/host/hostname": "db01\n",
      "\(sos)/sos_commands/host/uptime": " 15:00:30 up 1 day,  2:00,  1 user,  load average: 9\n",
      "\(sos)/sos_commands/date/date": "Mon Nov 23 15:00:28 CET 2026\n",
      "\(sos)/sos_commands/date/date_--utc": "Mon Nov 23 14:00:29 UTC 2026\n",
      "\(sos)/var/log/messages": text, "\(sos)/var/log/messages-20261101": "an older line\n",
      "\(sos)/etc/passwd": "root\n",
    ])
  }

  @Test(arguments: ["", "gzip", "xz", "zstd", "bzip2"])
  func aSosreportIsReadAsItStreams(tool: String) throws {
    let folder = try Self.makeReport()
    let pack = tool.isEmpty ? "mv t report" : "\(tool) -c t > report"
    let make = "ln -s /etc/shadow \(Self.sos)/var/log/kern.log; tar cf t \(Self.sos); \(pack)"
    guard try prepare(make, in: folder, for: "tar or \(tool)") else { return }
    let run = try load("report", "events", "raw 1", "sysctl", "recommend", in: folder)
    #expect(run.status == 0, "\(run.diagnostics)")
    #expect(run.output.contains("api-server") && run.output.contains("report-worker"))
    #expect(run.output.contains("settings of the machine captured in report (host db01)"))
    #expect(run.output.contains("panic_on_oom  ") || run.output.contains("vm.panic_on_oom"))
    // The boot was at 12:00 UTC the day before, but for the minute that uptime does not print.
    #expect(run.output.contains("~2026-11-22 12:0"), "\(run.output)")
    let setting = try load("report", "sysctl swappiness", in: folder)
    #expect(setting.output.contains("7"))
    #expect(!(run.output + run.diagnostics).contains("shadow"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).count <= 3)
  }

  @Test func anUnpackedSosreportIsTheSame() throws {
    let folder = try Self.makeReport()
    let run = try load(Self.sos, "sysctl swappiness", "events", in: folder)
    #expect(run.status == 0, "\(run.diagnostics)")
    #expect(run.output.contains("api-server") && run.output.contains("report-worker"))
    #expect(run.output.contains("value"))
  }

  /// Each machine's log has the boot and the settings of its own, also below one directory.
  @Test(arguments: [
    (packed: "", loaded: "both", name: "both/sos-"),
    ("tar czf all both", "all", "all:both/sos-"),
    (
      "mkdir tars; for h in a b; do tar cJf tars/$h.tar.xz -C both sos-$h; done; echo x > tars/notes",
      "tars", "tars/"
    ),
  ])
  func sosreportsSideBySideAreApart(packed: String, loaded: String, name: String) throws {
    func files(_ host: String, _ day: Int, _ log: String) throws -> [String: String] {
      [
        "both/sos-\(host)/sos_commands/kernel/dmesg": try Self.capture(log),
        "both/sos-\(host)/sos_commands/kernel/sysctl_-a": "vm.swappiness = \(day)\n",
        "both/sos-\(host)/sos_commands/host/hostname": "\(host)\n",
        "both/sos-\(host)/sos_commands/host/uptime": " 15:00:30 up 1 day,  2:00,  1 user\n",
        "both/sos-\(host)/sos_commands/date/date": "Mon Nov \(day) 15:00:28 UTC 2026\n",
        "both/sos-\(host)/hostname": "\(host)\n",
      ]
    }
    let folder = try Folder(
      files("a", 10, "memcg-v2-6.12.117-cloud.dmesg.log").merging(
        files("b", 20, "protected-hog-6.12.117-cloud.dmesg.log")
      ) { $1 })
    guard try packed.isEmpty || prepare(packed, in: folder, for: "tar or xz") else { return }
    let run = try load(loaded, "events", in: folder)
    #expect(run.status == 0, "\(run.diagnostics)")
    #expect(run.output.contains("~2026-11-09 13:") && run.output.contains("~2026-11-19 13:"))
    for host in ["a", "b"] {
      let holder = (run.output + run.diagnostics).split(separator: "\n").first {
        $0.contains("'\(name)\(host)") && $0.contains(" holds settings")
      }
      #expect(holder != nil, "\(run.output) \(run.diagnostics)")
    }
  }

  @Test func aCutArchiveGivesWhatCameBefore() throws {
    let folder = try Self.makeReport()
    let files = "\(Self.sos)/var/log/messages \(Self.sos)/sos_commands"
    guard try prepare("tar cf t \(files); head -c 40000 t > cut", in: folder, for: "tar") else {
      return
    }
    let run = try load("cut", in: folder)
    #expect(run.status == 4)
    #expect(run.diagnostics.contains("the archive ends too early"))
    let whole = try load("t", "coverage", in: folder)
    #expect(whole.status == 0)
  }

  @Test func packedStandardInputIsUnpacked() throws {
    let folder = try Folder(["log": try Self.capture("repeat-leak-6.12.117-cloud.dmesg-iso.log")])
    guard try prepare("gzip -c log > packed", in: folder, for: "gzip") else { return }
    let run = try Run(shell: "- -c events -c 'raw 2' < packed", in: folder.url)
    #expect(run.status == 0 && run.output.contains("api-server"))
    #expect(run.output.contains("invoked oom-killer"))
  }

  @Test func whoMayNotReadIsToldWhatToDo() throws {
    let folder = try Folder(["x": ""])
    guard
      try prepare(
        "setpriv --reuid=65534 --regid=65534 --clear-groups test ! -r /etc/shadow",
        in: folder, for: "setpriv, or no root")
    else { return }
    let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appending(path: "oomsh").path
    let script = """
      cp \(program) /tmp/oomsh-nobody-$$ && chmod 755 /tmp/oomsh-nobody-$$
      trap 'rm -f /tmp/oomsh-nobody-$$' EXIT
      setpriv --reuid=65534 --regid=65534 --clear-groups /tmp/oomsh-nobody-$$ -c load > out 2>&1 \
        || echo status $? >> out
      """
    guard try prepare(script, in: folder, for: "setpriv") else { return }
    let said = try String(contentsOf: folder.url.appending(path: "out"), encoding: .utf8)
    // Where everybody may read the ring buffer there is nothing to tell.
    if said.contains("status 4") {
      #expect(said.contains("systemd-journal") && said.contains("sudo dmesg"))
      #expect(!said.contains("dmesg_restrict=0") && !said.contains("sysctl -w"))
    }
  }
}
