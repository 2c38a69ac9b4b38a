internal import OOMReports

/// Checks of Mem-Info against itself.
enum MemoryChecks {
  static let rows = [
    Trust.Row(
      "managed", "zones manage what is not reserved",
      tolerance: "0.1 %: exact since 3.16, while 3.10 to 3.15 count some reserved pages apart",
      managed),
    Trust.Row("present", "zones hold all RAM", present),
    Trust.Row("free", "zones make up free memory", tolerance: slackWords, free),
    Trust.Row("blocks", "free blocks add up to their sum", blocks),
    Trust.Row(
      "buddy", "free blocks make up a zone's free",
      tolerance: "10 %, or 1 MiB: the two are read one after the other", buddy),
    Trust.Row(
      "nodes", "nodes make up the machine's lists", tolerance: slackWords, nodes),
    Trust.Row("swap", "free swap is within all swap", swap),
    Trust.Row("watermarks", "watermarks of a zone rise", watermarks),
    Trust.Row("hugepages", "free huge pages are within all", hugePages),
    Trust.Row("counters", "no counter exceeds RAM", tolerance: "1 % of RAM", counters),
    Trust.Row(
      "ledger", "classes do not exceed RAM", tolerance: "1 % of RAM", ledger),
  ]

  /// Counters of a running machine go on while they are printed.
  private static let slackWords: Sentence =
    "5 %, or 1 MiB: the figures are read one after the other"

  private static func agree(_ left: Bytes, _ right: Bytes, within part: Int64 = 20) -> Bool {
    abs(left.count - right.count) <= max(1 << 20, max(left.count, right.count) / part)
  }

  private enum Tolerance { case exact, thousandth, raced }

  /// Lines of zones and nodes that break off before figures that each of them has.
  static func tornLines(_ memory: MemoryState) -> [Int] {
    let longest = memory.zones.map(\.freeBlocks.count).max() ?? 0
    let zones = memory.zones.filter { $0.counters["present"] == nil }.map(\.line)
    let blocks = memory.zones.filter { $0.freeBlocks.count < longest && $0.buddyLine != nil }
    let nodes = memory.nodes.filter { $0.counters["unevictable"] == nil }.map(\.line)
    return zones + blocks.compactMap(\.buddyLine) + nodes
  }

  /// Whether the zones that are printed need not be all.
  private static func leavesZonesOut(_ scene: Trust.Scene) -> Bool {
    let nodemask = scene.report.invocation?.value.nodemask
    return scene.report.isBoundToNodes || nodemask.map { $0 != "(null)" } ?? false
  }

  /// Compares the sum of a zone's counter with a total.
  private static func compare(
    _ scene: Trust.Scene, _ counter: String, _ total: Bytes, _ lines: [Int],
    tolerance: Tolerance = .exact, mayBeLess: Bool = false
  ) -> Trust.Finding {
    let zones = scene.memory?.zones ?? []
    guard !zones.isEmpty else { return .notPossible("the log holds no zones") }
    let figures = zones.map { $0.counters[counter] }
    guard figures.contains(where: { $0 != nil }) else {
      return .notPossible("this kernel does not print it of its zones")
    }
    let cited = zones.map(\.line) + lines
    guard let sum = Bytes.sum(figures) else { return .notPossible("a zone's line is torn") }
    let words: Sentence = "zones \(sum), total \(total)"
    let isEqual =
      switch tolerance {
      case .exact: sum == total
      case .thousandth: abs(sum.count - total.count) <= total.count / 1000
      case .raced: agree(sum, total)
      }
    if isEqual { return .passed(words, cited) }
    if sum < total, leavesZonesOut(scene) {
      return .notPossible("the report of a bound task leaves out other nodes")
    }
    return sum < total && mayBeLess ? .passed(words, cited) : .failed(words, cited)
  }

