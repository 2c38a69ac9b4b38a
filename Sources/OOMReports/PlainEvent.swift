internal import KernelLog

/// An event of plain lines, as they say it one by one: what a list of events shows, and what must not
/// contradict itself.
///
/// What only looks is mutating too: all of it would be copied for each look at a line.
struct PlainEvent: Sendable {
  /// What a list shows; until it is settled, its range is one of the window's.
  private(set) var outline = ReportOutline()
  /// Whether its last line has a newline.
  private(set) var endsInNewline = true
  /// Its first line and its kill line.
  private(set) var first = Place()
  private(set) var last = Place()
  /// Whether no section of the report has begun, so that a leap of the clock ends it, as far as its
  /// lines were looked at.
  var isHead = true
  private var choice = Choice.none
  private var hasMemcgLines = false
  /// Where the report has the path of the cgroup whose statistics come first.
  private var statsPath: Range<Int>?

  /// Where a line stands in the window, its newline apart.
  struct Place {
    var start = 0
    var end = 0
    var prefix = PrefixShape.Line()
  }

  /// What the kernel said before it killed.
  private enum Choice {
    case none
    case decision(pid: Int64, task: Range<Int>)
    case intent(pid: Int64, score: Int64?)
  }

  /// Whether the kernel has said whom it chose.
  var hasChoice: Bool { if case .none = choice { false } else { true } }

  /// Gives the event what follows from all that the source has said so far.
  mutating func settle(_ time: LogTime, boot: Int, base: Int) {
    outline.time = time
    outline.boot = boot
    outline.byteRange = outline.byteRange.moved(by: base)
  }

  /// Begins an event of whose first line this is known: its place, the task's in the bytes, and the
  /// order.
  mutating func begin(
    at place: Place, with comm: Range<Int>, order: Int64?, line: Int, _ carrier: Carrier
  ) {
    first = place
    // What else there is the kill line sets, which ends every event.
    (outline.constraint, outline.score) = (nil, nil)
    (outline.limitPath, outline.taskPath) = (nil, nil)
    outline.carrier = carrier
    outline.firstLine = line
    outline.host = inReport(first.prefix.host)
    outline.order = order
    outline.invoker = inReport(comm)
    (isHead, choice, hasMemcgLines, statsPath) = (true, .none, false, nil)
  }

  /// A place in a message, or in the window, as one in the report.
  private mutating func inReport(_ range: Range<Int>?, in message: Int = 0) -> Range<Int>? {
    range.map { $0.moved(by: message - first.start) }
  }

  /// Reads a line of a memory cgroup.
  mutating func readDetail(_ message: Span<UInt8>, at offset: Int) -> Bool {
    guard case .none = choice else { return false }
    hasMemcgLines = true
    if MemcgLines.readUsage(message) != nil { return true }
    if let path = message.end(of: "Memory cgroup stats for ", at: 0) {
      isHead = false
      guard
        let end = message.last(": cache:", before: message.count)
          ?? message.last(.colon, before: message.count),
        end > path
      else { return false }
      statsPath = statsPath ?? inReport(path..<end, in: offset)
      return true
    }
    guard outline.limitPath == nil, let limit = MemcgLines.readLimit(message) else { return false }
    outline.taskPath = inReport(limit.task, in: offset)
    outline.limitPath = inReport(limit.path, in: offset)
    return true
  }

  /// Reads the line `oom-kill:`; false where it fits no plain event.
  mutating func readDecision(_ message: Span<UInt8>, at offset: Int) -> Bool {
    guard DecisionLine.isDecision(message) else { return false }
    return DecisionLine.fields(of: message, task: nil).choice.map { take($0, at: offset) } ?? false
  }

  /// Takes over what such a line says, whose places are counted from an offset.
  @inline(__always)
  mutating func take(_ decision: DecisionLine.Choice, at offset: Int) -> Bool {
    let isMemcg = decision.constraint == .memcg
    guard case .none = choice, outline.limitPath == nil,
      !isMemcg || (decision.limitPath != nil && decision.taskPath != nil)
    else { return false }
    choice = .decision(pid: decision.pid, task: decision.task.moved(by: offset))
    outline.constraint = decision.constraint
    outline.taskPath = inReport(decision.taskPath, in: offset)
    outline.limitPath = isMemcg ? inReport(decision.limitPath, in: offset) : nil
    return true
  }

