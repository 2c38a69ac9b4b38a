internal import Investigation
internal import OOMReports
internal import Presentation

/// What is said of lines that read like a kill, and were not read since nothing shows that the kernel
/// wrote them.
enum StrayKillsNote {
  static func blocks(_ input: Input, in session: Session) -> [Block] {
    guard let first = unknown(input.strayKills, in: session) else { return [] }
    return [.note(.warning, text(input.strayKills.count, first, in: input.name))]
  }

  static func text(_ count: Int, _ first: StrayKills.Stray, in name: String) -> String {
    let (lines, hold, them) =
      count == 1 ? ("1 line", "holds", "it") : ("\(count) lines", "hold", "them")
    return
      "\(lines) of \(Visible.quoted(name)) \(hold) the words of a kill (pid \(first.pid), line "
      + "\(first.line)), but nothing shows that the kernel wrote \(them): not read. If it did, cut "
      + "off what stands before its words"
  }

  /// The first whose process no event names: others are quotes of what was read.
  private static func unknown(_ strays: StrayKills, in session: Session) -> StrayKills.Stray? {
    guard !strays.first.isEmpty else { return nil }
    var killed: Set<Int64> = []
    for number in 1..<session.events.count + 1 {
      killed.formUnion(session.event(number).victims.compactMap(\.pid))
    }
    return strays.first.first { !killed.contains($0.pid) }
  }
}
