/// The boots of one host, and what ties each of them to the wall clock, found line by line.
struct ClockTrack: Sendable {
  private var segments = [ClockSegment(start: 0, boot: 0, cut: nil)]
  /// The source's offset of the last line that was noted.
  private(set) var lastOffset = -1
  /// The stamp before the last boot, which began with one that went back and nothing else.
  private var doubt: Int64?
  /// Whether the last segment has seen a line.
  private var isBegun = false
  /// Counted from 0.
  private(set) var lastBoot = 0
  /// What tells a boot from a copy of its lines.
  private(set) var beginnings = BootBeginnings()

  /// How far back a stamp may go within one boot, since processors print out of order.
  private static let slackMicros: Int64 = 1_000_000
  /// More than a log of a year of daily sleep has.
  private static let mostSegments = 4096
  /// How far audit lines may differ before the clock was set in between.
  private static let stepMicros: Int64 = 2_000_000

  /// Notes a line, and the time that its prefix prints; of a line before the last, only its header.
  mutating func observe(_ line: ClockSighting, _ time: LogTime) {
    guard line.offset > lastOffset else {
      guard let uptime = line.stamp.uptimeMicros else { return }
      segments[segment(at: line.offset)].note(
        time, uptime, precision: line.stamp.precisionMicros, read: line.stamp.unixMicros)
      return
    }
    lastOffset = line.offset
    if let uptime = line.stamp.uptimeMicros, let before = doubt {
      takeBack(before, uptime)
      doubt = nil
    }
    if begins(line) {
      let isAdded = segments.count < Self.mostSegments
      let isNamed = line.stamp.bootID != nil && segments.last?.bootID != nil
      let isSure = line.isBanner || line.stamp.bootID != nil
      doubt = isAdded && !isSure ? segments.last?.uptime : nil
      lastBoot += 1
      append(ClockSegment(start: line.offset, boot: lastBoot, cut: nil))
      if isNamed { beginnings.noteID(of: lastBoot) }
    } else if let cut = cut(line) {
      append(ClockSegment(start: line.offset, boot: lastBoot, cut: cut))
    }
    isBegun = true
    if line.isBanner { beginnings.noteBanner(of: lastBoot) }
    if let uptime = line.stamp.uptimeMicros { beginnings.note(uptime) }
    let last = segments.count - 1
    if let id = line.stamp.bootID { segments[last].bootID = id }
    guard let uptime = line.stamp.uptimeMicros else { return }
    segments[last].uptime = uptime
    segments[last].note(
      time, uptime, precision: line.stamp.precisionMicros, read: line.stamp.unixMicros)
    switch line.mark {
    case .audit(let wall): segments[last].add(audit: wall, at: uptime)
    case .rtc(let wall): segments[last].add(clock: wall, at: uptime)
    case .boot, .cut, nil: break
    }
  }

  /// Notes a line behind the last one whose stamp goes on from that one's, and which says nothing
  /// else of clocks; false where there is more to note.
  mutating func observe(
    next time: LogTime, precision: Int64, at offset: Int
  ) -> Bool {
    let last = segments.count - 1
    guard offset > lastOffset, isBegun, doubt == nil, !beginnings.isOpen,
      let uptime = time.uptimeMicros, let before = segments[last].uptime,
      uptime >= before - Self.slackMicros
    else { return false }
    lastOffset = offset
    segments[last].uptime = uptime
    segments[last].note(time, uptime, precision: precision, read: nil)
    return true
  }

  /// Whether a line is of another boot than the one before it.
  private func begins(_ line: ClockSighting) -> Bool {
    guard isBegun else { return false }
    if let id = line.stamp.bootID, let known = segments.last?.bootID { return id != known }
    guard let uptime = line.stamp.uptimeMicros, let before = segments.last?.uptime else {
      return line.isBanner
    }
    return uptime < before - Self.slackMicros
  }

  /// Takes a boot back whose only line was out of order: the next one goes on where the boot before
  /// it had come to. Kernels print a line or two with the stamp 0 while they look for a clock.
  private mutating func takeBack(_ before: Int64, _ uptime: Int64) {
    let expected = before - Self.slackMicros...before + 10 * Self.slackMicros
    guard segments.count > 1, expected.contains(uptime) else { return }
    segments.removeLast()
    beginnings.remove(lastBoot)
    lastBoot -= 1
  }