  /// Reads the line `Kill process`, as older kernels tell their choice; false where it fits no plain
  /// event.
  mutating func readIntent(_ message: Span<UInt8>, _ start: KillLine.Start) -> Bool {
    var cursor = start.pid
    guard let pid = message.integer(at: &cursor), message.starts(with: " (", at: cursor),
      !KillLine.isAboutSharedMemory(message),
      let name = message.last(") score ", before: message.count),
      let score = KillLine.score(message, behind: name)
    else { return false }
    return take(start, pid: pid, score)
  }

  /// Takes over the process and its score that such a line names.
  @inline(__always)
  mutating func take(_ start: KillLine.Start, pid: Int64, _ score: Int64) -> Bool {
    guard case .none = choice, !hasMemcgLines || outline.limitPath != nil, !start.isKilled,
      KillLine.isPlain(start.reason)
    else { return false }
    choice = .intent(pid: pid, score: score)
    outline.constraint =
      outline.limitPath == nil ? start.reason.flatMap(KillLine.constraint) : .memcg
    return true
  }

  /// Reads the kill line, which stands at a place of the window.
  mutating func readKill(
    _ message: Span<UInt8>, _ start: KillLine.Start, at place: Place, line: Int,
    in bytes: Span<UInt8>
  ) -> Bool {
    guard let fields = KillLine.fields(of: message, pidAt: start.pid),
      KillLine.isComplete(message, hasAdjustment: fields.oomScoreAdj != nil),
      // One that stands behind it on its line is not read.
      message.first("Killed process ", from: start.pid) == nil
    else { return false }
    return take(fields, start, at: place.prefix.message, of: place, line: line, in: bytes)
  }

  /// Whether the path at a place in the report lies in that of the cgroup whose limit was reached, as
  /// long as both are known.
  private mutating func isBelowLimit(_ path: Range<Int>?, in bytes: Span<UInt8>) -> Bool {
    guard let path, let limit = outline.limitPath else { return true }
    return bytes.extracting(path.moved(by: first.start))
      .lies(in: bytes.extracting(limit.moved(by: first.start)))
  }

  /// Takes over what the last line says, whose fields are counted from an offset.
  @inline(__always)
  mutating func take(
    _ fields: KillLine.Fields, _ start: KillLine.Start, at offset: Int, of place: Place,
    line: Int, in bytes: Span<UInt8>
  ) -> Bool {
    last = place
    let comm = fields.comm.moved(by: offset)
    guard KillLine.isPlain(start.reason), isBelowLimit(outline.taskPath, in: bytes),
      isBelowLimit(statsPath, in: bytes)
    else { return false }
    switch choice {
    case .none: return false
    case .decision(let pid, let task):
      guard fields.pid == pid, bytes.isSame(comm, task) else { return false }
    case .intent(let pid, let score):
      outline.score = fields.pid == pid ? score : nil
    }
    outline.pid = fields.pid
    outline.comm = comm.moved(by: -first.start)
    outline.uid = fields.uid
    outline.oomScoreAdj = fields.oomScoreAdj
    outline.totalVM = fields.totalVM
    outline.anonRSS = fields.anonRSS
    outline.fileRSS = fields.fileRSS
    outline.shmemRSS = fields.shmemRSS
    outline.pageTables = fields.pageTables
    outline.victimLine = line
    outline.fingerprint = Fingerprint.of(
      bytes.extracting(last.prefix.message + start.verb..<last.end))
    if outline.constraint == nil { outline.constraint = start.reason.flatMap(KillLine.constraint) }
    outline.lastLine = line
    outline.byteRange = first.start..<min(last.end + 1, bytes.count)
    endsInNewline = last.end < bytes.count
    return true
  }

  /// Takes the line of the victim's reaper, which ends at an offset, for the last one.
  mutating func takeReaper(endingAt end: Int, line: Int) {
    outline.lastLine = line
    outline.byteRange = first.start..<end + 1
  }

  /// Whether a host is the event's.
  func isOwn(_ host: Range<Int>?, in bytes: Span<UInt8>) -> Bool {
    guard let host, let own = first.prefix.host else {
      return host == nil && first.prefix.host == nil
    }
    return bytes.isSame(host, own)
  }
}

extension Range where Bound == Int {
  /// The range with its offsets counted from another place.
  func moved(by distance: Int) -> Range<Int> {
    lowerBound + distance..<upperBound + distance
  }
}

extension Span where Element == UInt8 {
  /// Whether the same bytes stand at two places.
  fileprivate func isSame(_ one: Range<Int>, _ other: Range<Int>) -> Bool {
    one.count == other.count && matches(itself: other.lowerBound, at: one.lowerBound, one.count)
  }
}
