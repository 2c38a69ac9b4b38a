internal import KernelLog
internal import OOMReports

/// Whether two reports with the same kill line are one kill that several logs hold.
///
/// The text of a kill line is the same in every form of a log; what comes before it is not: one form
/// prints the uptime, another the wall clock, a third the host. Whatever both of them print must
/// agree.
enum Sameness {
  /// How late a daemon may stamp a line: it was started, or resumed, long after the kernel wrote.
  private static let lateness: Int64 = 30 * 60 * 1_000_000

  private static let second: Int64 = 1_000_000

  /// How far apart the wall-clock times of two reports of one kill can be at most, in two logs and in
  /// one.
  static let reach = furthestZone + lateness
  static let reachInOneLog = second

  /// Whether they are; `isOneLog` says that one log has both, be it in two files of a rotated one.
  static func holds(_ known: Event, _ other: Event, isOneLog: Bool) -> Bool {
    if let host = known.host, let otherHost = other.host, !mayBeOne(host, otherHost) {
      return false
    }
    if isOneLog, areOfTwoBoots(known, other) { return false }
    let (time, otherTime) = (known.time, other.time)
    let hasSizes = known.victim?.totalVM != nil
    if let uptime = time.uptimeMicros, let otherUptime = otherTime.uptimeMicros {
      let reach = reachOfUptimes(
        isOneLine: known.fingerprint == other.fingerprint,
        isKillOnly: known.status == .killOnly || other.status == .killOnly)
      return abs(uptime - otherUptime) <= reach && !areApart(known, other, isOneLog: isOneLog)
    }
    if let wall = time.wallMicros, let otherWall = otherTime.wallMicros {
      // One daemon is not late for one copy of a line and prompt for another.
      let isLate = hasSizes && !isOneLog
      let apart = abs(wall - otherWall)
      return apart <= (isLate ? lateness : second) || isLate && mayBeOne(time, otherTime, apart)
    }
    // Only the text is left. Within one log the same line twice is two kills; between two, its
    // sizes are as good as a stamp, and without sizes nothing is.
    return !isOneLog && hasSizes
  }

  /// How long the kernel prints a report on the slowest console.
  static let longestReport = 60 * second

  /// How far apart the uptimes of two kill lines of one event can be: a log that holds kill lines alone
  /// does not show that the kernel killed a group, whose first member is killed once more.
  static func reachOfUptimes(isOneLine: Bool, isKillOnly: Bool) -> Int64 {
    isKillOnly ? isOneLine ? longestEcho : longestGroup : 0
  }

  static let longestEcho = second
  private static let longestGroup = 10 * second

  /// Whether a log that has an event at a time has it at another time once more, and no other one: as
  /// where two daemons write one file.
  static func isAgain(_ time: LogTime, _ event: Event) -> Bool {
    let again = event.time
    if let uptime = time.uptimeMicros, let other = again.uptimeMicros {
      return abs(uptime - other)
        <= reachOfUptimes(isOneLine: true, isKillOnly: event.status == .killOnly)
    }
    guard let wall = time.wallMicros, let other = again.wallMicros else { return false }
    return abs(wall - other) <= second
  }

  /// Whether an event of which one log holds no whole kill line is one that another log holds, if this
  /// is the next one there; nil where their hosts or clocks tell that it is not the next, or cannot
  /// tell.
  static func isPart(_ cut: Event, of whole: Event) -> Bool? {
    guard cut.isCutOff, !whole.isCutOff,
      cut.host.flatMap({ host in whole.host.map { mayBeOne(host, $0) } }) ?? true
    else { return nil }
    let (time, end) = (cut.time, whole.time)
    let wall = time.wallMicros.flatMap { begin in end.wallMicros.map { $0 - begin } }
    if let begin = time.uptimeMicros, let end = end.uptimeMicros {
      guard (0...longestReport).contains(end - begin), wall.map({ abs($0) <= lateness }) ?? true
      else { return nil }
    } else if let wall {
      guard (-second...longestReport).contains(wall) else { return nil }
    } else {
      return nil
    }
    // A part without its beginning is known by the process alone, and is to hold nothing more.
    guard let invoker = cut.invoker else {
      return cut.firstPID != nil && cut.firstPID == whole.firstPID
        && isMoreComplete(whole, than: cut)
    }
    return whole.status == .complete && whole.invoker == invoker && whole.order == cut.order
      && (cut.firstPID == nil || cut.firstPID == whole.firstPID)
  }

