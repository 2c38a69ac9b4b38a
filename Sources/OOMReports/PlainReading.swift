internal import KernelLog

/// Reads an event whose lines are all as the kernel printed them, one behind the other, without a
/// record, a report or a text being made.
///
/// What only looks is mutating too: all of it would be copied for each look at a line.
///
/// The lines must have one shape of prefix, and between the first one and the kill nothing may stand
/// that could change what a list of events shows. It comes to the same event as `ReportReading`;
/// whatever it is not sure of it leaves to that.
struct PlainReading: Sendable {
  /// What came of an attempt.
  enum Answer {
    /// An event: it is in `event`.
    case event
    /// The bytes end before the event does.
    case unfinished
    /// Not so plain.
    case other
  }

  /// The event that was read last; until it is settled, its range is one of the window's.
  private(set) var event = PlainEvent()

  private var shape = PrefixShape() {
    didSet {
      clocks = shape.clocks
      shapeNumber += 1
    }
  }
  /// Each shape has another one.
  private(set) var shapeNumber = 0
  /// Those of the shape: all of it would be copied for each comparison.
  private var clocks = PrefixShape.Clocks()
  /// Where the next line begins, and its 1-based number.
  private var cursor = 0
  private var line = 0
  /// The first line of the next event, where the last one was read up to it.
  private var next: Beginning?
  /// Whether there are lines of the report that were not looked at.
  private var hasUnread = false
  /// What the clock of the line showed that says whom the kernel chose.
  private var choiceMicros: Int64 = 0
  /// The fields of the line that was read last.
  private var printed = PrintFormat.Fields()
  private var requests = RecentRequests()

  /// A line that begins an event, in the window that begins at an offset of the source.
  private struct Beginning {
    let place: PlainEvent.Place
    let comm: Range<Int>
    let order: Int64?
    let base: Int
  }

  /// How long a key line may be; a path has 4096 bytes at the most.
  private static let longestLine = 8192
  private static let words: KeyWord.Categories = [.report, .otherKiller, .clock, .detail]
  /// How many lines behind a kill are looked at, each of them again for every event among them.
  private static let longestTail = 256
  /// How far apart the stamps of a report's lines may be for nobody to ask whether they are one.
  private static let longest: Int64 = 1_000_000

  /// The stamp of a line that was read.
  func stamp(of place: PlainEvent.Place) -> Stamp { shape.stamp(of: place.prefix) }

  /// Whether the clocks of the two lines show the same second.
  var isOfOneSecond: Bool { event.first.prefix.dayMicros == event.last.prefix.dayMicros }

  /// Where the window has the name of its host.
  var host: Range<Int>? { event.first.prefix.host }

  /// Gives the event what follows from all that the source has said so far.
  mutating func settle(_ time: LogTime, boot: Int, base: Int) {
    event.settle(time, boot: boot, base: base)
  }

  /// Reads the event of which a key word of the first line stands at an offset of the window, behind
  /// `floor`, where the record before ends, and behind so many newlines of the source.
  mutating func read(
    at key: Int, floor: Int, newlines: Int, in window: LogWindow, _ format: LogFormat
  ) -> Answer {
    window.withBytes { bytes in
      let start = isExpected(at: key, in: window) ? key : bytes.lineStart(of: key, floor: floor)
      if let next, begins(next, at: start, window) {
        begin(at: next.place, with: next.comm, order: next.order, line: newlines + 1)
      } else {
        let end = bytes.lineEnd(of: key)
        guard end < bytes.count else { return window.isAtEnd ? .other : .unfinished }
        guard end - start <= Self.longestLine,
          !NeighbourLines.mayBeAboutReports(bytes, endingAt: start - 1),
          let prefix = prefix(at: start, before: end, in: bytes, format),
          shape.endsPrefix(prefix, in: bytes, before: end),
          isPlain(bytes.extracting(prefix.message..<end))
        else { return .other }
        let place = PlainEvent.Place(start: start, end: end, prefix: prefix)
        guard readFirst(place, in: bytes, line: newlines + 1) else { return .other }
      }
      next = nil
      return readRest(bytes, isAtEnd: window.isAtEnd, at: window.base, format)
    }
  }