  private static let managed: @Sendable (Trust.Scene) -> Trust.Finding = { scene in
    guard let memory = scene.memory, let total = scene.size(memory.managed) else {
      return .notPossible("the log does not hold how much RAM there is")
    }
    guard total.count > 0 else {
      return .failed("all of RAM is reserved", [memory.pagesReserved?.line].compactMap(\.self))
    }
    guard scene.page.proof != .assumed else {
      return .notPossible("nothing in the report tells the page size")
    }
    return compare(
      scene, "managed", total,
      [memory.pagesRAM?.line, memory.pagesReserved?.line].compactMap(\.self),
      tolerance: .thousandth)
  }

  private static let present: @Sendable (Trust.Scene) -> Trust.Finding = { scene in
    guard let ram = scene.memory?.pagesRAM, let total = scene.size(ram.value) else {
      return .notPossible("the log does not hold how much RAM there is")
    }
    switch scene.page.proof {
    case .assumed: return .notPossible("nothing in the report tells the page size")
    case .zonesPresent: return .notPossible("the page size was told from these figures")
    case .buddyLine, .victimRow, .registers, .pageTables, .noLimit: break
    }
    // Kernels before 3.10 count holes as RAM.
    let isOld = !(scene.memory?.zones.contains { $0.counters["managed"] != nil } ?? false)
    return compare(scene, "present", total, [ram.line], mayBeLess: isOld)
  }

  private static let free: @Sendable (Trust.Scene) -> Trust.Finding = { scene in
    guard let free = scene.memory?.counters["free"], let total = scene.size(free.value) else {
      return .notPossible("the log does not hold how much is free")
    }
    return compare(scene, "free", total, [free.line], tolerance: .raced)
  }

  private static let blocks: @Sendable (Trust.Scene) -> Trust.Finding = { scene in
    let all = scene.memory?.zones ?? []
    let longest = all.map(\.freeBlocks.count).max() ?? 0
    let zones = all.filter { $0.freeInBlocks != nil && $0.freeBlocks.count == longest }
    guard !zones.isEmpty else { return .notPossible("the log holds no free blocks") }
    let wrong = zones.filter { zone in
      Bytes.sum(zone.freeBlocks.map { $0.size.times($0.count) }) != zone.freeInBlocks
    }
    guard let first = wrong.first else {
      return .passed("\(zones.count, "zone")", zones.compactMap(\.buddyLine))
    }
    return .failed(
      "zone \(name(first)) prints another sum than its blocks have", wrong.compactMap(\.buddyLine))
  }

  private static let buddy: @Sendable (Trust.Scene) -> Trust.Finding = { scene in
    let zones = (scene.memory?.zones ?? []).compactMap { zone in
      zone.freeInBlocks.flatMap { blocks in
        zone.counters["free"].map { (zone: zone, blocks: blocks, free: $0) }
      }
    }
    guard !zones.isEmpty else { return .notPossible("the log holds no free blocks") }
    let lines = { (zone: ZoneState) in [zone.line] + [zone.buddyLine].compactMap(\.self) }
    guard let wrong = zones.first(where: { !agree($0.blocks, $0.free, within: 10) }) else {
      return .passed("\(zones.count, "zone")", zones.flatMap { lines($0.zone) })
    }
    return .failed(
      "zone \(name(wrong.zone)): \(wrong.free) free, \(wrong.blocks) in blocks", lines(wrong.zone))
  }

  private static func name(_ zone: ZoneState) -> Sentence { Sentence([.text(zone.name)]) }

  private static let nodes: @Sendable (Trust.Scene) -> Trust.Finding = { scene in
    guard let memory = scene.memory, !memory.nodes.isEmpty else {
      return .notPossible("the log holds no nodes, which kernels before 4.8 do not print")
    }
    let lists = ["active_anon", "inactive_anon", "active_file", "inactive_file", "unevictable"]
    guard let total = Bytes.sum(lists.map { scene.size(memory.counters[$0]?.value) }) else {
      return .notPossible("the log has lost some of the machine's lists")
    }
    let cited = memory.nodes.map(\.line) + lists.compactMap { memory.counters[$0]?.line }
    guard let sum = Bytes.sum(memory.nodes.flatMap { node in lists.map { node.counters[$0] } })
    else { return .notPossible("a node's line is torn") }
    let words: Sentence = "nodes \(sum), machine \(total)"
    if agree(sum, total) { return .passed(words, cited) }
    return sum < total && leavesZonesOut(scene)
      ? .notPossible("the report of a bound task leaves out other nodes") : .failed(words, cited)
  }

