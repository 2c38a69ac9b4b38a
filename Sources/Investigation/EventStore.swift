package import KernelLog
internal import OOMReports

/// The events of a session in about 150 bytes each, names apart.
///
/// A million events fit on a laptop; what `show` needs beyond this is read again from the input.
package struct EventStore: Sendable {
  private(set) var records = Pieces<Record>()
  private(set) var names = NameTable()
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
    if !anchors.isEmpty { event.time = time(at: index) }
    event.otherPlaces = otherPlaces[index] ?? []
    if event.killCount == 0 { event.chosen = chosen[index] }
    if event.killCount > 1 { event.otherVictims = otherVictims[index] ?? [] }
    return event
  }

  /// Adds an event, and gives it the next number.
  package mutating func append(_ event: Event) {
    if !event.otherVictims.isEmpty {
      otherVictims[records.count] = event.otherVictims
      for victim in event.otherVictims { _ = names.id(of: victim.comm) }
    }
    if let choice = event.chosen { chosen[records.count] = choice }
    records.append(Record(event, &names))
  }

  /// Adds an event of another store as one of an input, and gives it the next number; `ids` are what
  /// the other store's names are here (`take`).
  mutating func append(
    _ index: Int, of other: EventStore, input: Int, _ ids: [NameTable.ID]
  ) {
    let record = other.records[index].moved(to: input, ids)
    if record.killCount == 0 { chosen[records.count] = other.chosen[index] }
    if record.killCount > 1, let victims = other.otherVictims[index] {
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
  }

  /// A hash of an event's kill line; nil where nothing was killed.
  func fingerprint(at index: Int) -> UInt64? { records[index].knownFingerprint }

  /// The name of an event's first victim.
  func victimName(at index: Int) -> LogText? { records[index].victimName(names) }

  /// Gives an event the time that another log knows of it.
  mutating func setTime(_ time: LogTime, at index: Int) {
    records[index].setTime(time)
  }

  /// Puts a more complete report of an event in its place.
  mutating func replace(_ event: Event, at index: Int) {
    otherVictims[index] = event.otherVictims.isEmpty ? nil : event.otherVictims
    chosen[index] = event.chosen
    records[index] = Record(event, &names)
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
    for index in 0..<records.count {
      let record = records[index]
      if record.host != host { (host, times) = (record.host, clocks.times(of: names[record.host])) }
      let offset = start + record.lastByte
      records[index].setTime(times.time(of: record.time, at: offset))
      records[index].setSegment(times.segment(at: offset))
      records[index].isBootShown = times.isBootShown(at: offset)
    }
  }

  /// What orders and filters look at, without the rest of the event.
  package func time(at index: Int) -> LogTime {
    let time = records[index].time
    guard !anchors.isEmpty, let anchor = anchors[stretch(of: index)] else { return time }
    return anchor.time(of: time)
  }

  /// The boot of an event, without the rest of it.
  package func boot(at index: Int) -> Boot {
    Boot(input: Int(records[index].input), number: Int(records[index].boot))
  }

  /// The processes killed in an event, without the rest of it.
  package func killCount(at index: Int) -> Int { Int(records[index].killCount) }

  /// One event, its names as numbers and its missing figures as the smallest value.
  struct Record: Sendable {
    private var uptime: Int64
    private var wall: Int64
    private var error: Int64
    private let byteStart: Int64
    private let byteCount: UInt32
    private let firstLine: UInt32
    private let lineCount: UInt32
    private let fingerprint: UInt64
    let uid: Int64
    let totalVM: Int64
    let anonRSS: Int64
    let fileRSS: Int64
    let shmemRSS: Int64
    private let pageTables: Int64
    private(set) var host: NameTable.ID
    private(set) var invoker: NameTable.ID
    private(set) var comm: NameTable.ID
    private(set) var limitPath: NameTable.ID
    private(set) var taskPath: NameTable.ID
    let pid: Int32
    let score: Int32
    private let victimLine: UInt32
    private(set) var input: UInt16
    let boot: UInt16
    private(set) var segment: UInt16
    var isBootShown = false
    let killCount: UInt16
    private let scoreAdj: Int16
    private let order: Int8
    private var basis: LogTime.Basis
    let status: OOMReport.Status
    private let outcome: OOMReport.Outcome
    let trigger: OOMReport.Trigger
    let constraint: Constraint?

    init(_ event: Event, _ names: inout NameTable) {
      let victim = event.victim
      uptime = event.time.uptimeMicros ?? .missing
      wall = event.time.wallMicros ?? .missing
      error = event.time.errorMicros ?? .missing
      basis = event.time.basis
      byteStart = Int64(event.byteRange.lowerBound)
      byteCount = UInt32(clamping: event.byteRange.count)
      firstLine = UInt32(clamping: event.firstLine)
      lineCount = UInt32(clamping: event.lastLine - event.firstLine)
      fingerprint = event.fingerprint ?? 0
      uid = victim?.uid ?? .missing
      totalVM = victim?.totalVM?.count ?? .missing
      anonRSS = victim?.anonRSS?.count ?? .missing
      fileRSS = victim?.fileRSS?.count ?? .missing
      shmemRSS = victim?.shmemRSS?.count ?? .missing
      pageTables = victim?.pageTables?.count ?? .missing
      host = names.id(of: event.host)
      invoker = names.id(of: event.invoker)
      comm = names.id(of: victim?.comm)
      limitPath = names.id(of: event.limitPath)
      taskPath = names.id(of: event.taskPath)
      pid = Int32(clamping: victim?.pid ?? .missing)
      score = Int32(clamping: victim?.score ?? .missing)
      victimLine = UInt32(clamping: victim?.line ?? 0)
      input = UInt16(clamping: event.input)
      boot = UInt16(clamping: event.boot)
      segment = UInt16(clamping: event.segment)
      isBootShown = event.isBootShown
      killCount = UInt16(clamping: event.killCount)
      scoreAdj = Int16(clamping: victim?.oomScoreAdj ?? .missing)
      order = Int8(clamping: event.order ?? .missing)
      status = event.status
      outcome = event.outcome
      trigger = event.trigger
      constraint = event.constraint
    }

    /// The same event as one of an input of another store, where its names have other numbers.
    func moved(to input: Int, _ ids: [NameTable.ID]) -> Record {
      var record = self
      record.input = UInt16(clamping: input)
      func moved(_ id: NameTable.ID) -> NameTable.ID { id == NameTable.none ? id : ids[Int(id)] }
      record.host = moved(host)
      record.invoker = moved(invoker)
      record.comm = moved(comm)
      record.limitPath = moved(limitPath)
      record.taskPath = moved(taskPath)
      return record
    }

    var knownFingerprint: UInt64? { fingerprint == 0 ? nil : fingerprint }

    func victimName(_ names: NameTable) -> LogText? { pid.known == nil ? nil : names[comm] }

    mutating func setTime(_ time: LogTime) {
      uptime = time.uptimeMicros ?? .missing
      wall = time.wallMicros ?? .missing
      error = time.errorMicros ?? .missing
      basis = time.basis
    }

    mutating func setSegment(_ number: Int) { segment = UInt16(clamping: number) }

    /// Where its last byte is in its source, at the latest.
    var lastByte: Int { Int(byteStart) + max(Int(byteCount), 1) - 1 }

    var time: LogTime {
      LogTime(
        uptimeMicros: uptime.known, wallMicros: wall.known, errorMicros: error.known, basis: basis)
    }

    func event(number: Int, _ names: NameTable) -> Event {
      let start = Int(byteStart)
      var event = Event(
        number: number, time: time, status: status, outcome: outcome, trigger: trigger,
        constraint: constraint, order: order.known.map(Int64.init), host: names[host],
        invoker: names[invoker], victim: victim(names), killCount: Int(killCount),
        limitPath: names[limitPath], taskPath: names[taskPath], input: Int(input), boot: Int(boot),
        byteRange: start..<start + Int(byteCount),
        fingerprint: knownFingerprint, firstLine: Int(firstLine),
        lastLine: Int(firstLine) + Int(lineCount))
      event.segment = Int(segment)
      event.isBootShown = isBootShown
      return event
    }

    private func victim(_ names: NameTable) -> Victim? {
      guard let pid = pid.known, let name = names[comm] else { return nil }
      var victim = Victim(pid: Int64(pid), comm: name, line: Int(victimLine))
      victim.uid = uid.known
      victim.oomScoreAdj = scoreAdj.known.map(Int64.init)
      victim.score = score.known.map(Int64.init)
      victim.totalVM = totalVM.known.map(Bytes.init)
      victim.anonRSS = anonRSS.known.map(Bytes.init)
      victim.fileRSS = fileRSS.known.map(Bytes.init)
      victim.shmemRSS = shmemRSS.known.map(Bytes.init)
      victim.pageTables = pageTables.known.map(Bytes.init)
      return victim
    }
  }
}

