import Foundation
import OOMShell
import Testing

@Suite struct RunTests {
  @Test func helpFitsAScreen() throws {
    let run = try Run(["--help"])
    let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count <= 24 && lines.allSatisfy { $0.count <= 80 })
    #expect(run.output.contains("[FILE…] [-c COMMAND]… [-f SCRIPT]…"))
    #expect(run.status == 0 && run.diagnostics.isEmpty)
  }

  @Test func printsItsVersion() throws {
    #expect(try Run(["--version"]).output == "oomsh \(Version.text)\n")
  }

  @Test func runsWhatIsAskedInOrder() throws {
    let folder = try Folder(["a.oomsh": "echo script\n"])
    let run = try Run(["-c", "echo 1", "-f", "a.oomsh", "-c", "echo 2"], in: folder.url)
    #expect(run.output == "1\nscript\n2\n" && run.diagnostics.isEmpty && run.status == 0)
  }

  @Test func stopsAtTheFirstError() throws {
    let folder = try Folder(["a.oomsh": "echo a\n\nnothing\necho b\n"])
    let run = try Run(["-f", "a.oomsh", "-c", "echo c"], in: folder.url)
    #expect(run.output == "a\n" && run.status == 2)
    #expect(run.diagnostics.hasPrefix("a.oomsh:3: error: unknown command 'nothing'\nhint: "))

    let command = try Run(["-c", "echo a", "-c", "ech b"])
    #expect(command.diagnostics.hasPrefix("-c:2: error: 'ech' is a shortened command"))
  }

  @Test func aScriptIsRecognisedAmongTheFiles() throws {
    let folder = try Folder(["a.oomsh": "echo a\n", "noending": "#: oomsh 1\necho b\n"])
    let run = try Run(["a.oomsh", "noending"], in: folder.url)
    #expect(run.output == "a\nb\n" && run.status == 0)
  }

  @Test func aScriptFindsItsNeighbours() throws {
    let folder = try Folder(["dir/a.oomsh": "source b.oomsh\n", "dir/b.oomsh": "echo b\n"])
    #expect(try Run(["dir/a.oomsh"], in: folder.url).output == "b\n")
  }

  @Test func runsWhatAPipeSays() throws {
    let run = try Run([], input: "echo a\n| not compared\n# x\necho b \\\n  c\nquit 7\necho d\n")
    #expect(run.output == "a\nb c\n" && run.diagnostics.isEmpty && run.status == 7)

    let broken = try Run([], input: "echo a\r\nnothing\necho b")
    #expect(broken.output == "a\n" && broken.status == 2)
    #expect(broken.diagnostics.hasPrefix("stdin:2: error: unknown command 'nothing'"))
  }

  @Test func anEmptyPipeIsNoError() throws {
    let run = try Run([])
    #expect(run.output.isEmpty && run.diagnostics.isEmpty && run.status == 0)
  }

  @Test func adviceIsWrittenOnce() throws {
    let folder = try Folder([
      "a.log": "Nov 21 14:00:05 host kernel: Out of memory: Killed process 7 (app) "
        + "total-vm:9kB, anon-rss:8kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:4kB "
        + "oom_score_adj:0\n",
      "a.oomsh": "load a.log\nrecommend --write=out\n",
    ])
    let first = try Run(["a.oomsh"], in: folder.url)
    #expect(first.status == 0 && first.output.contains("Nothing was applied."))
    let readme = folder.url.appending(path: "out/README.txt")
    #expect(try String(contentsOf: readme, encoding: .utf8).contains("To undo it"))
    let second = try Run(["a.oomsh"], in: folder.url)
    #expect(second.status == 3 && second.diagnostics.contains("exists already"))
    #expect(second.diagnostics.hasPrefix("a.oomsh:2: error: cannot write into 'out'"))
  }

  @Test func aPipeThatIsNoTextIsUnreadable() throws {
    let run = try Run([], input: "echo a\necho \u{0}\n")
    #expect(run.output == "a\n" && run.status == 4)
    #expect(run.diagnostics.hasPrefix("stdin:2: error: "))
  }

  @Test func statusesTellWhatHappened() throws {
    let folder = try Folder(["d/x": ""])
    func status(_ arguments: String...) throws -> Int32 {
      try Run(arguments, in: folder.url).status
    }
    #expect(try status("-c", "echo") == 0)
    #expect(try status("-c", "quit 9") == 9)
    #expect(try status("-c", "nothing") == 2)
    #expect(try status("--nothing") == 2)
    #expect(try status("--format", "xml") == 2)
    #expect(try status("--tz", "Mars/Olympus") == 2)
    #expect(try status("-f", "nowhere.oomsh") == 4)
    #expect(try status("nowhere.log", "-c", "echo") == 4)
    #expect(try status("d", "-c", "echo") == 4)
  }

  @Test func aWrongFlagIsSaidLikeAnyError() throws {
    let run = try Run(["--frmat", "json"])
    #expect(
      run.diagnostics
        == "error: unknown option '--frmat'. Did you mean '--format'?\nhint: see 'oomsh --help'\n")
  }

  @Test func flagsAreSettings() throws {
    let run = try Run(["--format", "json", "-c", "echo a"])
    #expect(run.output == "{\"lines\":[\"a\"]}\n")
  }

  @Test func nobodyReadingIsNoError() throws {
    let process = Process()
    let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appending(path: "oomsh").path
    process.executableURL = URL(filePath: "/bin/sh")
    let lines = "yes 'echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' | head -n 20000"
    process.arguments = ["-c", "{ \(lines); } | { '\(program)'; echo status $? >&2; } | head -n 1"]
    let (stdout, stderr) = (Pipe(), Pipe())
    process.standardOutput = stdout
    process.standardError = stderr
    try process.run()
    let diagnostics = String(
      decoding: stderr.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(diagnostics == "status 0\n")
  }
}
