internal import KernelLog
internal import OOMReports
internal import Presentation

/// The lines of an event's facts, which a record gives beside them: `"lines":{"invocation":12,…}`.
///
/// Facts with a list of their own (victims, task rows, zones) carry their lines themselves.
struct RecordLines {
  private let lines: [String: Int64]
  /// The first line of the report, where a fact's own is not told.
  let first: Int

  init(_ fields: RecordFields?, first: Int64?) {
    lines = fields?.integers ?? [:]
    self.first = Int(clamping: first ?? 1)
  }

  subscript(name: String) -> Int? { lines[name].map { Int(clamping: $0) } }

  /// A fact with its line.
  func cited<Value>(_ value: Value?, _ name: String) -> Cited<Value>? {
    value.map { Cited($0, line: self[name] ?? first) }
  }
}

extension OOMReport {
  /// The lines of the facts that a record holds.
  var recordLines: JSONValue {
    let memory = memory
    let memcg = memcg
    var lines: [(String, Int?)] = [
      ("invocation", invocation?.line), ("system", system?.line), ("hardware", hardware?.line),
      ("taints", taints?.line), ("workqueue", workqueue?.line), ("cpuset", cpuset?.line),
      ("compaction", compactionNotice), ("sysrq", sysrqLine), ("constraint", constraint?.line),
      ("decision", decision?.line), ("intent", intent?.line), ("group_kill", groupKill?.line),
      ("ending", ending?.line), ("suppressed_reports", suppressedReports?.line),
      ("dropped_lines", droppedLines?.line), ("task_header", tasks?.headerLine),
      ("limit_path", memcg?.limitPath?.line), ("task_path", memcg?.taskPath?.line),
      ("usage", memcg?.memory?.line), ("memsw", memcg?.memorySwap?.line),
      ("swap", memcg?.swap?.line), ("kmem", memcg?.kmem?.line),
      ("protection", memcg?.protection?.line), ("stats_path", memcg?.statsPath?.line),
      ("memory_end", memory?.lastLine), ("pagecache", memory?.pagecache?.line),
      ("swap_cache", memory?.swapCache?.line), ("swap_free", memory?.freeSwap?.line),
      ("swap_total", memory?.totalSwap?.line), ("ram", memory?.pagesRAM?.line),
      ("highmem", memory?.pagesHighMem?.line), ("reserved", memory?.pagesReserved?.line),
      ("shared", memory?.pagesShared?.line), ("non_shared", memory?.pagesNonShared?.line),
      ("pagetable_cache", memory?.pagetableCache?.line),
      ("swap_cache_stats", memory?.swapCacheStats?.line),
      ("cma_reserved", memory?.pagesCMA?.line), ("hwpoisoned", memory?.pagesHWPoisoned?.line),
    ]
    lines += (memory?.counters ?? [:]).sorted { $0.key < $1.key }.map {
      ("counter.\($0.key)", $0.value.line)
    }
    lines += (memcg?.stats ?? [:]).sorted { $0.key < $1.key }.map {
      ("stat.\($0.key)", $0.value.line)
    }
    return .object(
      lines.compactMap { name, line in line.map { .init(name, .int(Int64($0))) } })
  }
}
