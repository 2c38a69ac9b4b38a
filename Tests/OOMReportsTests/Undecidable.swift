import KernelLog
import TestSupport

/// Damage of which nothing in a log tells: the digits that are left of a figure, at the end of a
/// line that the kernel ends with it, and no other line has the figure or bounds it.
enum Undecidable {
  /// What the kernel prints before such a figure, and what the figure is called.
  private static let figures: [(words: StaticString, key: String)] = [
    // Nothing else counts how often a cgroup came to its limit.
    (", failcnt ", ".failcnt"),
    // Rows of memory.stat that are no sizes in whole pages.
    ("slab ", "memcg.stat.slab"), ("pgfault ", "memcg.stat.pgfault"),
    ("workingset_refault_anon ", "memcg.stat.workingset_refault_anon"),
    // Counters that neither nodes nor zones have: of 2.6.18, and slab from 4.14 on.
    (" unstable:", "memory.unstable"), (" pagetables:", "memory.pagetables"),
    (" slab_unreclaimable:", "memory.slab_unreclaimable"),
    ("kernel_misc_reclaimable:", "memory.kernel_misc_reclaimable"),
    // 2.6.9 ends its line with the mask.
    (" oom-killer: gfp_mask=0x", "invocation.gfpMask"), (" mems_allowed=", "cpuset.mems"),
    (", find ", "memory.swapCacheStats"), ("lowmem_reserve[]: ", ".reserve"),
  ]

  /// Whether a wrong figure is the one that a line ends with, or that a cut may leave at its end.
  static func isFigure(_ wrong: String, of line: String) -> Bool {
    let key = String(wrong.prefix { $0 != ":" })
    return figures.contains { line.contains("\($0.words)") && key.hasSuffix($0.key) }
  }
}

extension SampleLog {
  func text(ofLine index: Int) -> String { String(decoding: lines[index].text, as: UTF8.self) }

  /// Whether a cut leaves digits of the line's last figure; of a list, it is one of its figures.
  func isInLastFigure(_ cut: Int, ofLine index: Int) -> Bool {
    let text = lines[index].text
    let list: Set<UInt8> = [.comma, .minus]
    return text[cut - 1].isDigit && text[cut...].allSatisfy { $0.isDigit || list.contains($0) }
  }

  /// Whether nothing tells that a figure is cut: its rest is gone, or has become part of something
  /// that the carrier does not show.
  func isUndecidable(_ damage: Damage, line index: Int) -> Bool {
    guard case .torn(let cut, let rest) = damage else { return false }
    let text = lines[index].text
    let isMask = text.span.first(" oom-killer: gfp_mask=") != nil && text[cut - 1].hexValue != nil
    // 2.6.22 ends a line with a counter that stands in the middle of 2.6.18's.
    let counter = text.span.last(" unstable:", before: cut)
    let isShort = counter.map { text[($0 + 10)..<cut].allSatisfy(\.isDigit) } ?? false
    if isShort { return rest != .bare && rest != .bareLater }
    guard isMask || isInLastFigure(cut, ofLine: index) else { return false }
    switch rest {
    // What stands before a stamp is taken for a console's, and off.
    case .lost, .glued: return true
    // In a journal's entry, a line that names no field is not shown.
    case .bare, .prefixed, .bareLater, .prefixedLater: return isMask || hasFields
    case .overrun, .alone: return false
    }
  }

  /// Whether two lines are destroyed, and neither shows what it was.
  func losesLines(_ damage: Damage, line index: Int) -> Bool {
    guard case .torn(let cut, _) = damage, damage.lineCount == 2 else { return false }
    return cut < lines[index].prefix.count + 8
  }

  /// Whether a row of the task table ends within its last number, and a property of /dev/kmsg stands
  /// behind it as a name would.
  func isTakenForName(_ damage: Damage, line index: Int) -> Bool {
    guard case .torn(_, .overrun) = damage, index + 1 < lines.count else { return false }
    return lines[index + 1].text.starts(with: " SUBSYSTEM=".utf8)
  }

  /// Whether the line tells the form of the whole log: in a journal's export, its first entry does.
  func hidesForm(line index: Int) -> Bool {
    hasFields && index < (lines.firstIndex { $0.text.isEmpty } ?? 0)
  }

  /// Whether each property of a message has a line of its own.
  private var hasFields: Bool { form.name == "journalctl -o export" }

  /// Whether the damage hides which host or clock a line is of, so that the report may come apart.
  func mayPart(_ damage: Damage, line index: Int) -> Bool {
    guard !isClock(index), case .torn(let cut, _) = damage else { return isClock(index) }
    return cut < lines[index].prefix.count
  }

  /// Whether the line is a property of a journal's entry.
  func isClock(_ index: Int) -> Bool {
    hasFields && !lines[index].text.starts(with: "MESSAGE".utf8)
  }

  /// Whether the head of a torn line is long enough to show what it was.
  func mustTell(_ damage: Damage, line index: Int) -> Bool {
    guard case .torn(let cut, let rest) = damage, ![.alone, .overrun, .glued].contains(rest),
      !hasFields, form.carrier != .journalJSON
    else { return false }
    let (prefix, count) = (lines[index].prefix.count, lines[index].text.count)
    return cut > prefix + (count - prefix) / 2 && !isUndecidable(damage, line: index)
  }
}
