internal import Glibc
internal import Synchronization

/// A log as text, whatever it is wrapped in: a plain file or stream is read as it is, a compressed
/// one and a binary journal through their own tools.
///
/// What it is, is found out by its first bytes. Nothing is ever held but one buffer.
package final class LogInput: Sendable {
  /// How the bytes come.
  package enum Form: Sendable, Equatable {
    /// As they stand.
    case plain
    /// Unpacked on the way.
    case packed(Packing)
    /// Printed by journalctl.
    case journal
  }

  /// The path as the user gave it.
  package let path: String
  private let file: LogFile?
  private let state: Mutex<State>

  private struct State {
    var form: Form?
    var child: ChildProcess?
    /// Read of a stream to find out what it is, and not yet given away.
    var peeked: ArraySlice<UInt8> = []
  }

  /// Opens a log, `-` being standard input. Of a stream nothing is read yet.
  package convenience init(path: String) throws(HostError) {
    try self.init(LogFile(path: path))
  }

  /// Reads a file that is open.
  init(_ file: LogFile) throws(HostError) {
    self.file = file
    path = file.path
    var state = State()
    if file.kind == .regular, file.isAtStart {
      let head = try file.readRange(0..<min(file.identity.size, Packing.longestMagic))
      state.form = Self.form(of: head)
      state.child = try Self.child(state.form, input: .file(file.number))
    } else if file.kind == .regular {
      state.form = .plain
    }
    self.state = Mutex(state)
  }

  /// Runs journalctl. Its refusals come with the first read.
  package init(journal query: SystemJournal.Query, named name: String) throws(HostError) {
    path = name
    file = nil
    let child = try ChildProcess(SystemJournal.tool(query), input: .nothing)
    state = Mutex(State(form: .journal, child: child))
  }

  /// How the bytes come; for a stream known after the first read.
  package var form: Form { state.withLock { $0.form ?? .plain } }

  /// Bytes on the disk; nil for a stream.
  package var size: Int? { file.flatMap { $0.kind == .regular ? $0.identity.size : nil } }

  /// When it was last written to, in microseconds since 1970; nil for a stream.
  package var modified: Int64? {
    file.flatMap { $0.kind == .regular ? $0.identity.modified : nil }
  }

  /// How many bytes on the disk have been read; nil where nothing tells.
  package var consumed: Int? {
    guard let file, file.kind == .regular else { return nil }
    let offset = lseek(file.number, 0, SEEK_CUR)
    return offset < 0 ? nil : Int(offset)
  }

  /// What the tool that reads it said although it went on, as text that is still to be escaped.
  package var complaint: String { state.withLock { $0.child }?.complaint ?? "" }

  /// Reads the next bytes: how many, 0 at the end. ^C is an error. Where the log is cut or damaged,
  /// the error comes behind everything that could be read.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(HostError) -> Int {
    try state.withLock { (state) throws(HostError) in
      if state.form == nil { try recognise(&state) }
      if let child = state.child { return try unsafe child.read(into: buffer) }
      if !state.peeked.isEmpty {
        let count = min(buffer.count, state.peeked.count)
        unsafe buffer.copyBytes(from: state.peeked.prefix(count))
        state.peeked = state.peeked.dropFirst(count)
        return count
      }
      return try unsafe file?.read(into: buffer) ?? 0
    }
  }

  /// Reads a part again; only a plain file can.
  package func readRange(_ range: Range<Int>) throws(HostError) -> [UInt8] {
    guard let file, canReadAgain else {
      throw HostError(.unsuitable, path: path, reason: "cannot be read a second time")
    }
    return try file.readRange(range)
  }

  /// Whether `readRange` will do.
  package var canReadAgain: Bool { size != nil && form == .plain }

  /// Looks at the beginning of a stream.
  private func recognise(_ state: inout State) throws(HostError) {
    guard let file else { return }
    var head: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    repeat {
      let count = try file.read(into: &chunk)
      guard count > 0 else { break }
      head += chunk[..<count]
    } while Packing.mayBegin(head)
    let form = Self.form(of: head)
    state.form = form
    guard form != .journal else {
      throw HostError(
        .unsuitable, path: path, reason: "is a binary journal on a pipe",
        hint: "load the file itself: a journal is not read from front to back")
    }
    state.child = try Self.child(form, input: .fed(head, from: file))
    state.peeked = state.child == nil ? head[...] : []
  }

  private static func form(of head: [UInt8]) -> Form {
    if head.starts(with: SystemJournal.magic) { return .journal }
    return Packing.of(head).map(Form.packed) ?? .plain
  }

  private static func child(
    _ form: Form?, input: ChildProcess.Input
  ) throws(HostError) -> ChildProcess? {
    switch form {
    case .packed(let packing): try ChildProcess(packing.tool, input: input)
    case .journal: try ChildProcess(SystemJournal.fileTool, input: input)
    case .plain, nil: nil
    }
  }
}

extension LogFile {
  /// Standard input may be a file of which somebody has read a part.
  fileprivate var isAtStart: Bool { lseek(number, 0, SEEK_CUR) == 0 }
}
