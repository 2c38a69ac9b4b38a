internal import KernelLog
internal import OOMReports

extension AdviceRule {
  /// Reports that are incomplete or have no time of day.
  static let logCollection = AdviceRule(
    "log-collection", texts: ["log-collection", "log-collection-records"]
  ) { evidence in
    [incomplete(evidence), yearless(evidence)].compactMap(\.self)
  }

  /// Records that could have had a time of day.
  private static func yearless(_ evidence: Evidence) -> Recommendation? {
    let found = evidence.cases.numbers.filter(evidence.yearlessRecords.contains)
    guard !found.isEmpty else { return nil }
    return Recommendation(
      "log-collection", text: "log-collection-records", .low, .certain, events: found,
      reason: ["\(found.count, "event") of records without --ref-time, from a log without years"])
  }

  private static func incomplete(_ evidence: Evidence) -> Recommendation? {
    let kinds: [(Sentence, (Evidence.Case) -> Bool)] = [
      ("whose beginning is missing", { $0.event.status == .headless }),
      ("whose end is missing", { $0.event.status == .truncated }),
      ("with a kill line only", { $0.event.status == .killOnly }),
      (
        "without a time of day",
        { candidate in
          candidate.event.time.wallMicros == nil
            && !evidence.yearlessRecords.contains(candidate.event.number)
        }
      ),
    ]
    var cited: Set<Int> = []
    var reason: [Sentence] = []
    for (words, isOfKind) in kinds {
      let numbers = evidence.cases.filter(isOfKind).numbers
      guard !numbers.isEmpty else { continue }
      cited.formUnion(numbers)
      reason.append("\(numbers.count, "event") \(words)")
    }
    guard !cited.isEmpty else { return nil }
    return Recommendation(
      "log-collection", .low, .certain, events: cited.sorted(), reason: reason,
      snippets: [
        Snippet(
          .journald, .file("/etc/systemd/journald.conf.d/60-oomsh.conf"),
          ["[Journal]", "Storage=persistent"], ["persistent keeps the journal on disk"])
      ] + ringBuffer(evidence))
  }

  /// A ring buffer that holds ten reports of the largest size seen: so many pass the kernel's own
  /// limit in five seconds. Only where reports are torn.
  private static func ringBuffer(_ evidence: Evidence) -> [Snippet] {
    let torn = evidence.cases.contains { [.headless, .truncated].contains($0.event.status) }
    guard torn, let largest = evidence.longestReport else { return [] }
    // 1 MiB to 16 MiB: distributions have 128 KiB to 512 KiB.
    var size: Int64 = 1
    while size < 16, size << 20 < Int64(largest) * 10 { size <<= 1 }
    return [
      Snippet(
        .kernelCommandLine,
        .byHand(
          "kernel-command-line.txt",
          "the kernel command line (GRUB_CMDLINE_LINUX in /etc/default/grub)"),
        ["log_buf_len=\(size)M"],
        [
          """
          ten reports as long as the longest that the log holds, \(Bytes(Int64(largest))), rounded up \
          to a power of two, at least 1 MiB; one that is torn was longer
          """
        ])
    ]
  }
}
