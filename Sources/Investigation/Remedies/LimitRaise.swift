internal import KernelLog
internal import OOMReports

/// A larger limit for a cgroup that reached its own, as far as its reports carry one.
///
/// Usage stops at the limit, so the reports tell only what was needed at least.
struct LimitRaise {
  /// The highest usage that was seen.
  let peak: Bytes
  let limit: Bytes
  /// Between the two: where the cgroup is to slow down.
  let high: Bytes
  let computedFrom: [Sentence]
  /// The newest report that the figures come from.
  let report: OOMReport

  private static let margin = 1.25
  /// Of a machine's RAM, a limit leaves a tenth to everything else.
  private static let mostOfRAM = 0.9

  /// Why there is none.
  enum Refusal: Error {
    /// The reports do not print usage and limit.
    case noFigures
    case filledByOthers
    /// A protected task takes the memory, and others die.
    case protectedTask
    case grows(LogText)
    case pool(LogText)
    case noRoom(Bytes)

    /// The reason in words; nil where figures are all that is missing.
    var sentence: Sentence? {
      switch self {
      case .noFigures: nil
      case .filledByOthers: "something other than memory of processes fills it"
      case .protectedTask: "a protected task takes the memory, however much there is"
      case .grows(let comm): "\(comm) grew from report to report, and would fill that too"
      case .pool(let comm): "\(comm) are too many"
      case .noRoom(let ram): "\(ram) of RAM have no room for it"
      }
    }
  }

  init(_ hits: [Evidence.Case], in evidence: Evidence) throws(Refusal) {
    guard let last = hits.last, let report = last.report,
      let used = hits.compactMap({ $0.report?.memcg?.memory?.value.usage }).max(),
      let bound = report.memcg?.memory?.value.limit, bound.count >= mebibyte
    else { throw .noFigures }
    try Self.refuseWhereNoCure(hits, evidence)
    let seen = max(used.count, bound.count)
    let step = Self.step(seen)
    let target = Int64(Double(seen) * Self.margin)
    let rounded = (target + step - 1) / step * step
    let ram = evidence.ram(of: last.event)
    if let ram, Double(rounded) > Double(ram.count) * Self.mostOfRAM { throw .noRoom(ram) }
    self.report = report
    peak = Bytes(seen)
    limit = Bytes(rounded)
    high = Bytes((seen + (rounded - seen) / 2) / mebibyte * mebibyte)
    computedFrom = [
      """
      the limit is the highest usage seen, \(Bytes(seen)), × 1.25, rounded up to \(Bytes(step)); usage \
      stops at the limit, so this is a lower bound of what is needed
      """,
      ram.map { "RAM of \($0) has room for it" }
        ?? "the log does not tell the machine's RAM, of which this must stay a part",
    ]
  }

  private static func refuseWhereNoCure(
    _ hits: [Evidence.Case], _ evidence: Evidence
  ) throws(Refusal) {
    guard hits.allSatisfy({ $0.report == nil || $0.isFilledByProcesses }) else {
      throw .filledByOthers
    }
    guard hits.allSatisfy({ $0.culprit?.selection.value != .protectedCulprit }) else {
      throw .protectedTask
    }
    let numbers = Set(hits.numbers)
    let grown = evidence.growing.first { growth in
      growth.sizes.contains { numbers.contains($0.event) }
    }
    if let grown { throw .grows(grown.comm) }
    let pool = evidence.pools.first { pool in
      pool.population.samples.contains { numbers.contains($0.event) }
    }
    if let pool { throw .pool(pool.population.comm) }
  }

  /// What a size is rounded to: an eighth of it, cut to a power of two, from 1 MiB to 1 GiB.
  private static func step(_ size: Int64) -> Int64 {
    var step = mebibyte
    while step < 1 << 30, step * 16 <= size { step <<= 1 }
    return step
  }

  /// The settings of a unit.
  func settings(isVersion1: Bool) -> [String] {
    isVersion1
      ? ["MemoryLimit=\(limit.mebibytes)M"]
      : ["MemoryHigh=\(high.mebibytes)M", "MemoryMax=\(limit.mebibytes)M"]
  }
}

private let mebibyte: Int64 = 1 << 20

extension Bytes {
  /// Whole mebibytes.
  var mebibytes: Int64 { count / mebibyte }

  /// The next multiple of a mebibyte, for texts whose sizes are in these.
  var roundedUpToMebibyte: Bytes { Bytes((count + mebibyte - 1) / mebibyte * mebibyte) }
}
