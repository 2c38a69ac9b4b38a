/// The difference of two texts, line by line.
enum LineDiff {
  /// The lines of both: ` ` before what is equal, `-` before what went, `+` before what came.
  static func lines(from old: [String], to new: [String]) -> [String] {
    let difference = new.difference(from: old)
    var removed = Set<Int>()
    var added = Set<Int>()
    for change in difference {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): added.insert(offset)
      }
    }
    var lines: [String] = []
    var (oldIndex, newIndex) = (0, 0)
    while oldIndex < old.count || newIndex < new.count {
      if removed.contains(oldIndex) {
        lines.append("-" + old[oldIndex])
        oldIndex += 1
      } else if added.contains(newIndex) {
        lines.append("+" + new[newIndex])
        newIndex += 1
      } else {
        lines.append(" " + old[oldIndex])
        oldIndex += 1
        newIndex += 1
      }
    }
    return lines
  }
}