  private func cut(_ line: ClockSighting) -> ClockCut? {
    switch line.mark {
    case .cut(let cut): return cut
    case .audit(let wall):
      guard let uptime = line.stamp.uptimeMicros, let last = segments.last else { return nil }
      let step = last.step(audit: wall, at: uptime)
      let drift = ClockDrift.micros(over: uptime)
      return step.magnitude > Self.stepMicros + drift ? .step : nil
    case .boot, .rtc, nil: return nil
    }
  }

  private mutating func append(_ segment: ClockSegment) {
    guard segments.count < Self.mostSegments else { return }
    var segment = segment
    if segment.cut != nil { segment.bootID = segments.last?.bootID }
    segments.append(segment)
  }

  /// The segment that a line is in.
  func segment(at offset: Int) -> Int {
    let last = segments.count - 1
    // Most logs have one, and while a log is read all that is asked about is in its last one.
    if segments.span[last].start <= offset { return last }
    return max(segments.firstIndex(notBefore: Int64(offset) + 1) { Int64($0.start) } - 1, 0)
  }

  /// Where the lines of a segment stand.
  func offsets(of segment: Int) -> Range<Int> {
    segments[segment].start..<(segment + 1 < segments.count ? segments[segment + 1].start : .max)
  }

  /// The boot that a line is of.
  func boot(at offset: Int) -> Int { segments[segment(at: offset)].boot }

  /// Whether the boot that a line is of is no copy of one before it.
  func isBootShown(at offset: Int) -> Bool { beginnings.isShown(boot(at: offset)) }

  /// What all that is known of a line's segment makes of the time that its prefix prints.
  func time(of printed: LogTime, at offset: Int) -> LogTime {
    guard let uptime = printed.uptimeMicros, printed.basis != .live else { return printed }
    // A span lends the segment; the array would copy it.
    return segments.span[segment(at: offset)].time(of: printed, uptime)
  }

  /// The offsets of a line's segment, and the pace at which the times of lines around one hold as
  /// they are printed.
  func steadyPace(
    of wall: Int64, _ uptime: Int64, at offset: Int
  ) -> (offsets: Range<Int>, pace: HeaderEnvelope.SteadyPace)? {
    let own = segment(at: offset)
    return segments[own].steadyPace(of: wall, uptime).map { (offsets(of: own), $0) }
  }

  /// Whether the stamp of a line counts from the last boot as the clocks of the machine do at the
  /// end of the log: printk's stands still in a suspend, and behind whatever else cuts a boot the wall
  /// clock is another one.
  func countsFromLastBoot(at offset: Int) -> Bool {
    let own = segment(at: offset)
    return segments[own].boot == lastBoot
      && segments.indices.allSatisfy { index in
        let segment = segments[index]
        return segment.boot != lastBoot || segment.cut == nil
          || (segment.cut == .suspend) == (index > own)
      }
  }

  /// Whether what ties a line's segment to the wall clock allows that its stamp means a moment.
  func allows(_ wall: Int64, _ printed: LogTime, at offset: Int) -> Bool {
    guard let uptime = printed.uptimeMicros else { return true }
    return segments[segment(at: offset)].allows(wall, at: uptime)
  }

  /// Where anchors contradict each other.
  var conflicts: [ClockConflict] {
    var conflicts: [ClockConflict] = []
    for (index, segment) in segments.enumerated() {
      if let conflict = segment.conflict { conflicts.append(conflict) }
      guard index > 0, segment.cut == .fork || segment.cut == .step,
        let uptime = segments[index - 1].uptime,
        let before = segments[index - 1].estimates(at: uptime).first,
        let behind = segment.estimates(at: uptime).first
      else { continue }
      let micros = before.disagreement(with: behind)
      guard micros > ClockConflict.least else { continue }
      conflicts.append(
        ClockConflict(micros: micros, kept: behind.basis, other: before.basis, cut: segment.cut))
    }
    return conflicts
  }
}

/// Two anchors of one boot that cannot both be right.
package struct ClockConflict: Sendable, Equatable {
  /// How far they are apart, beyond what each may be wrong.
  package let micros: Int64
  /// What times rest on, and what contradicts it.
  package let kept: LogTime.Basis
  package let other: LogTime.Basis
  /// What the kernel says happened between the two.
  package let cut: ClockCut?

  /// What is less is not worth a word.
  package static let least: Int64 = 2_000_000

  package init(micros: Int64, kept: LogTime.Basis, other: LogTime.Basis, cut: ClockCut?) {
    self.micros = micros
    self.kept = kept
    self.other = other
    self.cut = cut
  }
}