/// Part of a host's log in which uptime and wall clock stand in one relation.
private struct Stretch: Hashable, Sendable {
  let input: UInt16
  let host: NameTable.ID
  let segment: UInt16
}

extension FixedWidthInteger {
  /// What stands for a missing figure; no figure that the kernel prints reaches it.
  fileprivate static var missing: Self { .min }

  var known: Self? { self == .min ? nil : self }
}

/// Names, each kept once.
struct NameTable: Sendable {
  typealias ID = UInt32

  private var texts: [LogText] = []
  private var ids: [LogText: ID] = [:]

  /// Stands for no name.
  static let none = ID.max

  /// How many there are; ids are counted from 0.
  var count: Int { texts.count }

  /// The number of a name that is in the table.
  func known(_ text: LogText) -> ID { ids[text] ?? Self.none }

  subscript(id: ID) -> LogText? { id == Self.none ? nil : texts[Int(id)] }

  /// Takes another table's names over: what the number of each one is here.
  mutating func take(_ other: NameTable) -> [ID] { other.texts.map { id(of: $0) } }

  mutating func id(of text: LogText?) -> ID {
    guard let text else { return Self.none }
    if let known = ids[text] { return known }
    let id = ID(texts.count)
    texts.append(text)
    ids[text] = id
    return id
  }
}
