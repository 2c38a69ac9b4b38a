internal import CPlatform
internal import Glibc
internal import Synchronization

/// A program that another one is asked for: what to run, and which package brings it.
package struct Tool: Sendable, Equatable {
  /// Its name, looked up in PATH.
  package let name: String
  /// Each is one argument, whatever it holds: no shell reads them.
  package let arguments: [String]
  /// What distributions call the package that holds it.
  package let package: String
  /// Exit statuses besides 0 with which it has done its work.
  package let tolerated: Set<Int32>

  /// Creates a tool from its parts.
  package init(
    _ name: String, _ arguments: [String], package: String, tolerated: Set<Int32> = []
  ) {
    self.name = name
    self.arguments = arguments
    self.package = package
    self.tolerated = tolerated
  }
}

/// A program that runs beside this one and whose output is read as it comes.
///
/// It is waited for when its output ends, and killed and waited for when its owner lets go of it
/// before: it never outlives the load that started it, and leaves no zombie.
package final class ChildProcess: Sendable {
  /// What its standard input is.
  enum Input {
    /// Nothing: /dev/null.
    case nothing
    /// An open file, from where it stands.
    case file(Int32)
    /// These bytes, and behind them what is still to be read of a stream.
    case fed([UInt8], from: LogFile)
  }

  private let tool: Tool
  private let state: Mutex<State>

  private struct State: ~Copyable {
    var pid: pid_t?
    let output: Descriptor
    let errors: Descriptor
    /// Where bytes go to its standard input, where they come from, and those on their way.
    var feed: Descriptor?
    var feedNumber: Int32 = -1
    var source: LogFile?
    var waiting: ArraySlice<UInt8> = []
    var said: [UInt8] = []
    var hasErrors = true

    /// Closes its standard input.
    mutating func stopFeeding() {
      feed = nil
      feedNumber = -1
      source = nil
      waiting = []
    }
  }

  /// How much is kept of what it says on its standard error, in bytes.
  private static let longestComplaint = 4096

  /// Starts it. A missing program is an error that names its package.
  init(_ tool: Tool, input: consuming Input) throws(HostError) {
    self.tool = tool
    let output = try Pipe()
    let errors = try Pipe()
    switch input {
    case .nothing:
      let null = try Descriptor(opening: "/dev/null", flags: O_RDONLY)
      let pid = try Self.spawn(tool, null.number, output.writing.number, errors.writing.number)
      state = Mutex(State(pid: pid, output: output.reading, errors: errors.reading))
    case .file(let descriptor):
      let pid = try Self.spawn(tool, descriptor, output.writing.number, errors.writing.number)
      state = Mutex(State(pid: pid, output: output.reading, errors: errors.reading))
    case .fed(let bytes, let source):
      let feeding = try Pipe()
      let pid = try Self.spawn(
        tool, feeding.reading.number, output.writing.number, errors.writing.number)
      _ = fcntl(feeding.writing.number, F_SETFL, O_NONBLOCK)
      let number = feeding.writing.number
      state = Mutex(
        State(
          pid: pid, output: output.reading, errors: errors.reading, feed: feeding.writing,
          feedNumber: number, source: source, waiting: bytes[...]))
    }
  }

  deinit { state.withLock { Self.kill(&$0) } }

  /// What it said on its standard error so far, as text that is still to be escaped.
  package var complaint: String {
    state.withLock { Self.text($0.said) }
  }

  /// Reads what it prints next: how many bytes, 0 at the end. ^C kills it and is an error.
  ///
  /// At the end it has been waited for; a failure of it is thrown then, once everything that it
  /// printed has been read.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(HostError) -> Int {
    try state.withLock { (state) throws(HostError) in
      do throws(HostError) {
        while state.pid != nil {
          let isReadable = try Self.wait(&state)
          guard isReadable else { continue }
          let count = try unsafe state.output.read(into: buffer, named: tool.name) ?? 0
          if count > 0 { return count }
          try finish(&state)
        }
        return 0
      } catch {
        Self.kill(&state)
        throw error
      }
    }
  }

  /// Moves bytes to and from it until there is output; false where it is still to come.
  private static func wait(_ state: inout State) throws(HostError) -> Bool {
    guard !Signals.isInterrupted else { throw .interrupted }
    let (sink, source) = (state.feedNumber, state.source?.number ?? -1)
    let isWriting = !state.waiting.isEmpty
    var watched = [
      pollfd(fd: state.output.number, events: Int16(POLLIN), revents: 0),
      pollfd(fd: state.hasErrors ? state.errors.number : -1, events: Int16(POLLIN), revents: 0),
      pollfd(fd: Signals.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: isWriting ? sink : -1, events: Int16(POLLOUT), revents: 0),
      pollfd(fd: isWriting ? -1 : source, events: Int16(POLLIN), revents: 0),
    ]
    _ = unsafe poll(&watched, nfds_t(watched.count), -1)
    if watched[2].revents != 0 { Signals.drain() }
    guard !Signals.isInterrupted else { throw .interrupted }
    if watched[1].revents != 0 { try listen(&state) }
    if watched[3].revents != 0 || watched[4].revents != 0 { try feed(&state) }
    return watched[0].revents != 0
  }

  /// Takes what it says on its standard error; it must never wait for somebody to read that.
  private static func listen(_ state: inout State) throws(HostError) {
    var chunk = [UInt8](repeating: 0, count: 4096)
    let count = try state.errors.read(into: &chunk, named: nil) ?? 0
    if count == 0 { state.hasErrors = false }
    let room = longestComplaint - state.said.count
    state.said += chunk[..<min(count, max(room, 0))]
  }

  /// Hands on what the stream holds. A child that reads no more has its reasons: they are in its
  /// exit status.
  private static func feed(_ state: inout State) throws(HostError) {
    if state.waiting.isEmpty {
      var chunk = [UInt8](repeating: 0, count: 64 << 10)
      let count = try state.source?.read(into: &chunk) ?? 0
      guard count > 0 else { return state.stopFeeding() }
      state.waiting = chunk[..<count]
    }
    let number = state.feedNumber
    let put = SystemCall.retrying {
      unsafe state.waiting.withUnsafeBytes { bytes in
        unsafe Glibc.write(number, bytes.baseAddress, bytes.count)
      }
    }
    if put.result < 0, put.errno != EAGAIN { return state.stopFeeding() }
    state.waiting = state.waiting.dropFirst(max(put.result, 0))
  }

  /// Waits for its end once its output has ended.
  private func finish(_ state: inout State) throws(HostError) {
    state.stopFeeding()
    while state.hasErrors {
      switch Signals.wait(for: state.errors.number, milliseconds: 1000) {
      case .readable: try Self.listen(&state)
      case .interrupted: throw .interrupted
      case .timeout: state.hasErrors = false
      case .signalled: continue
      }
    }
    guard let pid = state.pid else { return }
    var status: Int32 = 0
    let waited = SystemCall.retrying { unsafe waitpid(pid, &status, 0) }
    if waited.result < 0, waited.errno == EINTR { throw .interrupted }
    state.pid = nil
    guard let failure = Self.failure(status, tool.tolerated) else { return }
    let reason = Self.text(state.said)
    throw HostError(
      .failed, path: tool.name,
      reason: "\(tool.name) \(failure)" + (reason.isEmpty ? "" : ": \(reason)"))
  }

  private static func kill(_ state: inout State) {
    guard let pid = state.pid else { return }
    state.pid = nil
    state.stopFeeding()
    _ = Glibc.kill(pid, SIGKILL)
    var status: Int32 = 0
    while unsafe waitpid(pid, &status, 0) < 0, errno == EINTR { continue }
  }

  /// Why a wait status is a failure, in words; nil where it is none.
  private static func failure(_ status: Int32, _ tolerated: Set<Int32>) -> String? {
    let signal = status & 0x7F
    if signal != 0 { return "was ended by signal \(signal)" }
    let code = status >> 8 & 0xFF
    return code == 0 || tolerated.contains(code) ? nil : "failed with status \(code)"
  }

  /// What was said, in one line.
  private static func text(_ bytes: [UInt8]) -> String {
    bytes.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
      .map { String(decoding: $0, as: UTF8.self) }
      .joined(separator: "; ")
  }
}

