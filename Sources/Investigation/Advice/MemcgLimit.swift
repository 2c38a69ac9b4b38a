internal import KernelLog
internal import OOMReports

extension AdviceRule {
  /// Memory cgroups that reached their limits: one recommendation for all, the worst ones named.
  static let memcgLimit = AdviceRule("memcg-limit", texts: ["memcg-limit", "memcg-limit-v1"]) {
    evidence in
    var groups: [LogText: [Evidence.Case]] = [:]
    var order: [LogText] = []
    var unnamed: [Int] = []
    for candidate in evidence.limitHits {
      guard let path = candidate.limitPath else {
        unnamed.append(candidate.event.number)
        continue
      }
      if groups[path] == nil { order.append(path) }
      groups[path, default: []].append(candidate)
    }
    let ranked = order.compactMap { path in groups[path].map { (path: path, hits: $0) } }
      .enumerated()
      .sorted { ($1.element.hits.count, $0.offset) < ($0.element.hits.count, $1.offset) }
      .map(\.element)
    guard !ranked.isEmpty || !unnamed.isEmpty else { return [] }

    let named = 5
    var reason = ranked.prefix(named).map { sentence($0.path, $0.hits) }
    if ranked.count > named { reason.append("and \(ranked.count - named, "further cgroup")") }
    if !unnamed.isEmpty {
      reason.append("\(unnamed.count, "event") at the limit of a cgroup that the log does not name")
    }
    let raises = ranked.prefix(named).map { largerLimit($0.path, $0.hits, evidence) }
    let events = (unnamed + ranked.flatMap { $0.hits.numbers }).sorted()
    let versions = evidence.limitHits.compactMap(\.isCgroupVersion1)
    let isVersion1 = versions.contains(true) && !versions.contains(false)
    return [
      Recommendation(
        "memcg-limit", text: isVersion1 ? "memcg-limit-v1" : nil, .high, .certain, events: events,
        reason: reason + raises.compactMap(\.refusal), snippets: raises.compactMap(\.snippet))
    ]
  }

  /// For a unit of systemd, since containers have a rule of their own; or why there is none.
  private static func largerLimit(
    _ path: LogText, _ hits: [Evidence.Case], _ evidence: Evidence
  ) -> (snippet: Snippet?, refusal: Sentence?) {
    do throws(LimitRaise.Refusal) {
      let raise = try LimitRaise(hits, in: evidence)
      return (UnitPlace(of: path).map { snippet($0, raise, hits) }, nil)
    } catch {
      return (nil, error.sentence.map { "no larger limit is given for \(path): \($0)" })
    }
  }

  private static func snippet(
    _ unit: UnitPlace, _ raise: LimitRaise, _ hits: [Evidence.Case]
  ) -> Snippet {
    let isVersion1 = hits.compactMap(\.isCgroupVersion1).last ?? false
    let high: Sentence =
      "MemoryHigh stands halfway between the highest usage seen and the limit: \(raise.high)"
    return unit.snippet(
      raise.settings(isVersion1: isVersion1), raise.computedFrom + (isVersion1 ? [] : [high]))
  }

  /// `/a/b reached its limit of 512 MiB in 3 events; most of it is anon, 92 %`
  private static func sentence(_ path: LogText, _ hits: [Evidence.Case]) -> Sentence {
    let limit = hits.lazy.compactMap { $0.report?.memcg?.memory?.value.limit }.last
    let ofLimit: Sentence = limit.map { " of \($0)" } ?? ""
    let part = hits.lazy.compactMap { $0.largestPart }.last
    let most: Sentence =
      part.map { "; most of it is \($0.name)\($0.share <= 1 ? ", \(share: $0.share)" : "")" } ?? ""
    let swap = hits.lazy.compactMap { $0.report?.memcg?.swap?.value }.last.map(state)
    return "\(path) reached its limit\(ofLimit) in \(hits.count, "event")\(most)\(swap ?? "")"
  }

  /// What a cgroup's swap (v2) had to do with it.
  private static func state(_ swap: MemcgUsage) -> Sentence {
    guard let limit = swap.limit else { return "" }
    if limit == Bytes(0) { return "; it may not use swap" }
    let isFull = Double(swap.usage.count) >= 0.95 * Double(limit.count)
    return isFull ? "; its swap limit of \(limit) was reached as well" : ""
  }
}

extension Evidence.Case {
  /// Whether the cgroup is of version 1, which alone counts `memory+swap` and `kmem`, but for kernels
  /// before 5.3, which print these of both: then it is likely. Nil where no counter is printed.
  var isCgroupVersion1: Bool? {
    guard let report, let memcg = report.memcg else { return nil }
    if let number = CgroupLedger(report)?.version.number { return number == 1 }
    if memcg.memorySwap != nil || memcg.kmem != nil { return true }
    return memcg.memory == nil ? nil : false
  }

  /// What most of the cgroup's usage is.
  fileprivate var largestPart: (name: Sentence, share: Double)? {
    let parts: [(name: Sentence, key: String)] = [
      ("anonymous memory", "anonymous"), ("shmem (tmpfs, shared memory)", "shmem"),
      ("page cache", "file"), ("page cache with shmem", "file_and_shmem"),
      ("unreclaimable slab", "slab_unreclaimable"),
    ]
    return parts.compactMap { part in memcgShare(part.key).map { (name: part.name, share: $0) } }
      .filter { $0.share >= 0.5 }
      .max { $0.share < $1.share }
  }
}
