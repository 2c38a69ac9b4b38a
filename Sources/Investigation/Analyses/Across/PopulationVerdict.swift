internal import OOMReports

extension Population {
  /// What the counts of a command show, by which rule, and how surely.
  package struct Verdict: Sendable, Equatable {
    package let kind: Kind
    package let certainty: Culprit.Certainty
    /// The figures behind it.
    package let reason: Sentence

    /// What can be told from counts.
    package enum Kind: String, Sendable, CaseIterable {
      /// Each one that dies is replaced at once: killing them gains nothing.
      case treadmill
      /// All of them together need more than there is.
      case poolTooLarge = "pool-too-large"
      /// There are more and more of them: work comes in faster than it is done.
      case queueGrowing = "queue-growing"
      /// A program that starts itself without end.
      case forkBomb = "fork-bomb"

      /// The id of the text in book help that says what follows.
      package var meaningID: String { "population.\(rawValue)" }
    }

    /// A bomb is at least so many processes, and fewer are no pool.
    private static let crowd = 100
    private static let few = 4

    static func all(of samples: [Sample]) -> [Verdict] {
      let bomb = forkBomb(samples)
      return [bomb, treadmill(samples), pool(samples), bomb == nil ? queue(samples) : nil]
        .compactMap { $0 }
    }

    /// The counts follow the rule of sizes: see `SizeTrend`.
    private static func trend(_ samples: [Sample]) -> SizeTrend {
      SizeTrend(samples.map { Bytes(Int64($0.count)) })
    }

    /// Two or more were killed, as many new ones as two thirds of them came since, and the last table
    /// lists at most a twentieth fewer than the first. A manager that looks once a second replaces
    /// several at a time, so they are counted over all tables.
    private static func treadmill(_ samples: [Sample]) -> Verdict? {
      guard let first = samples.first, let last = samples.last,
        let start = samples.firstIndex(where: { $0.killed > 0 })
      else { return nil }
      let killed = samples.dropLast().reduce(0) { $0 + $1.killed }
      let fresh = samples[(start + 1)...].reduce(0) { $0 + ($1.fresh ?? 0) }
      guard killed >= 2, fresh * 3 >= killed * 2, last.count * 20 >= first.count * 19,
        trend(samples) != .sizesGrow
      else { return nil }
      return Verdict(
        kind: .treadmill, certainty: killed >= 3 && fresh >= killed ? .certain : .likely,
        reason: """
          \(killed) were killed and \(fresh) new ones came while the number stayed: \
          \(counts(samples))
          """)
    }

    /// Four or more whose resident sizes add up to more than there is. They share pages, so it takes
    /// more to be likely: what each has for itself is three quarters of the whole, or most of what
    /// ran out was anonymous and most of the resident sizes are theirs.
    private static func pool(_ samples: [Sample]) -> Verdict? {
      let found = samples.last { sample in
        guard let high = sample.high, let whole = sample.whole else { return false }
        return sample.count >= few && high > whole
      }
      guard let found, let high = found.high, let low = found.low, let whole = found.whole,
        let mean = found.mean
      else { return nil }
      let isOwn = Double(low.count) >= 0.75 * Double(whole.count)
      let isMost = found.isMostlyAnonymous == true && found.hasMostRSS
      return Verdict(
        kind: .poolTooLarge, certainty: isOwn || isMost ? .likely : .possible,
        reason: """
          \(found.count) processes of \(mean) on average make \(high) resident in event \
          \(found.event), shared pages counted once for each, where there are \(whole)
          """)
    }

    /// The counts rise, by the rule of sizes, by three or more.
    private static func queue(_ samples: [Sample]) -> Verdict? {
      guard let first = samples.first?.count, let last = samples.last?.count, last >= few,
        last - first >= 3, trend(samples) == .sizesGrow
      else { return nil }
      let isClear = samples.count >= 5 && last * 5 >= first * 6
      return Verdict(
        kind: .queueGrowing, certainty: isClear ? .likely : .possible,
        reason: "\(first) became \(last) over \(samples.count, "table"): \(counts(samples))")
    }

    /// A hundred or more, most tasks of the table, of which half at least were not there in the table
    /// before; likely where those that were killed do not explain the new ones by a tenth.
    private static func forkBomb(_ samples: [Sample]) -> Verdict? {
      let found = samples.last { sample in
        sample.count >= crowd && sample.count * 2 > sample.tasks
          && (sample.fresh ?? 0) * 2 >= sample.count
      }
      guard let found, let fresh = found.fresh else { return nil }
      let killed = samples.reduce(0) { $0 + $1.killed }
      return Verdict(
        kind: .forkBomb, certainty: killed * 10 < fresh ? .likely : .possible,
        reason: """
          \(found.count) of \(found.tasks) tasks in event \(found.event), \(fresh) of them not in the \
          table before; counts: \(counts(samples))
          """)
    }

    /// The counts in order, the middle of many left out.
    private static func counts(_ samples: [Sample]) -> Sentence {
      var shown = samples.map { sample -> Sentence in "\(sample.count)" }
      if shown.count > 8 { shown = shown.prefix(3) + ["…"] + shown.suffix(4) }
      return .list(shown)
    }
  }
}