  /// Whether an event is known to begin at a place of the window.
  func isExpected(at start: Int, in window: LogWindow) -> Bool {
    next.map { begins($0, at: start, window) } ?? false
  }

  private func begins(_ next: Beginning, at start: Int, _ window: LogWindow) -> Bool {
    next.place.start == start && next.base == window.base
  }

  /// The prefix of a first line, by the shape of the lines before it, or by a new one.
  private mutating func prefix(
    at start: Int, before end: Int, in bytes: Span<UInt8>, _ format: LogFormat
  ) -> PrefixShape.Line? {
    if let line = shape.read(bytes, at: start, before: end) { return line }
    guard let shape = PrefixShape(of: format.record(at: start, in: bytes), in: bytes) else {
      return nil
    }
    self.shape = shape
    return shape.read(bytes, at: start, before: end)
  }

  /// The prefix of a further line of the event.
  private mutating func prefix(
    at start: Int, before end: Int, in bytes: Span<UInt8>
  ) -> PrefixShape.Line? {
    shape.read(bytes, at: start, before: end, like: event.first.prefix, at: event.first.start)
  }

  /// The same where it differs from that of the first line in nothing but its clocks, as most do.
  private mutating func repeated(at start: Int, in bytes: Span<UInt8>) -> PrefixShape.Line? {
    clocks.repeated(
      event.first.prefix, at: event.first.start, bytes, at: start, before: bytes.count)
  }

  /// Whether a message stands for itself, and no other one may be glued to it.
  private mutating func isPlain(_ message: Span<UInt8>) -> Bool {
    guard let last = message.byte(at: message.count - 1), last != .carriageReturn else {
      return false
    }
    var from = 0
    while let odd = message.first(.openBracket, or: shape.escape ?? .openBracket, from: from) {
      guard message[odd] != shape.escape, odd == 0 || message[odd - 1] == .space else {
        return false
      }
      from = odd + 1
    }
    return shape.encoding != .syslog || message.first(.backslash) == nil
  }

  /// Whether a line was logged right behind another one, the first unless told otherwise, as far as
  /// its stamps tell.
  private mutating func isNear(_ line: PrefixShape.Line, to other: Int64? = nil) -> Bool {
    let distance = line.micros - (other ?? event.first.prefix.micros)
    return distance >= 0 && distance <= Self.longest
  }

  private mutating func readFirst(
    _ place: PlainEvent.Place, in bytes: Span<UInt8>, line: Int
  ) -> Bool {
    let message = bytes.extracting(place.prefix.message..<place.end)
    guard message[0] != .openBracket, KillLine.start(of: message) == nil,
      !DecisionLine.isDecision(message), let start = InvokedLine.start(of: message),
      // Of a line that ends with the order, what follows may be digits of it.
      let comm = start.comm
    else { return false }
    let request = InvokedLine.request(message, start)
    guard request.isComplete else { return false }
    begin(
      at: place, with: comm.moved(by: place.prefix.message), order: request.order, line: line)
    return true
  }

  private mutating func begin(
    at place: PlainEvent.Place, with comm: Range<Int>, order: Int64?, line: Int
  ) {
    event.begin(at: place, with: comm, order: order, line: line, shape.carrier)
    (cursor, self.line, hasUnread) = (place.end + 1, line + 1, false)
  }

