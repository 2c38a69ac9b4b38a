import Foundation

/// The program as it was built, run for real.
struct Run {
  let output: String
  let diagnostics: String
  let status: Int32

  /// Runs `oomsh` to its end, in UTC, with this text on its standard input.
  init(_ arguments: [String], input: String = "", in directory: URL? = nil) throws {
    try self.init(Self.program, arguments, input: input, in: directory)
  }

  /// Runs `oomsh` with arguments as they are written for a shell.
  init(shell arguments: String, in directory: URL) throws {
    let command = "exec \(Self.program.path) \(arguments)"
    try self.init(URL(filePath: "/bin/sh"), ["-c", command], input: "", in: directory)
  }

  /// Runs another program.
  init(_ arguments: [String], with program: URL, in directory: URL) throws {
    try self.init(program, arguments, input: "", in: directory)
  }

  /// It stands beside the tests.
  static var program: URL {
    URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appending(path: "oomsh")
  }

  private init(_ program: URL, _ arguments: [String], input: String, in directory: URL?) throws {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.environment = ["PATH": "/usr/bin:/bin", "TZ": "UTC", "HOME": "/nonexistent"]
    process.currentDirectoryURL = directory ?? FileManager.default.temporaryDirectory
    let (stdin, stdout, stderr) = (Pipe(), Pipe(), Pipe())
    process.standardInput = stdin
    process.standardOutput = stdout
    process.standardError = stderr
    try process.run()
    // Less than a pipe holds, so that nobody waits for anybody.
    stdin.fileHandleForWriting.write(Data(input.utf8))
    try stdin.fileHandleForWriting.close()
    output = Self.text(stdout)
    diagnostics = Self.text(stderr)
    process.waitUntilExit()
    status = process.terminationStatus
  }

  private static func text(_ pipe: Pipe) -> String {
    String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  }
}

/// A directory with files in it, gone at the end.
final class Folder {
  let url: URL

  init(_ files: [String: String]) throws {
    url = FileManager.default.temporaryDirectory.appending(path: "oomsh-\(UUID().uuidString)")
    for (name, text) in files {
      let file = url.appending(path: name)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
  }

  deinit { try? FileManager.default.removeItem(at: url) }
}
