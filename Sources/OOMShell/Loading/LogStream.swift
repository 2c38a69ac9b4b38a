internal import KernelLog
internal import Platform

/// A log that is to be read: its name, and how to get at it.
struct LogPart: Sendable {
  let name: String
  let open: @Sendable () throws(Environment.Unreadable) -> Environment.Log

  /// A log by its name as the user gave it, or as it stands in its directory.
  init(
    name: String, open: @escaping @Sendable () throws(Environment.Unreadable) -> Environment.Log
  ) {
    self.name = PathText.shown(name)
    self.open = open
  }

  /// Whether its messages are those of the machine that the program runs on.
  var isOfThisMachine = false
  /// The captured machine that it comes with, by its index among those of the session.
  var machine: Int?
  /// Whether it is what `dmesg` printed on that machine when it was captured.
  var isRing = false
  /// Whether it was found, not named: then it is no input unless it holds an event.
  var isFound = false
  /// When it was last written to, where that is known before it is opened.
  var modifiedMicros: Int64?
}

/// The files of one log, oldest first, read as one stream of bytes.
struct LogStream {
  /// How far the stream has come in a file.
  struct Progressed {
    let part: LogPart
    var log: Environment.Log?
    /// Whether its bytes can be read once more.
    var canReadAgain = false
    /// The stream's offset of its first byte, and how many newlines came before.
    let start: Int
    let newlinesBefore: Int
    var size = 0
    var newlines = 0
    var lacksNewline = false
    /// Why it could not be read to its end.
    var fault: Environment.Unreadable?
    var head: [UInt8] = []
    var missed = MissedMessages()
  }

  private var waiting: ArraySlice<LogPart>
  private let isSingle: Bool
  private(set) var files: [Progressed] = []
  private var isOpen = false
  private let isInterrupted: @Sendable () -> Bool

  init(_ parts: [LogPart], isInterrupted: @escaping @Sendable () -> Bool) {
    waiting = parts[...]
    isSingle = parts.count == 1
    self.isInterrupted = isInterrupted
  }

  /// Reads the next bytes: how many, 0 at the end of the last file. What is wrong with a file is kept
  /// with it and ends that file alone; only ^C is an error.
  mutating func read(
    _ buffer: UnsafeMutableRawBufferPointer
  ) throws(Environment.Unreadable) -> Int {
    while true {
      if !isOpen {
        guard let part = waiting.popFirst() else { return 0 }
        open(part)
      }
      var count = 0
      let index = files.count - 1
      do throws(Environment.Unreadable) {
        if let log = files[index].log { count = try unsafe log.read(buffer) }
      } catch {
        if isInterrupted() { throw .interrupted }
        files[index].fault = error
      }
      if isInterrupted() { throw .interrupted }
      guard count == 0 else {
        unsafe note(UnsafeRawBufferPointer(rebasing: buffer[..<count]), in: index)
        return count
      }
      isOpen = false
      // Two files are never one line.
      if files[index].lacksNewline, !waiting.isEmpty {
        unsafe buffer[0] = .newline
        files[index].newlines += 1
        return 1
      }
      if waiting.isEmpty { return 0 }
    }
  }

  private mutating func open(_ part: LogPart) {
    let before = files.last
    var file = Progressed(
      part: part,
      start: before.map { $0.start + $0.size + ($0.lacksNewline ? 1 : 0) } ?? 0,
      newlinesBefore: before.map { $0.newlinesBefore + $0.newlines } ?? 0)
    do throws(Environment.Unreadable) {
      let log = try part.open()
      file.canReadAgain = log.readAgain != nil
      file.log = log
    } catch {
      file.fault = error
    }
    isOpen = true
    files.append(file)
  }

  private mutating func note(_ bytes: UnsafeRawBufferPointer, in index: Int) {
    let span = unsafe Span<UInt8>(_unsafeBytes: bytes)
    files[index].size += span.count
    files[index].lacksNewline = span[span.count - 1] != .newline
    // The scan counts the lines of a file that is read alone.
    if !isSingle { files[index].newlines += span.newlines(in: 0..<span.count) }
    if files[index].head.count < Unsuitable.headLength {
      let wanted = Unsuitable.headLength - files[index].head.count
      files[index].head += LogText(span.extracting(0..<min(wanted, span.count))).bytes
    }
    if files[index].log?.packing() == "journalctl" { files[index].missed.count(span) }
  }

  /// Where some bytes of the stream stand.
  struct Place {
    /// The first file, and the last one into which they go on.
    let files: ClosedRange<Int>
    /// The stream's offset of the first file's first byte, and how many lines come before it. What
    /// is no file, as the running kernel's log, begins with the stream.
    let start: Int
    let linesBefore: Int
    /// Whether the bytes can be read once more.
    let canBeReadAgain: Bool
  }

  /// Where the bytes of a range stand.
  func place(of range: Range<Int>) -> Place {
    guard !files.isEmpty else {
      return Place(files: 0...0, start: 0, linesBefore: 0, canBeReadAgain: false)
    }
    let first = file(at: range.lowerBound)
    let last = file(at: max(range.upperBound - 1, range.lowerBound))
    return Place(
      files: first...last, start: files[first].start, linesBefore: files[first].newlinesBefore,
      canBeReadAgain: (first...last).allSatisfy { files[$0].canReadAgain })
  }

  /// The file in which an offset of the stream lies.
  private func file(at offset: Int) -> Int {
    for index in files.indices.reversed()
    where files[index].start <= offset && files[index].size > 0 {
      return index
    }
    return 0
  }
}

/// Counts the kernel messages that journald says it missed: `Missed 12 kernel messages`.
struct MissedMessages {
  private(set) var total = 0
  private var state = 0
  private var number = 0

  private static let before = Array("\nMESSAGE=Missed ".utf8)
  private static let behind = Array(" kernel messages".utf8)

  /// Looks through the next bytes of a journal.
  mutating func count(_ bytes: Span<UInt8>) {
    for index in 0..<bytes.count { take(bytes[index]) }
  }

  private mutating func take(_ byte: UInt8) {
    if state < Self.before.count {
      if byte == Self.before[state] { state += 1 } else { state = byte == .newline ? 1 : 0 }
      return
    }
    if state == Self.before.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
      number = min(number, 1 << 40) * 10 + Int(byte - UInt8(ascii: "0"))
      return
    }
    let place = state - Self.before.count
    guard byte == Self.behind[place] else {
      (state, number) = (byte == .newline ? 1 : 0, 0)
      return
    }
    state += 1
    if place == Self.behind.count - 1 {
      total += number
      (state, number) = (0, 0)
    }
  }
}
