/// How the boots of one host's log begin, which tells a boot from a copy of another one's lines.
///
/// Whoever saves the ring buffer twice has each line twice, the kernel's banner included: in both
/// copies the same stamps follow it, to the microsecond. No two boots have those.
struct BootBeginnings: Sendable {
  fileprivate enum Beginning: Sendable {
    /// The journal names another boot than before.
    case id
    /// The kernel's banner, and the first stamps above 0 behind it.
    case banner([Int64])
  }

  private var beginnings: [Int: Beginning] = [:]
  /// The boot whose first stamps are being noted.
  private var open: Int?

  /// So many stamps are enough, and fewer say nothing.
  private static let most = 8, least = 4
  /// While they are of the kernel's start: later ones may be of the lines that are compared.
  private static let earlyMicros: Int64 = 10_000_000
  /// More than a year of daily boots.
  private static let mostBoots = 1024

  /// Whether more of the lines behind the banner would tell more.
  var isOpen: Bool { open != nil }

  mutating func noteID(of boot: Int) { begin(boot, .id) }

  mutating func noteBanner(of boot: Int) {
    if case .id = beginnings[boot] { return }
    begin(boot, .banner([]))
    open = boot
  }

  private mutating func begin(_ boot: Int, _ beginning: Beginning) {
    guard beginnings.count < Self.mostBoots else { return }
    open = nil
    beginnings[boot] = beginning
  }

  /// Notes the stamp of the next line.
  mutating func note(_ uptime: Int64) {
    guard let boot = open, case .banner(var stamps) = beginnings[boot], uptime != 0,
      stamps.last != uptime
    else { return }
    guard uptime < Self.earlyMicros, stamps.count < Self.most else {
      open = nil
      return
    }
    stamps.append(uptime)
    beginnings[boot] = .banner(stamps)
  }

  mutating func remove(_ boot: Int) {
    beginnings[boot] = nil
    open = nil
  }

  /// Whether a boot is shown to be another one than those before it.
  func isShown(_ boot: Int) -> Bool {
    switch beginnings[boot] {
    case .id: true
    case .banner(let stamps):
      stamps.count < Self.least || !beginnings.contains { $0.key < boot && $0.value.has(stamps) }
    case nil: false
    }
  }
}

extension BootBeginnings.Beginning {
  fileprivate func has(_ stamps: [Int64]) -> Bool {
    guard case .banner(let own) = self else { return false }
    return own == stamps
  }
}
