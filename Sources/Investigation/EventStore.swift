package import KernelLog
package import OOMReports

/// The events of a session in 120 bytes each, names apart.
///
/// A million events fit on a laptop; what `show` needs beyond this is read again from the input.
package struct EventStore: Sendable {
  private(set) var records = Pieces<Record>()
  private(set) var names = NameTable()
  /// What does not fit into a record, which is rare, by the index of its event: the figures of its
  /// first victim, and the error of its time.
  private var exactVictims: [Int: Victim] = [:]
  private var exactErrors: [Int: Int64] = [:]
  /// The further victims of group kills, which are rare, by the index of their event.
  private(set) var otherVictims: [Int: [Victim]] = [:]
  /// What was chosen in events whose kill is not in the log, which are rare too.
  private var chosen: [Int: Event.Chosen] = [:]
  /// Where else an event was seen, for those that several logs hold.
  private var otherPlaces: [Int: [Event.Place]] = [:]
  /// What the user says of the clock of a stretch of some host's log.
  private var anchors: [Stretch: UserAnchor] = [:]

  package init(_ events: [Event] = []) {
    for event in events { append(event) }
  }

  package var count: Int { records.count }

  /// The event at an index, which is its number less one.
  package subscript(index: Int) -> Event {
    var event = records[index].event(number: index + 1, names)
    event.time = time(at: index)
    if records[index].isVictimElsewhere { event.victim = exactVictims[index] ?? event.victim }
    event.otherPlaces = otherPlaces[index] ?? []
    if event.killCount == 0 { event.chosen = chosen[index] }
    event.otherVictims = furtherVictims(at: index)
    event.killCount += event.otherVictims.count
    return event
  }

  /// Adds an event, and gives it the next number.
  package mutating func append(_ event: Event) {
    if !event.otherVictims.isEmpty {
      otherVictims[records.count] = event.otherVictims
      for victim in event.otherVictims { _ = names.id(of: victim.comm) }
    }
    if let choice = event.chosen { chosen[records.count] = choice }
    let record = Record(event, &names)
    keep(event, beside: record, at: records.count)
    records.append(record)
  }

  /// Adds what an outline shows of an event, and gives it the next number. The bytes are the
  /// report's own and begin at an offset of the input; `linesBefore` lines of the source are others'.
  package mutating func append(
    _ outline: ReportOutline, _ bytes: Span<UInt8>, at start: Int, linesBefore: Int, input: Int
  ) {
    let record = Record(
      outline, bytes, at: start, linesBefore: linesBefore, input: input, behind: records.last,
      &names)
    if record.isVictimElsewhere || record.isErrorElsewhere {
      let range = start..<start + outline.byteRange.count
      let event = Event(OOMReport(outline, in: bytes), input: input, boot: 0, byteRange: range)
      keep(event, beside: record, at: records.count)
    }
    records.append(record)
  }

  private mutating func keep(_ event: Event, beside record: Record, at index: Int) {
    if record.isVictimElsewhere { exactVictims[index] = event.victim }
    if record.isErrorElsewhere { exactErrors[index] = event.time.errorMicros }
  }

  /// Adds an event of another store as one of an input, and gives it the next number; `ids` are what
  /// the other store's names are here (`take`).
  mutating func append(
    _ index: Int, of other: EventStore, input: Int, _ ids: [NameTable.ID]
  ) {
    let record = other.records[index].moved(to: input, ids)
    if record.isVictimElsewhere { exactVictims[records.count] = other.exactVictims[index] }
    if record.isErrorElsewhere { exactErrors[records.count] = other.exactErrors[index] }
    if record.kills == .none { chosen[records.count] = other.chosen[index] }
    let victims = other.furtherVictims(at: index)
    if !victims.isEmpty {
      otherVictims[records.count] = victims
      for victim in victims { _ = names.id(of: victim.comm) }
    }
    records.append(record)
  }

  /// Takes another store's names over: what the number of each one is here.
  mutating func take(namesOf other: EventStore) -> [NameTable.ID] { names.take(other.names) }

  /// Forgets the events from an index on.
  mutating func removeAll(from index: Int) {
    records.removeAll(from: index)
    otherVictims = otherVictims.filter { $0.key < index }
    chosen = chosen.filter { $0.key < index }
    otherPlaces = otherPlaces.filter { $0.key < index }
    exactVictims = exactVictims.filter { $0.key < index }
    exactErrors = exactErrors.filter { $0.key < index }
  }

  /// A hash of an event's kill line; nil where nothing was killed.
  func fingerprint(at index: Int) -> UInt64? { records[index].knownFingerprint }

  /// Whether some carrier may write the name of an event's first victim in its own way.
  func hasOddName(at index: Int) -> Bool {
    names.hasOdd && records[index].victimName(names)?.isOdd == true
  }

  /// Gives an event the time that another log knows of it.
  mutating func setTime(_ time: LogTime, at index: Int) {
    records[index].setTime(time, in: nil)
    if records[index].isErrorElsewhere { exactErrors[index] = time.errorMicros }
  }

  /// Takes those of an event's further victims away that are events of their own.
  mutating func removeVictims(_ pids: Set<Int64>, at index: Int) {
    otherVictims[index]?.removeAll { pids.contains($0.pid) }
  }

  /// Gives an event the host that another log names.
  mutating func setHost(_ host: LogText, at index: Int) {
    records[index].host = names.id(of: host)
  }

  /// Puts a more complete report of an event in its place.
  mutating func replace(_ event: Event, at index: Int) {
    otherVictims[index] = event.otherVictims.isEmpty ? nil : event.otherVictims
    chosen[index] = event.chosen
    records[index] = Record(event, &names)
    keep(event, beside: records[index], at: index)
  }

  /// Notes that an event was seen elsewhere too. A few places are enough: the same lines may stand
  /// in a log a thousand times.
  mutating func addPlace(_ place: Event.Place, at index: Int) {
    guard otherPlaces[index, default: []].count < 16 else { return }
    otherPlaces[index, default: []].append(place)
  }

  /// Sets the clock of an event's stretch by what the event's time was; returns whether its log has
  /// uptimes to count from.
  mutating func anchor(_ index: Int, uptime: Int64, wall: Int64) {
    anchors[stretch(of: index)] = UserAnchor(uptime: uptime, wall: wall)
  }

  mutating func removeAnchors() { anchors = [:] }

  var hasAnchors: Bool { !anchors.isEmpty }

  /// Whether two events are of one stretch, in which one anchor holds.
  func shareClock(_ first: Int, _ second: Int) -> Bool { stretch(of: first) == stretch(of: second) }

  private func stretch(of index: Int) -> Stretch {
    let record = records[index]
    return Stretch(input: record.input, host: record.host, segment: record.segment)
  }

  /// Gives every event of one source the time and place that the whole source makes known.
  package mutating func settle(_ clocks: SourceClocks, from start: Int = 0) {
    var (host, times) = (NameTable.none, clocks.times(of: nil))
    var others: [NameTable.ID: SourceClocks.HostTimes] = [:]
    var errors: [Int: Int64] = [:]
    records.update { [names, exactErrors] index, record in
      if record.host != host {
        others[host] = times
        host = record.host
        times = others[host] ?? clocks.times(of: names[host])
      }
      let offset = start + record.lastByte
      var time = record.time
      if record.isErrorElsewhere { time.errorMicros = exactErrors[index] }
      let segment = times.segment(at: offset)
      record.setTime(times.time(of: time, at: offset), in: segment.number)
      record.isBootShown = segment.isBootShown
      if record.isErrorElsewhere {
        errors[index] = times.time(of: time, at: offset).errorMicros
      }
    }
    exactErrors = errors
  }

  /// What orders and filters look at, without the rest of the event.
  package func time(at index: Int) -> LogTime {
    var time = records[index].time
    if records[index].isErrorElsewhere { time.errorMicros = exactErrors[index] }
    guard !anchors.isEmpty, let anchor = anchors[stretch(of: index)] else { return time }
    return anchor.time(of: time)
  }

  /// The wall-clock time of an event alone.
  package func wallMicros(at index: Int) -> Int64? {
    anchors.isEmpty ? records[index].wallMicros : time(at: index).wallMicros
  }

  /// The uptime at which an event was logged.
  func uptimeMicros(at index: Int) -> Int64? { records[index].uptimeMicros }

  /// A figure of an event's first victim, which its record may not have; `figure` takes it from what
  /// was kept beside.
  func figure(
    _ short: ShortFigure, at index: Int, _ figure: (Victim) -> Int64?
  ) -> Int64? {
    short.isElsewhere ? exactVictims[index].flatMap(figure) : short.value
  }

  /// A size of an event's first victim in bytes, likewise.
  func size(_ short: ShortFigure, at index: Int, _ size: (Victim) -> Bytes?) -> Int64? {
    short.isElsewhere ? exactVictims[index].flatMap(size)?.count : short.bytes?.count
  }

  /// The input of an event, without the rest of it.
  func input(at index: Int) -> Int { Int(records[index].input) }

  /// The boot of an event, without the rest of it.
  package func boot(at index: Int) -> Boot {
    Boot(input: Int(records[index].input), number: Int(records[index].boot))
  }

  /// Whether the log may hold a part of an event alone, without the rest of it.
  func isCutOff(at index: Int) -> Bool { records[index].isCutOff }

  /// Whether the log holds nothing of an event but its kill lines, without the rest of it.
  func isKillOnly(at index: Int) -> Bool { records[index].status == .killOnly }

  /// Whether several processes were killed in an event, without the rest of it.
  func isGroup(at index: Int) -> Bool { records[index].kills == .several }

  /// The processes killed in an event, without the rest of it.
  package func killCount(at index: Int) -> Int {
    switch records[index].kills {
    case .none: 0
    case .one: 1
    case .several: 1 + furtherVictims(at: index).count
    }
  }
}

/// Part of a host's log in which uptime and wall clock stand in one relation.
private struct Stretch: Hashable, Sendable {
  let input: UInt16
  let host: NameTable.ID
  let segment: UInt16
}
