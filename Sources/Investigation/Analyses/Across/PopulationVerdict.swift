internal import KernelLog
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
      /// Each one of a pool that dies is replaced: killing them gains nothing.
      case treadmill
      /// One process, or a few, that is started again each time.
      case restarted
      /// All of them together need more than there is.
      case poolTooLarge = "pool-too-large"
      /// There are more and more of them; counts do not tell why.
      case growing
      /// The number stays, and most are others each time although few were killed.
      case renewed
      /// A program that starts itself without end.
      case forkBomb = "fork-bomb"

      /// The id of the text in book help that says what follows.
      package var meaningID: String { "population.\(rawValue)" }
    }

    /// A bomb is at least so many processes, and fewer are no pool.
    private static let crowd = 100
    private static let few = 4
    /// A shell or an interpreter that does nothing but start others is no larger.
    private static let small = Bytes(8 << 20)

    static func all(of samples: [Sample]) -> [Verdict] {
      let bomb = forkBomb(samples)
      guard bomb?.certainty != .likely else { return [bomb].compactMap(\.self) }
      let course = renewed(samples) ?? replaced(samples) ?? growing(samples)
      return [bomb, course, pool(samples)].compactMap(\.self)
    }

    /// The counts follow the rule of sizes: see `SizeTrend`.
    private static func trend(_ samples: [Sample]) -> SizeTrend {
      SizeTrend(samples.map { Bytes(Int64($0.count)) })
    }

    /// The tables from the first kill on, where the last one lists at most a twentieth fewer and the
    /// number does not grow. The kills of the last table cannot have been made up for yet.
    private static func afterKills(
      _ samples: [Sample]
    ) -> (samples: [Sample], killed: Int, fresh: Int)? {
      guard let start = samples.firstIndex(where: { $0.killed > 0 }), let last = samples.last
      else { return nil }
      let own = Array(samples[start...])
      guard last.count * 20 >= own[0].count * 19, trend(own) != .sizesGrow else { return nil }
      return (
        own, own.dropLast().reduce(0) { $0 + $1.killed },
        own.dropFirst().reduce(0) { $0 + ($1.fresh ?? 0) }
      )
    }

    /// Two or more were killed, and as many new ones as two thirds of them came since. A manager that
    /// looks once a second replaces several at a time, so they are counted over all tables.
    private static func replaced(_ samples: [Sample]) -> Verdict? {
      guard let (own, killed, fresh) = afterKills(samples), killed >= 2, fresh * 3 >= killed * 2
      else { return nil }
      let most = own.map(\.count).max() ?? 0
      let isCertain = killed >= 3 && fresh >= killed
      return Verdict(
        kind: most < few ? .restarted : .treadmill, certainty: isCertain ? .certain : .likely,
        reason: most < few
          ? "\(killed) were killed and \(fresh) new ones came, never more than \(most) at a time"
          : """
          \(killed) were killed and \(fresh) new ones came while the number stayed: \
          \(counts(own))
          """)
    }

    /// Half of those in each table were not in the one before, and kills explain less than half of
    /// these.
    private static func renewed(_ samples: [Sample]) -> Verdict? {
      let samples = Array(samples.drop { $0.count == 0 })
      let later = samples.dropFirst()
      let killed = samples.dropLast().reduce(0) { $0 + $1.killed }
      let fresh = later.reduce(0) { $0 + ($1.fresh ?? 0) }
      guard let first = samples.first, first.count >= few, trend(samples) == .sizesSteady,
        later.allSatisfy({ ($0.fresh ?? 0) * 2 >= $0.count }), killed * 2 < fresh
      else { return nil }
      return Verdict(
        kind: .renewed, certainty: .certain,
        reason: """
          \(fresh) new ones came over \(samples.count, "table") while the number stayed, and \
          \(killed) were killed: \(counts(samples))
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
    private static func growing(_ samples: [Sample]) -> Verdict? {
      guard let first = samples.first?.count, let last = samples.last?.count, last >= few,
        last - first >= 3, trend(samples) == .sizesGrow
      else { return nil }
      let isClear = samples.count >= 5 && last * 5 >= first * 6
      return Verdict(
        kind: .growing, certainty: isClear ? .likely : .possible,
        reason: "\(first) became \(last) over \(samples.count, "table"): \(counts(samples))")
    }

    /// A hundred or more, most tasks of the table, a fifth more than the fewest before, hardly anything
    /// else started meanwhile, all of them small, and one or more a second: a queue is slower. Likely
    /// where they doubled from what was there, for a pool that is started at once looks alike.
    private static func forkBomb(_ samples: [Sample]) -> Verdict? {
      var least = Int.max
      var found: (sample: Sample, mean: Bytes, isLikely: Bool)?
      for (before, sample) in zip(samples, samples.dropFirst()) {
        least = min(least, before.count)
        guard sample.count >= crowd, sample.count * 2 > sample.tasks,
          sample.count * 5 >= least * 6, sample.isFreshDense, let fresh = sample.fresh,
          let mean = sample.mean, mean <= small
        else { continue }
        let micros = LogTime.micros(from: before.time, to: sample.time)
        guard micros.map({ Int64(fresh) * 1_000_000 >= $0 }) ?? true else { continue }
        found = (sample, mean, micros != nil && least > 0 && sample.count >= 2 * least)
      }
      guard let found, let fresh = found.sample.fresh else { return nil }
      return Verdict(
        kind: .forkBomb, certainty: found.isLikely ? .likely : .possible,
        reason: """
          \(found.sample.count) of \(found.sample.tasks) tasks in event \(found.sample.event), \
          \(found.mean) each on average, \(fresh) of them not in the table before, their pids close \
          together; counts: \(counts(samples))
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
