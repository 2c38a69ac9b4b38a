import Testing

@testable import KernelLog

/// What tells a boot from a copy of another one's lines.
@Suite struct BootBeginningsTests {
  private static func beginnings(_ boots: [[Int64]]) -> BootBeginnings {
    var beginnings = BootBeginnings()
    for (boot, stamps) in boots.enumerated() {
      beginnings.noteBanner(of: boot)
      for stamp in [0, 0] + stamps { beginnings.note(stamp) }
    }
    return beginnings
  }

  @Test func copiesHaveTheSameStamps() {
    let stamps: [Int64] = [4, 900, 1200, 1200, 70_000, 5_000_000, 36_000_000]
    let beginnings = Self.beginnings([stamps, stamps, [4, 901, 1200, 70_000], stamps])
    #expect((0..<5).map { beginnings.isShown($0) } == [true, false, true, false, false])
  }

  /// Stamps that come later may be those of the reports that are compared.
  @Test func withoutEarlyStampsTheBannerIsEnough() {
    let beginnings = Self.beginnings([[36_000_000, 36_000_001], [36_000_000, 36_000_001]])
    #expect(beginnings.isShown(1))
  }

  @Test func anotherIDIsAnotherBoot() {
    var beginnings = BootBeginnings()
    beginnings.noteID(of: 1)
    beginnings.noteBanner(of: 1)
    #expect(beginnings.isShown(1))
    beginnings.remove(1)
    #expect(!beginnings.isShown(1))
  }
}
