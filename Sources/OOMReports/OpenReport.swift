internal import KernelLog

/// An event of which the scan has seen a key line, and whose end it has not reached.
struct OpenReport: Sendable {
  /// A key line, and where it stands.
  struct Key: Sendable {
    let line: KeyLine
    let place: Place
  }

  /// Where a record stands in the source, and what its prefix says.
  struct Place: Sendable {
    /// The source's offsets of its first byte and behind its last.
    let range: Range<Int>
    /// The 1-based line.
    let line: Int
    let host: LogText?
    /// When the kernel logged it, by the kernel's own clock; a daemon's may be minutes late.
    let kernelMicros: Int64?
    /// A hash of the message.
    let fingerprint: UInt64
    /// The record itself, its offsets being the source's.
    let record: LogRecord
  }

  let host: LogText?
  /// The source's offset of its first byte.
  let start: Int
  let firstLine: Int
  private(set) var keys: [Key] = []
  /// Whether every line with a key word so far was a key line, so that nothing of it is damaged.
  private(set) var isOrderly = true
  /// How many records may still follow the event's end: its host's kernel's, and anybody's.
  private var patience: (own: Int, all: Int)?
  private var isCutOff = false

  /// What follows a kill is little, but may come late, among the lines of others.
  static let aftermath = (own: 40, all: 400)

  /// A chosen process is killed at once; on the slowest console the two lines are not further
  /// apart.
  private static let longestDecision: Int64 = 10_000_000

  /// A group's first member is killed once more right behind its kill: what comes later is another
  /// kill of a process that does not die.
  private static let longestEcho: Int64 = 1_000_000

  init(host: LogText?, start: Int, firstLine: Int) {
    self.host = host
    self.start = start
    self.firstLine = firstLine
  }

  /// Whether the kernel has killed or given up.
  var hasEnded: Bool { patience != nil }

  /// Whether nothing of it can come any more.
  var isOver: Bool { isCutOff || patience.map { $0.own <= 0 || $0.all <= 0 } ?? false }

  /// Notes that its host has booted.
  mutating func cutOff() { isCutOff = true }

  /// Counts a record that was looked at behind the event's end.
  ///
  /// - Parameter isOwn: Whether it is the kernel's, on the event's host.
  mutating func pass(isOwn: Bool) {
    guard let left = patience else { return }
    patience = (left.own - (isOwn ? 1 : 0), left.all - 1)
  }

  /// Whether a key line belongs to this event, and does not begin another.
  func takes(_ key: Key) -> Bool {
    guard !isOfOtherBoot(key) else { return false }
    return switch key.line {
    case .invoked: isRepeat(key)
    case .decision, .intent:
      hasEnded ? isLateChoice(key) : !keys.contains { $0.line.isRival(of: key.line) }
    // Without a new report, more kills are one event only where the kernel says so: as a group,
    // or the same process once more.
    case .killed(let pid):
      hasVictim ? isGroupKill || isVictim(pid) && isEcho(key) : isSoon(key)
    case .group, .panic: true
    }
  }

  /// Whether a line behind the event's end is none of it: since each of its lines, every clock that
  /// both print has gone on too far; of one line alone, the stamp may be torn.
  func isLongBefore(_ key: Key) -> Bool {
    // Of a process that is killed again and again for days, the last lines are enough.
    hasEnded
      && keys.suffix(8).allSatisfy {
        Self.isFurther(than: Self.longestDecision, from: $0.place, to: key.place)
      }
  }

  /// Whether a kill of a known victim comes as soon as the kernel repeats one.
  private func isEcho(_ key: Key) -> Bool {
    guard let last = keys.last else { return false }
    return !Self.isFurther(than: Self.longestEcho, from: last.place, to: key.place)
  }

  /// Whether every clock that two lines print has gone on for longer. Where only one prints the
  /// kernel's, the other's time may be a daemon's.
  private static func isFurther(
    than limit: Int64, from last: Place, to next: Place
  ) -> Bool {
    let wall = last.record.stamp.wallDistance(to: next.record.stamp)
    switch (last.kernelMicros, next.kernelMicros) {
    case (let then?, let uptime?): return abs(uptime - then) > limit && wall ?? .max > limit
    case (nil, nil): return wall ?? 0 > limit
    default: return false
    }
  }

