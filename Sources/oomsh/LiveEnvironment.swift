internal import Glibc
internal import OOMShell
internal import Platform

extension Environment {
  /// This machine.
  static func live(root: String) -> Environment {
    let zones = ZoneSwitch()
    var environment = Environment()
    environment.root = root
    environment.clock = {
      let reading = ClockReading.now()
      return Moment(wallMicros: reading.realtime, uptimeMicros: reading.boottime)
    }
    environment.offset = { zone, micros in zones.offset(zone, at: micros) }
    environment.variable = { EnvironmentVariables[$0] }
    environment.readScript = readScript
    environment.listDirectory = listDirectory
    environment.openLog = openLog
    environment.openJournal = { (query, name) throws(Unreadable) in
      try log(translating { () throws(HostError) in try LogInput(journal: query, named: name) })
    }
    environment.makeScratch = makeScratch
    environment.listFiles = { (path) throws(Unreadable) in
      try translating { () throws(HostError) in try FileTree.files(below: path) }
    }
    environment.isDirectory = FileTree.isDirectory
    environment.matches = FileTree.matches
    environment.readRing = readRing
    environment.readMachine = { (paths) throws(Unreadable) in
      try readMachine(paths, LiveHost(root: root), named: root)
    }
    environment.writeFiles = { (directory, files) throws(Unreadable) in
      do throws(HostError) {
        try NewFiles.write(files, below: directory)
      } catch {
        throw Unreadable(error.description, hint: error.hint)
      }
    }
    environment.terminal = terminal
    environment.progress = showProgress
    environment.isInterrupted = { Signals.isInterrupted }
    return environment
  }

  /// Scripts are typed by people: one of more than this is a log.
  private static let longestScript = 16 << 20

  @Sendable private static func readScript(_ path: String) throws(Unreadable) -> [UInt8] {
    do throws(HostError) {
      let file = try LogFile(path: path)
      var content: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 64 * 1024)
      while true {
        let count = try file.read(into: &buffer)
        if count == 0 { return content }
        content += buffer[..<count]
        guard content.count <= longestScript else {
          throw HostError(.tooLarge, path: path, reason: "too large for a script")
        }
      }
    } catch {
      throw Unreadable(error.reason)
    }
  }

  @Sendable private static func openLog(_ path: String) throws(Unreadable) -> Log {
    try log(translating { () throws(HostError) in try LogInput(path: path) })
  }

  private static func log(_ input: LogInput) -> Log {
    let read: @Sendable (UnsafeMutableRawBufferPointer) throws(Unreadable) -> Int = {
      (buffer) throws(Unreadable) in
      try translating { () throws(HostError) in try unsafe input.read(into: buffer) }
    }
    let readAgain: @Sendable (Range<Int>) throws(Unreadable) -> [UInt8] = {
      (range) throws(Unreadable) in
      try translating { () throws(HostError) in try input.readRange(range) }
    }
    var log = unsafe Log(
      size: input.size, modifiedMicros: input.modified, read: read,
      readAgain: input.canReadAgain ? readAgain : nil)
    log.packing = {
      switch input.form {
      case .plain: return nil
      case .packed(let packing): return packing.rawValue
      case .journal: return "journalctl"
      }
    }
    log.complaint = { input.complaint }
    log.consumed = { input.form == .plain ? nil : input.consumed }
    return log
  }

  @Sendable private static func makeScratch() throws(Unreadable) -> Scratch {
    let file = try translating { () throws(HostError) in try ScratchFile() }
    return unsafe Scratch(
      write: { (bytes) throws(Unreadable) in
        try translating { () throws(HostError) in try unsafe file.write(bytes) }
      },
      log: { (name, modified) throws(Unreadable) in
        try log(
          translating { () throws(HostError) in try file.log(named: name, modified: modified) })
      })
  }

  /// Writes over the last line of a terminal; nil wipes it away.
  @Sendable private static func showProgress(_ line: String?) {
    let output = StandardOutput(descriptor: STDERR_FILENO)
    guard output.isTerminal, Platform.Terminal.understandsEscapes else { return }
    let width = Platform.Terminal.size(of: STDERR_FILENO).columns
    // Nothing is lost with a progress line.
    try? output.write("\r\u{1B}[K" + (line ?? "").prefix(max(width - 1, 0)))
    try? output.flush()
  }

  /// Runs what the platform does, with its error in the shell's words.
  private static func translating<Result>(
    _ body: () throws(HostError) -> Result
  ) throws(Unreadable) -> Result {
    do throws(HostError) {
      return try body()
    } catch {
      throw Unreadable(error.reason, hint: error.hint)
    }
  }

  @Sendable private static func readRing() throws(Unreadable) -> Ring {
    let text = try translating { () throws(HostError) in try KernelRing.read() }
    let clocks = ClockReading.now()
    return Ring(
      bytes: text.bytes, lost: text.lostRecords, realtime: clocks.realtime,
      boottime: clocks.boottime, monotonic: clocks.monotonic)
  }

  /// Files that cannot be read are left out: each is a fact that is missing.
  private static func readMachine(
    _ paths: [String], _ host: LiveHost, named root: String
  ) throws(Unreadable) -> Machine {
    var files: [String: [UInt8]] = [:]
    for path in paths { files[path] = try? host.readFile("/" + path, limit: 1 << 20) }
    guard !files.isEmpty else {
      throw Unreadable(
        "none of the files of a machine is there",
        hint: "--root names a directory with proc/ and sys/ in it, as a sosreport has")
    }
    return Machine(files: files, isLive: host.isLive, name: root)
  }

  @Sendable private static func listDirectory(_ path: String) -> [DirectoryEntry] {
    let host = LiveHost()
    guard let names = try? host.listDirectory(path) else { return [] }
    return names.map { name in
      let isDirectory = (try? host.listDirectory(path + "/" + name)) != nil
      return DirectoryEntry(name, isDirectory: isDirectory)
    }
  }

  @Sendable private static func terminal() -> Terminal {
    let isTerminal = Platform.Terminal.isTerminal(STDOUT_FILENO)
    let hasNoColor = EnvironmentVariables["NO_COLOR"].map { !$0.isEmpty } ?? false
    return Terminal(
      isTerminal: isTerminal,
      width: isTerminal ? Platform.Terminal.size().columns : nil,
      hasColor: isTerminal && !hasNoColor && Platform.Terminal.understandsEscapes,
      isUTF8: !isTerminal || Terminal.isUTF8 { EnvironmentVariables[$0] })
  }
}