extension ChildProcess {
  /// Both ends of a pipe, closed in every child.
  private struct Pipe: ~Copyable {
    let reading: Descriptor
    let writing: Descriptor

    init() throws(HostError) {
      var ends: [Int32] = [-1, -1]
      let failure = unsafe platform_pipe(&ends)
      guard failure == 0 else { throw HostError(errno: failure, path: nil) }
      reading = Descriptor(ends[0])
      writing = Descriptor(ends[1])
    }
  }

  private static func spawn(
    _ tool: Tool, _ input: Int32, _ output: Int32, _ errors: Int32
  ) throws(HostError) -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    for (target, source) in [
      (STDIN_FILENO, input), (STDOUT_FILENO, output), (STDERR_FILENO, errors),
    ] {
      unsafe posix_spawn_file_actions_adddup2(&actions, source, target)
    }
    var pid: pid_t = 0
    let failure = unsafe withStrings([tool.name] + tool.arguments) { arguments in
      unsafe withStrings(variables) { variables in
        unsafe posix_spawnp(&pid, tool.name, &actions, nil, &arguments, &variables)
      }
    }
    guard failure == 0 else {
      guard failure == ENOENT else { throw HostError(errno: failure, path: tool.name) }
      throw HostError(
        .missing, path: tool.name, reason: "\(tool.name) is not installed",
        hint: "install the package \(tool.package)")
    }
    return pid
  }

  /// This process's variables, with messages in English, which may be shown.
  private static var variables: [String] {
    var variables = ["LC_ALL=C"]
    var entry = unsafe environ
    while let text = unsafe entry.pointee {
      let variable = unsafe String(cString: text)
      if !variable.hasPrefix("LC_ALL=") { variables.append(variable) }
      unsafe entry += 1
    }
    return variables
  }

  /// Lends strings as C has them, a null pointer at their end.
  private static func withStrings<Result>(
    _ strings: [String], _ body: (inout [UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    var pointers =
      unsafe strings.map { text in unsafe PathText.withBytes(of: text) { unsafe strdup($0) } } + [
        nil
      ]
    defer { unsafe pointers.forEach { unsafe free($0) } }
    return unsafe body(&pointers)
  }
}