  /// Whether a journal names another boot for a key line than for the last one.
  private func isOfOtherBoot(_ key: Key) -> Bool {
    guard let last = keys.last?.place.record.stamp.bootID, let id = key.place.record.stamp.bootID
    else { return false }
    return id != last
  }

  /// Notes that a line with a key word could not be read as a key line.
  mutating func doubt() {
    if !hasEnded { isOrderly = false }
  }

  mutating func add(_ key: Key) {
    // A report has about three.
    if keys.isEmpty { keys.reserveCapacity(4) }
    keys.append(key)
    switch key.line {
    case .invoked, .decision, .intent: break
    case .killed, .group, .panic: patience = Self.aftermath
    }
  }

  /// Whether the clock leaps between two of its lines, where lines may be lost, and a report begin.
  var hasLeap: Bool {
    zip(keys, keys.dropFirst()).contains {
      $0.place.record.stamp.isLeap(to: $1.place.record.stamp)
    }
  }

  /// Whether anything was killed.
  var hasVictim: Bool { keys.contains { if case .killed = $0.line { true } else { false } } }

  private func isVictim(_ pid: Int64) -> Bool { keys.contains { $0.line == .killed(pid: pid) } }

  /// The kernel says that it kills a group, and kills the group's first member once more; that is
  /// all a console shows of it that prints errors only.
  private var isGroupKill: Bool {
    keys.contains { key in
      guard case .killed = key.line else { return key.line == .group }
      return keys.contains {
        $0.line == key.line && $0.place.kernelMicros != key.place.kernelMicros
      }
    }
  }

  /// Whether the clocks allow a kill to be that of the choice before it.
  private func isSoon(_ key: Key) -> Bool {
    guard let last = keys.last, last.line != .invoked else { return true }
    guard let before = last.place.kernelMicros, let now = key.place.kernelMicros else {
      return !last.place.record.stamp.isDelay(to: key.place.record.stamp)
    }
    // The stamp of the last one alone may be damaged.
    return now - before <= Self.longestDecision
      || keys.contains { abs(now - ($0.place.kernelMicros ?? .min / 2)) <= Self.longestDecision }
  }

  /// Whether a line that chooses a process belongs to the kill right before it: a daemon wrote the
  /// two the wrong way round.
  private func isLateChoice(_ key: Key) -> Bool {
    guard let last = keys.last, case .killed = last.line,
      last.place.range.upperBound == key.place.range.lowerBound,
      !keys.contains(where: { $0.line.isSameKind(as: key.line) }),
      !last.place.record.stamp.isDelay(to: key.place.record.stamp)
    else { return false }
    if let then = last.place.kernelMicros, let now = key.place.kernelMicros, now != then {
      return (0...Self.longestDecision).contains(then - now)
    }
    return key.line.isChoice(of: last.line)
  }

  /// Whether a line is the report's first once more, as where two daemons write one file.
  private func isRepeat(_ key: Key) -> Bool {
    guard keys.count == 1, let first = keys.first, first.line == .invoked else { return false }
    return first.place.range.upperBound == key.place.range.lowerBound
      && first.place.fingerprint == key.place.fingerprint
      && first.place.kernelMicros == key.place.kernelMicros
  }
}

extension KeyLine {
  /// Whether both say whom the kernel chooses, in the same words.
  fileprivate func isSameKind(as other: KeyLine) -> Bool {
    switch (self, other) {
    case (.decision, .decision), (.intent, .intent): true
    default: false
    }
  }

  /// Whether the line chooses the process that another one kills.
  fileprivate func isChoice(of kill: KeyLine) -> Bool {
    switch (self, kill) {
    case (.decision(let pid), .killed(let victim)): pid == victim
    case (.intent(let pid), .killed(let victim)): pid == victim
    default: false
    }
  }

  /// Whether two lines of one kind speak of different processes, which one event never does.
  fileprivate func isRival(of other: KeyLine) -> Bool {
    switch (self, other) {
    case (.decision(let pid), .decision(let otherPID)): pid == nil || pid != otherPID
    case (.intent(let pid), .intent(let otherPID)): pid != otherPID
    default: false
    }
  }
}