  private mutating func readRest(
    _ bytes: Span<UInt8>, isAtEnd: Bool, at base: Int, _ format: LogFormat
  ) -> Answer {
    while true {
      switch readKeyLine(bytes) {
      case .kill: return readTail(bytes, isAtEnd: isAtEnd, at: base, format)
      case .choice: continue
      case .contradiction: return .other
      case nil: break
      }
      var start = cursor
      var end = bytes.lineEnd(of: start)
      var prefix = prefix(at: start, before: end, in: bytes)
      var kill = prefix.flatMap { KillLine.start(of: bytes.extracting($0.message..<end)) }
      var isDetail = false
      // Of a short report each line is a key line: no word need be searched for.
      if !isKey(prefix, kill, before: end, in: bytes) {
        let found = bytes.nextKey(Self.words, from: cursor, to: bytes.count)
        guard let key = found.offset else {
          let isTooLong = bytes.count - event.first.start > OpenReports.longest
          return isAtEnd || isTooLong ? .other : .unfinished
        }
        start = bytes.lineStart(of: key, floor: cursor)
        guard found.category == .report || found.category == .detail,
          pass(cursor..<start, lines: found.newlines, in: bytes)
        else { return .other }
        end = bytes.lineEnd(of: key)
        line += found.newlines
        prefix = self.prefix(at: start, before: end, in: bytes)
        kill = prefix.flatMap { KillLine.start(of: bytes.extracting($0.message..<end)) }
        isDetail = found.category == .detail
      }
      guard end < bytes.count else { return isAtEnd ? .other : .unfinished }
      guard let prefix, isNext(prefix) else { return .other }
      let message = bytes.extracting(prefix.message..<end)
      guard isPlain(message) else { return .other }
      cursor = end + 1
      if isDetail {
        guard event.readDetail(message, at: prefix.message) else { return .other }
      } else if let kill, kill.isKilled {
        guard isNear(prefix, to: choiceMicros) else { return .other }
        let place = PlainEvent.Place(start: start, end: end, prefix: prefix)
        guard event.readKill(message, kill, at: place, line: line, in: bytes) else {
          return .other
        }
        return readTail(bytes, isAtEnd: isAtEnd, at: base, format)
      } else {
        guard readChoice(message, kill, at: prefix.message) else { return .other }
        choiceMicros = prefix.micros
      }
      line += 1
    }
  }

  private mutating func readChoice(
    _ message: Span<UInt8>, _ kill: KillLine.Start?, at offset: Int
  ) -> Bool {
    guard let kill else { return event.readDecision(message, at: offset) }
    return event.readIntent(message, kill)
  }

  /// What a line with a key word turned out to be.
  private enum Step {
    case kill, choice
    /// None that fits those before it.
    case contradiction
  }

  /// Reads the next line if it is a key line that holds nothing odd: of a short report each one is, so
  /// that neither its end nor a word need be searched for. Nil where it is another one.
  private mutating func readKeyLine(_ bytes: Span<UInt8>) -> Step? {
    let start = cursor
    guard let prefix = repeated(at: start, in: bytes) else { return nil }
    let offset = prefix.message
    guard let kill = KillLine.start(of: bytes.extracting(offset..<bytes.count)) else {
      guard let (choice, end) = DecisionLine.plainChoice(bytes, at: offset, &printed),
        bytes.byte(at: end) == .newline
      else { return nil }
      return isNext(prefix) && event.take(choice, at: 0) ? passed(prefix, end) : .contradiction
    }
    let pid = offset + kill.pid
    guard kill.isKilled else {
      guard let (chosen, score, end) = KillLine.plainIntent(bytes, pidAt: pid, &printed),
        bytes.byte(at: end) == .newline
      else { return nil }
      return isNext(prefix) && event.take(kill, pid: chosen, score)
        ? passed(prefix, end) : .contradiction
    }
    guard let (fields, end) = KillLine.plainFields(bytes, pidAt: pid, &printed),
      bytes.byte(at: end) == .newline
    else { return nil }
    guard isNear(prefix, to: choiceMicros) else { return .contradiction }
    cursor = end + 1
    let place = PlainEvent.Place(start: start, end: end, prefix: prefix)
    return event.take(fields, kill, at: 0, of: place, line: line, in: bytes)
      ? .kill : .contradiction
  }

  /// Whether no clock shows that lines are lost before one, and a report may begin among them.
  private mutating func isNext(_ prefix: PrefixShape.Line) -> Bool {
    isNear(prefix)
      || !event.isHead && !event.first.prefix.moment.isLeap(to: prefix.moment)
  }