  /// Whether two times may be one by clocks that are apart: the zone of one log is not known, or
  /// dmesg summed up its times, which leave out how long the machine slept.
  private static func mayBeOne(_ time: LogTime, _ other: LogTime, _ apart: Int64) -> Bool {
    let bases = [time.basis, other.basis]
    guard apart <= furthestZone else { return false }
    let converted: [LogTime.Basis] = [.converted, .convertedInZone, .convertedZoneAssumed]
    if bases.contains(where: converted.contains) || isReadLate(time, other) { return true }
    return bases.contains(where: \.assumesZone) && isNearOffset(apart)
  }

  /// Whether a daemon wrote the later of two times as late as other lines show the earlier one's to
  /// have written it.
  private static func isReadLate(_ time: LogTime, _ other: LogTime) -> Bool {
    let (early, late) =
      time.wallMicros ?? .min <= other.wallMicros ?? .min ? (time, other) : (other, time)
    return [.header, .headerZoneAssumed].contains(early.basis) && late.uptimeMicros == nil
  }

  /// Whether a distance is about that of two zones, or none.
  private static func isNearOffset(_ apart: Int64) -> Bool {
    let rest = apart % halfHour
    return min(rest, halfHour - rest) <= zoneSlack
  }

  /// Whether two times of one event are as far apart as zones are, one of which is only assumed.
  private static func showsWrongZone(_ known: LogTime, _ other: LogTime) -> Bool {
    guard known.basis.assumesZone != other.basis.assumesZone,
      let wall = known.wallMicros, let otherWall = other.wallMicros
    else { return false }
    let apart = abs(wall - otherWall)
    return apart > halfHour / 2 && apart <= furthestZone && isNearOffset(apart)
  }

  private static let halfHour: Int64 = 1_800 * second
  private static let furthestZone: Int64 = 14 * 3_600 * second
  /// How late a daemon may be beside an offset.
  private static let zoneSlack: Int64 = 60 * second

  /// Whether two names may be those of one machine: one log has its domain too.
  private static func mayBeOne(_ host: LogText, _ other: LogText) -> Bool {
    let (short, long) = host.bytes.count < other.bytes.count ? (host, other) : (other, host)
    // The beginning of an address is no name.
    return short == long
      || long.bytes.starts(with: short.bytes + [.dot]) && !short.bytes.contains(.dot)
        && short.bytes.contains { $0.isLetter }
  }

  /// Whether two events of one log stand in what its lines show to be two boots.
  private static func areOfTwoBoots(_ known: Event, _ other: Event) -> Bool {
    guard known.host == other.host, known.boot != other.boot,
      !isCopy(known.time, other.time)
    else { return false }
    return (known.boot > other.boot ? known : other).isBootShown
  }

  /// Whether a boot's line is one of the boot before, which was saved twice: no boot goes on at the time
  /// of another one.
  private static func isCopy(_ known: LogTime, _ other: LogTime) -> Bool {
    guard let wall = known.wallMicros, let otherWall = other.wallMicros else { return false }
    return known.uptimeMicros == other.uptimeMicros && abs(wall - otherWall) <= second
      && known.basis == other.basis && known.basis.trust != .none
  }

