internal import KernelLog
internal import OOMReports

extension EventStore {
  /// One event, its names as numbers, its sizes in kB as the kernel prints them, and its missing
  /// figures as the one value that no figure has. The wide members come first: each byte of padding
  /// would come a million times.
  struct Record: Sendable {
    private var uptime: Int64
    private var wall: Int64
    private let byteStart: Int64
    private let fingerprint: UInt64
    private let byteCount: UInt32
    private let firstLine: UInt32
    private let lineCount: UInt32
    private let victimLine: UInt32
    private var error: ShortFigure
    let uid: ShortFigure
    let totalVM: ShortFigure
    let anonRSS: ShortFigure
    let fileRSS: ShortFigure
    let shmemRSS: ShortFigure
    private let pageTables: ShortFigure
    var host: NameTable.ID
    private(set) var invoker: NameTable.ID
    private(set) var comm: NameTable.ID
    private(set) var limitPath: NameTable.ID
    private(set) var taskPath: NameTable.ID
    let score: ShortFigure
    let pid: Int32
    private(set) var input: UInt16
    let boot: UInt16
    private(set) var segment: UInt16
    private let scoreAdj: Int16
    private let order: Int8
    let kills: Kills
    var isBootShown = false
    private var basis: LogTime.Basis
    let status: OOMReport.Status
    private let outcome: OOMReport.Outcome
    let trigger: OOMReport.Trigger
    let constraint: Constraint?

    /// How many processes were killed, as far as a record tells: the further victims of a group are
    /// kept elsewhere.
    enum Kills: UInt8 {
      case none, one, several

      init(_ count: Int) { self = count > 1 ? .several : count == 1 ? .one : .none }
    }

    init(_ event: Event, _ names: inout NameTable) {
      let victim = event.victim
      uptime = event.time.uptimeMicros ?? .missing
      wall = event.time.wallMicros ?? .missing
      error = ShortFigure(event.time.errorMicros)
      basis = event.time.basis
      byteStart = Int64(event.byteRange.lowerBound)
      byteCount = UInt32(clamping: event.byteRange.count)
      firstLine = UInt32(clamping: event.firstLine)
      lineCount = UInt32(clamping: event.lastLine - event.firstLine)
      fingerprint = event.fingerprint ?? 0
      uid = ShortFigure(victim?.uid)
      totalVM = ShortFigure(victim?.totalVM)
      anonRSS = ShortFigure(victim?.anonRSS)
      fileRSS = ShortFigure(victim?.fileRSS)
      shmemRSS = ShortFigure(victim?.shmemRSS)
      pageTables = ShortFigure(victim?.pageTables)
      host = names.id(of: event.host)
      invoker = names.id(of: event.invoker)
      comm = names.id(of: victim?.comm)
      limitPath = names.id(of: event.limitPath)
      taskPath = names.id(of: event.taskPath)
      pid = Int32(clamping: victim?.pid ?? .missing)
      score = ShortFigure(victim?.score)
      victimLine = UInt32(clamping: victim?.line ?? 0)
      input = UInt16(clamping: event.input)
      boot = UInt16(clamping: event.boot)
      segment = UInt16(clamping: event.segment)
      isBootShown = event.isBootShown
      kills = Kills(event.killCount)
      scoreAdj = Int16(clamping: victim?.oomScoreAdj ?? .missing)
      order = Int8(clamping: event.order ?? .missing)
      status = event.status
      outcome = event.outcome
      trigger = event.trigger
      constraint = event.constraint
    }