  private mutating func passed(_ prefix: PrefixShape.Line, _ end: Int) -> Step {
    choiceMicros = prefix.micros
    cursor = end + 1
    line += 1
    return .choice
  }

  /// Whether a line is one to which the search for key words would lead by its message's own words;
  /// `kill` is what of a kill line stands in it.
  private func isKey(
    _ prefix: PrefixShape.Line?, _ kill: KillLine.Start?, before end: Int, in bytes: Span<UInt8>
  ) -> Bool {
    guard let prefix else { return false }
    return kill != nil || DecisionLine.isDecision(bytes.extracting(prefix.message..<end))
  }

  /// Passes lines without a key word; false where one of them may matter.
  private mutating func pass(_ range: Range<Int>, lines: Int, in bytes: Span<UInt8>) -> Bool {
    guard !range.isEmpty else { return true }
    // Behind the choice the kernel kills at once. A line without prefix may be the rest of the line
    // before.
    guard !event.hasChoice,
      prefix(at: range.lowerBound, before: bytes.lineEnd(of: range.lowerBound), in: bytes) != nil
    else { return false }
    hasUnread = true
    var offset = range.lowerBound
    while event.isHead, offset < range.upperBound {
      let end = bytes.lineEnd(of: offset)
      guard let line = prefix(at: offset, before: end, in: bytes), isNear(line) else {
        return false
      }
      event.isHead = !ReportReading.beginsSection(bytes, at: line.message)
      offset = end + 1
    }
    return isUnbroken(range, lines: lines, in: bytes)
  }

  /// Whether no run of lines is so long that the report would be taken to have ended in it: rows of
  /// the task table are looked for in the middle of each.
  private mutating func isUnbroken(_ range: Range<Int>, lines: Int, in bytes: Span<UInt8>) -> Bool {
    guard lines > ReportReading.patience.open else { return true }
    let middle = bytes.lineStart(
      of: range.lowerBound + range.count / 2, floor: range.lowerBound)
    let end = bytes.lineEnd(of: middle)
    guard middle > range.lowerBound, end + 1 < range.upperBound,
      let line = prefix(at: middle, before: end, in: bytes),
      bytes.extracting(line.message..<end).isTaskRow
    else { return false }
    let before = bytes.newlines(in: range.lowerBound..<middle)
    return isUnbroken(range.lowerBound..<middle, lines: before, in: bytes)
      && isUnbroken(end + 1..<range.upperBound, lines: lines - before - 1, in: bytes)
  }

  /// A line behind the kill.
  private enum Follower {
    /// Of the event's host, its message where the bytes have it, with what its clocks show.
    case own(Range<Int>, PrefixShape.Line.Moment)
    /// Of another host, or of a program.
    case others
    /// Perhaps the rest of a line.
    case unclear
  }

  /// Reads what follows the kill: the event is plain once it is sure that nothing more of it comes.
  private mutating func readTail(
    _ bytes: Span<UInt8>, isAtEnd: Bool, at base: Int, _ format: LogFormat
  ) -> Answer {
    var number = line
    var patience = OpenReport.aftermath.own
    var moment = event.last.prefix.moment
    while patience > 0 {
      guard cursor < bytes.count else { return isAtEnd ? .event : .unfinished }
      if expectNext(at: cursor, in: bytes, base) { return .event }
      let end = bytes.lineEnd(of: cursor)
      guard end < bytes.count || isAtEnd else { return .unfinished }
      number += 1
      // Each event among them looks at them again.
      guard number - line <= Self.longestTail else { return .other }
      switch follower(cursor..<end, in: bytes, format) {
      case .unclear: return .other
      case .others: break
      case .own(let place, let time):
        let message = bytes.extracting(place)
        guard isPlain(message), !message.isFigure else { return .other }
        if event.isHead, moment.isLeap(to: time) {
          // One of the lines that were not read may have ended the head.
          return hasUnread ? .other : .event
        }
        if InvokedLine.start(of: message) != nil { return .event }
        if ReaperLine.isReaped(message, pid: event.outline.pid) {
          // A key line of another host between the two begins an event inside of this one.
          let between = min(event.last.end + 1, cursor)..<cursor
          guard end < bytes.count,
            bytes.nextKey(Self.words, from: between.lowerBound, to: cursor).offset == nil
          else { return .other }
          event.takeReaper(endingAt: end, line: number)
          moment = time
        } else {
          guard !Lines.mayFollowKill(message), !message.starts(with: "Linux version ") else {
            return .other
          }
        }
        patience -= 1
      }
      cursor = end + 1
    }
    return .event
  }

