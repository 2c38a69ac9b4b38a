/// A stretch of one boot in which the stamps stand to the wall clock in one way, but for drift.
struct ClockSegment: Sendable {
  /// The source's offset at which it begins.
  let start: Int
  /// Counted from 0 for the host.
  let boot: Int
  /// Why it is not the segment before it; nil where a boot begins.
  let cut: ClockCut?
  /// The boot that a journal names.
  var bootID: UInt64?
  /// The last stamp seen.
  var uptime: Int64?
  var headers = HeaderEnvelope()
  /// How the headers are printed: with a zone, or with one that is assumed.
  var headerBasis = LogTime.Basis.header
  private var pairs = AnchorList()
  private var audits = AnchorList()
  private var clocks = AnchorList()

  init(start: Int, boot: Int, cut: ClockCut?) {
    self.start = start
    self.boot = boot
    self.cut = cut
  }

  /// Until the clock is set from the network, audit lines print what the battery clock said.
  private static let earlyMicros: Int64 = 30_000_000

  /// How late an audit line may be logged.
  private static let auditDelay: Int64 = 1_000_000

  mutating func add(pair wall: Int64, at uptime: Int64) {
    pairs.add(wall: wall, uptime: uptime)
  }

  mutating func add(audit wall: Int64, at uptime: Int64) {
    if uptime < Self.earlyMicros {
      clocks.add(wall: wall, uptime: uptime)
    } else {
      audits.add(wall: wall, uptime: uptime)
    }
  }

  mutating func add(clock wall: Int64, at uptime: Int64) {
    clocks.add(wall: wall, uptime: uptime)
  }

  /// By how much an audit line shows the wall clock to have been set since the one before.
  func step(audit wall: Int64, at uptime: Int64) -> Int64 {
    guard let last = audits.last ?? clocks.last else { return 0 }
    return (wall - uptime) - (last.wall - last.uptime)
  }

  /// Whether anything but headers ties it to the wall clock.
  var hasAnchors: Bool { pairs.last != nil || audits.last != nil || clocks.last != nil }

  /// What the anchors say of an uptime, the most trusted first. The headers are not among them.
  func estimates(at uptime: Int64) -> [ClockEstimate] {
    var estimates: [ClockEstimate] = []
    if let anchor = pairs.nearest(to: uptime) {
      // How far the two clocks are apart where they are compared is not known either.
      estimates.append(
        ClockEstimate(
          anchor, at: uptime, error: 100_000 + ClockDrift.micros(over: anchor.uptime),
          .journal))
    }
    if let anchor = audits.nearest(to: uptime) {
      estimates.append(ClockEstimate(anchor, at: uptime, error: Self.auditDelay, .audit))
    }
    if let anchor = clocks.nearest(to: uptime) {
      estimates.append(ClockEstimate(anchor, at: uptime, error: Self.auditDelay, .batteryClock))
    }
    return estimates
  }
}

/// What one kind of anchor says of a moment.
struct ClockEstimate: Sendable {
  let wall: Int64
  let error: Int64
  let basis: LogTime.Basis

  init(wall: Int64, error: Int64, basis: LogTime.Basis) {
    self.wall = wall
    self.error = error
    self.basis = basis
  }

  fileprivate init(
    _ anchor: AnchorList.Anchor, at uptime: Int64, error: Int64, _ basis: LogTime.Basis
  ) {
    let distance = uptime - anchor.uptime
    self.init(
      wall: anchor.wall + distance, error: error + ClockDrift.micros(over: distance), basis: basis)
  }

  /// How far two estimates are apart beyond what both of them may be wrong.
  func disagreement(with other: ClockEstimate) -> Int64 {
    max(abs(wall - other.wall) - error - other.error, 0)
  }
}

/// Moments of printk's clock whose wall-clock time is known, thinned where they are many.
private struct AnchorList: Sendable {
  struct Anchor: Sendable {
    let wall: Int64
    let uptime: Int64
  }

  private var anchors: [Anchor] = []
  /// An anchor in less than this distance from the last one says nothing new.
  private var pace: Int64 = 1_000_000
  private static let most = 256

  var last: Anchor? { anchors.last }

  mutating func add(wall: Int64, uptime: Int64) {
    if let last = anchors.last, abs(uptime - last.uptime) < pace { return }
    let place = anchors.firstIndex(notBefore: uptime) { $0.uptime }
    anchors.insert(Anchor(wall: wall, uptime: uptime), at: place)
    guard anchors.count > Self.most else { return }
    pace *= 2
    anchors = anchors.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
  }

  func nearest(to uptime: Int64) -> Anchor? {
    let place = anchors.firstIndex(notBefore: uptime) { $0.uptime }
    let before = place > 0 ? anchors[place - 1] : nil
    guard place < anchors.count else { return before }
    guard let before else { return anchors[place] }
    return uptime - before.uptime < anchors[place].uptime - uptime ? before : anchors[place]
  }
}