  private static let swap: @Sendable (Trust.Scene) -> Trust.Finding = { scene in
    guard let total = scene.memory?.totalSwap, let free = scene.memory?.freeSwap else {
      return .notPossible("the log does not hold both figures")
    }
    let words: Sentence = "\(free.value) free of \(total.value)"
    return free.value <= total.value
      ? .passed(words, [free.line, total.line]) : .failed(words, [free.line, total.line])
  }

  private static let ledger: @Sendable (Trust.Scene) -> Trust.Finding = { scene in
    guard let memory = scene.memory, let managed = scene.size(memory.managed), managed.count > 0
    else { return .notPossible("the log does not hold how much RAM there is") }
    let lines = LedgerFigures(memory, scene.page).lines
    guard let sum = Bytes.sum(lines.map { $0.amount ?? Bytes(0) }) else {
      return .failed("a figure is larger than any machine's memory", lines.flatMap(\.lines))
    }
    let words: Sentence = "\(sum) in \(lines.count) classes, of \(managed)"
    return sum.count - managed.count <= managed.count / 100
      ? .passed(words, lines.flatMap(\.lines)) : .failed(words, lines.flatMap(\.lines))
  }

  private static let watermarks: @Sendable (Trust.Scene) -> Trust.Finding = { scene in
    let marks = ["min", "low", "high"]
    let zones = (scene.memory?.zones ?? []).map { zone in
      (zone: zone, marks: marks.compactMap { zone.counters[$0] })
    }.filter { $0.marks.count == marks.count }
    guard !zones.isEmpty else { return .notPossible("the log holds no watermarks") }
    guard let wrong = zones.first(where: { $0.marks != $0.marks.sorted() }) else {
      return .passed("\(zones.count, "zone")", zones.map(\.zone.line))
    }
    return .failed(
      """
      zone \(name(wrong.zone)): min \(wrong.marks[0]), low \(wrong.marks[1]), \
      high \(wrong.marks[2])
      """, [wrong.zone.line])
  }

  private static let hugePages: @Sendable (Trust.Scene) -> Trust.Finding = { scene in
    let pools = scene.memory?.hugePools ?? []
    guard !pools.isEmpty else { return .notPossible("the log holds no pools of huge pages") }
    guard let wrong = pools.first(where: { max($0.free, $0.surplus) > $0.total }) else {
      return .passed("\(pools.count, "pool")", pools.map(\.line))
    }
    return .failed(
      "\(wrong.free) free and \(wrong.surplus) surplus of \(wrong.total) pages", [wrong.line])
  }

  /// All counters of Mem-Info count pages of RAM, and so do the sizes of the page cache.
  private static let counters: @Sendable (Trust.Scene) -> Trust.Finding = { scene in
    guard let memory = scene.memory, let managed = memory.managed, managed.count > 0 else {
      return .notPossible("the log does not hold how much RAM there is")
    }
    let caches = [("pagecache", memory.pagecache), ("swap cache", memory.swapCache)]
    let all =
      memory.counters.map { (name: $0.key, value: $0.value.value, line: $0.value.line) }
      + caches.compactMap { name, pages in
        pages.map { (name: name, value: $0.value, line: $0.line) }
      }
    guard !all.isEmpty else { return .notPossible("the log holds no counters") }
    let wrong = all.filter { $0.value.count > managed.count + managed.count / 100 }
      .min { ($0.line, $0.name) < ($1.line, $1.name) }
    guard let wrong else { return .passed("\(all.count, "counter")", all.map(\.line)) }
    let words: Sentence =
      if let size = scene.size(wrong.value), let whole = scene.size(managed) {
        "\(Sentence([.text(wrong.name)])) \(size) of \(whole)"
      } else {
        "\(Sentence([.text(wrong.name)])) is more than any machine's memory"
      }
    return .failed(
      words,
      [wrong.line] + [memory.pagesRAM?.line, memory.pagesReserved?.line].compactMap(\.self))
  }
}
