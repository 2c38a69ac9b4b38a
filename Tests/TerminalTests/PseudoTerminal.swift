import CPseudoTerminal
import Glibc
import Testing

/// A program at a terminal of its own, and a patient typist in front of it.
///
/// Nothing sleeps: each expectation polls and returns as soon as the text is there. The deadline is
/// generous, since it only matters to a test that fails.
final class PseudoTerminal {
  /// What a test says that it waited for in vain.
  struct Timeout: Error, CustomStringConvertible {
    let description: String
  }

  /// How a program ended.
  enum Exit: Equatable {
    case status(Int32)
    case signal(Int32)
  }

  static let patience: Int64 = 20_000

  private let controller: Int32
  let pid: pid_t
  /// Everything that was shown so far, byte for byte.
  private(set) var raw: [UInt8] = []
  private var seen = 0
  private let screen: Screen
  private var exit: Exit?

  /// Starts a program at a terminal of 80 x 24 unless told otherwise.
  ///
  /// The environment is added to a minimal one; nil takes a variable away. `outputPath` is a file that
  /// takes the place of standard output.
  init(
    _ program: String, _ arguments: [String] = [], environment: [String: String?] = [:],
    columns: UInt16 = 80, rows: UInt16 = 24, outputPath: String? = nil, closesInput: Bool = false
  ) throws {
    var variables: [String: String?] = [
      "PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "TERM": "xterm", "LANG": "C.UTF-8",
    ]
    variables.merge(environment) { $1 }
    let settings = variables.compactMap { name, value in value.map { "\(name)=\($0)" } }
    var argv = unsafe ([program] + arguments).map { unsafe strdup($0) } + [nil]
    var envp = unsafe settings.map { unsafe strdup($0) } + [nil]
    let output = unsafe strdup(outputPath ?? "")
    defer { unsafe (argv + envp + [output]).forEach { unsafe free($0) } }
    let options = unsafe pseudo_terminal_options(
      columns: columns, rows: rows, stdout_path: outputPath == nil ? nil : output,
      closes_stdin: closesInput)
    var side: Int32 = -1
    pid = unsafe pseudo_terminal_start(program, &argv, &envp, options, &side)
    controller = side
    screen = Screen(columns: Int(columns), rows: Int(rows))
    guard pid > 0 else { throw Timeout(description: "no pseudo-terminal: errno \(-pid)") }
    _ = fcntl(controller, F_SETFL, O_NONBLOCK)
  }

  deinit {
    if exit == nil {
      kill(pid, SIGKILL)
      waitpid(pid, nil, 0)
    }
    close(controller)
  }

  /// Everything that was shown so far, without control sequences.
  var transcript: String { Self.plain(raw) }

  /// What was shown since the last expectation was met.
  var unseen: String { Self.plain(Array(raw[seen...])) }

  /// Types a text.
  func send(_ text: String) throws { try send(bytes: Array(text.utf8)) }

  /// Types bytes. The terminal's queue may be full for a while.
  func send(bytes: [UInt8]) throws {
    var rest = bytes[...]
    try wait("the terminal to take \(bytes.count) bytes") {
      let count = unsafe rest.withUnsafeBytes {
        unsafe write(self.controller, $0.baseAddress, $0.count)
      }
      if count > 0 { rest = rest.dropFirst(count) }
      return rest.isEmpty
    }
  }

  /// Waits until a text is shown behind what was seen before.
  func expect(_ text: String) throws {
    try wait(text.debugDescription) {
      let bytes = Array(self.raw[self.seen...])
      guard let end = Self.end(of: text, in: bytes) else { return false }
      self.seen += end
      return true
    }
  }

  /// Waits until the screen shows a text, wherever it is, as the user would see it.
  func see(_ text: String) throws {
    try wait("\(text.debugDescription) on the screen") { self.screenText.contains(text) }
  }

  /// What the screen shows now: a terminal that was not resized.
  var screenText: String {
    var screen = screen
    screen.show(raw)
    return screen.text
  }

  /// Waits until something else is so.
  func wait(_ what: String, until isSo: () throws -> Bool) throws {
    let deadline = Self.now() + Self.patience
    while try !isSo() {
      if drain() { continue }
      guard Self.now() < deadline else {
        throw Timeout(description: "waited for \(what); shown: \(transcript.suffix(2000))")
      }
      var watched = pollfd(fd: controller, events: Int16(POLLIN), revents: 0)
      if unsafe poll(&watched, 1, 20) > 0, watched.revents & Int16(POLLIN) == 0 { usleep(5_000) }
    }
  }

  /// Waits until the program has ended.
  func waitForExit() throws -> Exit {
    try wait("the program's end") {
      var status: Int32 = 0
      guard unsafe waitpid(self.pid, &status, WNOHANG) == self.pid else { return false }
      self.exit = status & 0x7F == 0 ? .status(status >> 8 & 0xFF) : .signal(status & 0x7F)
      return true
    }
    _ = drain()
    return exit ?? .status(-1)
  }

  func resize(columns: UInt16, rows: UInt16 = 24) {
    #expect(pseudo_terminal_resize(controller, columns, rows) == 0)
  }

  private func drain() -> Bool {
    var chunk = [UInt8](repeating: 0, count: 4096)
    let count = unsafe read(controller, &chunk, chunk.count)
    guard count > 0 else { return false }
    raw += chunk[..<count]
    return true
  }

  private static func now() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  /// Where a text ends that is looked for among bytes with control sequences between them.
  private static func end(of text: String, in bytes: [UInt8]) -> Int? {
    let wanted = Array(text.utf8)
    let (plain, places) = withoutSequences(bytes)
    guard wanted.count <= plain.count, !wanted.isEmpty else { return nil }
    for start in 0...(plain.count - wanted.count)
    where plain[start] == wanted[0] && plain[start..<(start + wanted.count)].elementsEqual(wanted) {
      return places[start + wanted.count - 1] + 1
    }
    return nil
  }

  private static func plain(_ bytes: [UInt8]) -> String {
    String(decoding: withoutSequences(bytes).plain, as: UTF8.self)
  }

  /// The bytes without CSI sequences, and where each of them stood.
  private static func withoutSequences(_ bytes: [UInt8]) -> (plain: [UInt8], places: [Int]) {
    var plain: [UInt8] = []
    var places: [Int] = []
    var place = 0
    while place < bytes.count {
      if bytes[place] == 0x1B {
        place += 1
        guard place < bytes.count else { break }
        if bytes[place] == UInt8(ascii: "[") {
          place += 1
          while place < bytes.count, !(0x40...0x7E).contains(bytes[place]) { place += 1 }
        }
        place += 1
        continue
      }
      plain.append(bytes[place])
      places.append(place)
      place += 1
    }
    return (plain, places)
  }
}