    /// See `EventStore.append(_:_:at:linesBefore:input:)`; the names are likely those of the event
    /// before.
    init(
      _ outline: ReportOutline, _ bytes: Span<UInt8>, at start: Int, linesBefore: Int, input: Int,
      behind last: Record?, _ names: inout NameTable
    ) {
      uptime = outline.time.uptimeMicros ?? .missing
      wall = outline.time.wallMicros ?? .missing
      error = ShortFigure(outline.time.errorMicros)
      basis = outline.time.basis
      byteStart = Int64(start)
      byteCount = UInt32(clamping: bytes.count)
      firstLine = UInt32(clamping: outline.firstLine - linesBefore)
      lineCount = UInt32(clamping: outline.lastLine - outline.firstLine)
      fingerprint = outline.fingerprint
      uid = ShortFigure(outline.uid)
      totalVM = ShortFigure(outline.totalVM)
      anonRSS = ShortFigure(outline.anonRSS)
      fileRSS = ShortFigure(outline.fileRSS)
      shmemRSS = ShortFigure(outline.shmemRSS)
      pageTables = ShortFigure(outline.pageTables)
      let none = NameTable.none
      host = names.id(of: outline.host, in: bytes, likely: last?.host ?? none)
      invoker = names.id(of: outline.invoker, in: bytes, likely: last?.invoker ?? none)
      comm = names.id(of: outline.comm, in: bytes, likely: invoker)
      limitPath = names.id(of: outline.limitPath, in: bytes, likely: last?.limitPath ?? none)
      taskPath = names.id(of: outline.taskPath, in: bytes, likely: last?.taskPath ?? none)
      pid = Int32(clamping: outline.pid)
      score = ShortFigure(outline.score)
      victimLine = UInt32(clamping: outline.victimLine)
      self.input = UInt16(clamping: input)
      boot = UInt16(clamping: outline.boot)
      segment = 0
      kills = .one
      scoreAdj = Int16(clamping: outline.oomScoreAdj ?? .missing)
      order = Int8(clamping: outline.order ?? .missing)
      status = .complete
      outcome = .killed
      trigger = outline.trigger
      constraint = outline.constraint
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

    /// Whether a figure of the victim did not fit, so that the store has it elsewhere.
    var isVictimElsewhere: Bool {
      pid == .max || uid.isElsewhere || score.isElsewhere || totalVM.isElsewhere
        || anonRSS.isElsewhere || fileRSS.isElsewhere
        || shmemRSS.isElsewhere || pageTables.isElsewhere
    }

    /// Whether the error of the time did not fit.
    var isErrorElsewhere: Bool { error.isElsewhere }

    var knownFingerprint: UInt64? { fingerprint == 0 ? nil : fingerprint }

    var isCutOff: Bool { knownFingerprint == nil && outcome.needsKillLine }

    func victimName(_ names: NameTable) -> LogText? { pid.known == nil ? nil : names[comm] }

    /// Gives the event another time, and the segment of its clock where that is known anew.
    mutating func setTime(_ time: LogTime, in segment: Int?) {
      uptime = time.uptimeMicros ?? .missing
      wall = time.wallMicros ?? .missing
      error = ShortFigure(time.errorMicros)
      basis = time.basis
      if let segment { self.segment = UInt16(clamping: segment) }
    }

    /// Where its last byte is in its source, at the latest.
    var lastByte: Int { Int(byteStart) + max(Int(byteCount), 1) - 1 }

    var wallMicros: Int64? { wall.known }

    var uptimeMicros: Int64? { uptime.known }

    var time: LogTime {
      LogTime(
        uptimeMicros: uptime.known, wallMicros: wall.known, errorMicros: error.value, basis: basis)
    }

    func event(number: Int, _ names: NameTable) -> Event {
      let start = Int(byteStart)
      var event = Event(
        number: number, time: time, status: status, outcome: outcome, trigger: trigger,
        constraint: constraint, order: order.known.map(Int64.init), host: names[host],
        invoker: names[invoker], victim: victim(names), killCount: kills == .none ? 0 : 1,
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
      victim.uid = uid.value
      victim.oomScoreAdj = scoreAdj.known.map(Int64.init)
      victim.score = score.value
      victim.totalVM = totalVM.bytes
      victim.anonRSS = anonRSS.bytes
      victim.fileRSS = fileRSS.bytes
      victim.shmemRSS = shmemRSS.bytes
      victim.pageTables = pageTables.bytes
      victim.fingerprint = knownFingerprint
      return victim
    }
  }
}

/// A figure in four bytes: nearly all fit.
struct ShortFigure: Sendable {
  private let bits: UInt32

  private static let missing = UInt32.max
  private static let elsewhere = UInt32.max - 1

  init(_ value: Int64?) {
    guard let value else {
      bits = Self.missing
      return
    }
    bits = (0..<Int64(Self.elsewhere)).contains(value) ? UInt32(value) : Self.elsewhere
  }

  /// A size as the kernel prints it, in kB.
  init(_ size: Bytes?) {
    self.init(size.map { $0.count % 1024 == 0 ? $0.count / 1024 : -1 })
  }

  /// Whether the figure did not fit.
  var isElsewhere: Bool { bits == Self.elsewhere }
  var value: Int64? { bits >= Self.elsewhere ? nil : Int64(bits) }
  var bytes: Bytes? { value.map { Bytes($0 * 1024) } }
}

extension FixedWidthInteger {
  /// What stands for a missing figure; no figure that the kernel prints reaches it.
  fileprivate static var missing: Self { .min }

  var known: Self? { self == .min ? nil : self }
}