  /// Whether two events with one stamp are of two machines, such as clones of one, or of two boots:
  /// their sure wall-clock times are hours apart, and no host says that it is the same, or their log
  /// has a new boot between them.
  private static func areApart(_ known: Event, _ other: Event, isOneLog: Bool) -> Bool {
    guard isOneLog ? known.boot != other.boot : known.host == nil || other.host == nil,
      let wall = known.time.wallMicros, let otherWall = other.time.wallMicros,
      let error = known.time.errorMicros, let otherError = other.time.errorMicros
    else { return false }
    let isSure = [known.time.basis, other.time.basis].allSatisfy { $0.trust >= .printed }
    return isSure && abs(wall - otherWall) > lateness + error + otherError
  }

  /// Whether a report holds more of an event than another one.
  static func isMoreComplete(_ event: Event, than known: Event) -> Bool {
    // No kill is left out for a longer report. Some carriers leave bytes of a name out; none adds any
    // that is not printable.
    let ranks = [event, known].map {
      [$0.killCount, completeness($0), $0.fingerprint == nil ? 0 : 1, unprintable($0)]
    }
    return ranks[1].lexicographicallyPrecedes(ranks[0])
  }

  private static func unprintable(_ event: Event) -> Int {
    event.victim?.comm.bytes.count { $0 < 0x20 || $0 >= 0x7F } ?? 0
  }

  private static func completeness(_ event: Event) -> Int {
    switch event.status {
    case .complete: 3
    case .headless: 2
    case .truncated: 1
    case .killOnly: 0
    }
  }

  /// Whether two reports of one event are dated by the same line of it.
  static func areOneMoment(_ known: Event, _ other: Event) -> Bool {
    let (uptime, otherUptime) = (known.time.uptimeMicros, other.time.uptimeMicros)
    return known.fingerprint == other.fingerprint && known.isCutOff == other.isCutOff
      && (uptime == nil || otherUptime == nil || uptime == otherUptime)
  }

  /// The time of an event that two logs hold: that of the more complete report where they date it by two
  /// of its lines.
  static func time(of known: Event, _ other: Event) -> LogTime {
    guard !areOneMoment(known, other) else { return better(known.time, other.time) }
    let isMore = isMoreComplete(other, than: known)
    let (time, side) = isMore ? (other.time, known.time) : (known.time, other.time)
    guard time.wallMicros == nil, let wall = side.wallMicros, let then = side.uptimeMicros,
      let uptime = time.uptimeMicros
    else { return time }
    var moved = side
    moved.uptimeMicros = uptime
    moved.wallMicros = wall + (uptime - then)
    return moved
  }

  /// The time of an event that two logs date: the more trusted one, and the smaller error among
  /// equals; the uptime of either. An assumed zone is trusted less than anything else if it may be
  /// what parts them.
  private static func better(_ known: LogTime, _ other: LogTime) -> LogTime {
    var time = known
    let (trust, otherTrust) = (known.basis.trust, other.basis.trust)
    let (error, otherError) = (known.errorMicros ?? .max, other.errorMicros ?? .max)
    let isBetter =
      if showsWrongZone(known, other) {
        known.basis.assumesZone
      } else if isReadLate(known, other) {
        other.wallMicros ?? .max < known.wallMicros ?? .max
      } else {
        trust == otherTrust ? otherError < error : otherTrust > trust
      }
    if other.wallMicros != nil, known.wallMicros == nil || isBetter { time = other }
    time.uptimeMicros = known.uptimeMicros ?? other.uptimeMicros
    return time
  }
}

extension LogTime.Basis {
  /// How far a time of this basis is believed where another one contradicts it.
  fileprivate enum Trust: Int, Comparable {
    case none, weak, assumed, yearAssumed, printed, measured

    static func < (left: Trust, right: Trust) -> Bool { left.rawValue < right.rawValue }
  }

  fileprivate var trust: Trust {
    switch self {
    case .none: .none
    case .batteryClock, .captured, .converted, .convertedInZone, .convertedZoneAssumed: .weak
    case .printedZoneAssumed, .printedYearAssumed, .headerZoneAssumed: .assumed
    case .yearAssumed: .yearAssumed
    case .printed, .printedInZone, .header: .printed
    case .live, .journal, .audit, .user: .measured
    }
  }
}