  /// Whether the next event of the host begins at a place, in a line that holds nothing odd; then
  /// that is remembered.
  private mutating func expectNext(at start: Int, in bytes: Span<UInt8>, _ base: Int) -> Bool {
    guard let prefix = repeated(at: start, in: bytes),
      let (comm, order, end) = readRequest(at: prefix.message, in: bytes, base),
      // Behind printk's stamp nothing of a prefix begins with a word that such a line begins with.
      shape.hasUptime || shape.endsPrefix(prefix, in: bytes, before: end)
    else { return false }
    let place = PlainEvent.Place(start: start, end: end, prefix: prefix)
    next = Beginning(place: place, comm: comm, order: order, base: base)
    return true
  }

  /// Reads a first line that holds nothing odd; nil where another one stands at an offset.
  private mutating func readRequest(
    at offset: Int, in bytes: Span<UInt8>, _ base: Int
  ) -> (comm: Range<Int>, order: Int64?, end: Int)? {
    if let name = InvokedLine.plainName.read(bytes, at: offset, &printed),
      let (end, order) = requests.find(at: name, in: bytes, from: base)
    {
      return (offset..<name, order, end)
    }
    guard let (comm, request, end) = InvokedLine.plainRequest(bytes, at: offset, &printed),
      bytes.byte(at: end) == .newline
    else { return nil }
    requests.add(comm.upperBound..<end, order: request.order, from: base)
    return (comm, request.order, end)
  }

  private mutating func follower(
    _ line: Range<Int>, in bytes: Span<UInt8>, _ format: LogFormat
  ) -> Follower {
    if let next = shape.read(
      bytes, at: line.lowerBound, before: line.upperBound, near: event.first.prefix,
      at: event.first.start),
      shape.endsPrefix(next, in: bytes, before: line.upperBound)
    {
      guard event.isOwn(next.host, in: bytes) else { return .others }
      return .own(next.message..<line.upperBound, next.moment)
    }
    let record = format.record(at: line.lowerBound, in: bytes)
    guard !record.isCut, !record.isBare, record.end == min(line.upperBound + 1, bytes.count),
      !bytes.extracting(record.message).isFigure
    else { return .unclear }
    guard record.origin != .program, event.isOwn(record.host, in: bytes) else { return .others }
    // As on the next day: the shape has the date.
    guard record.carrier == shape.carrier, record.encoding == shape.encoding,
      record.message.upperBound == line.upperBound
    else { return .unclear }
    let uptime = record.stamp.uptimeMicros
    guard !event.isHead || uptime != nil else { return .unclear }
    return .own(record.message, PrefixShape.Line.Moment(uptime: uptime, day: 0))
  }

}

extension Span where Element == UInt8 {
  /// Whether this is a row of a task table: a pid in brackets, seven numbers at least, and a name.
  fileprivate var isTaskRow: Bool {
    guard byte(at: 0) == .openBracket else { return false }
    var cursor = skippingBlanks(from: 1)
    guard integer(at: &cursor) != nil else { return false }
    cursor = skippingBlanks(from: cursor)
    guard byte(at: cursor) == .closeBracket else { return false }
    cursor += 1
    var numbers = 0
    while true {
      var next = skippingBlanks(from: cursor)
      guard integer(at: &next) != nil, byte(at: next) == .space else { break }
      numbers += 1
      cursor = next
    }
    return numbers >= 7 && cursor < count
  }
}
