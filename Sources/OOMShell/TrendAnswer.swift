internal import Investigation
internal import KernelLog
internal import OOMReports
internal import Presentation

/// Sizes over time as a document.
struct TrendAnswer {
  private let who: String
  private let trends: [ProcessTrend]
  private let deaths: [DeathSizes]
  private let tables: Int
  private let limit: Int
  private let session: Session
  private let display: TimeDisplay
  private let units: SizeUnits

  init(
    _ who: String, _ trends: [ProcessTrend], _ deaths: [DeathSizes], tables: Int, limit: Int,
    _ state: ShellState
  ) {
    self.who = who
    self.trends = trends
    self.deaths = deaths
    self.tables = tables
    self.limit = limit
    session = state.session
    display = TimeDisplay(state)
    units = state.settings.units
  }

  var blocks: [Block] {
    var blocks: [Block] = [
      .heading("\(Visible.text(who)): \(found)")
    ]
    if trends.count == 1, let only = trends.first {
      blocks += single(only)
    } else if !trends.isEmpty {
      blocks += several
    }
    blocks += deaths.flatMap(ofDeaths)
    blocks.append(
      .note(
        .info,
        "the log has a size only for moments in which memory had run out: it shows neither what "
          + "lies between nor runs that ended well"))
    return blocks
  }

  private var found: String {
    let tables = Self.count(tables, "task table", "task tables")
    if self.tables == 0 { return "no report in view has a task table" }
    return trends.isEmpty
      ? "in none of \(tables)"
      : "\(Self.count(trends.count, "process", "processes")) in \(tables)"
  }

  // MARK: one process

  private func single(_ trend: ProcessTrend) -> [Block] {
    let shown = trend.sizes.suffix(limit)
    let times = display.layout(of: shown.map(\.time))
    let whole = trend.whole?.amount ?? trend.sizes.map(\.footprint).max() ?? Bytes(0)
    let table = Table(
      key: "sizes",
      title: shown.count < trend.sizes.count
        ? "the newest \(shown.count) of \(trend.sizes.count) sizes" : nil,
      columns: [
        Column("event", "#", .right), Column("time", "time\(times.suffix)", dropOrder: 2),
        Column("size", "RAM and swap", .right), Column("bar", ""),
        Column(
          "share", trend.whole.map { "of \(Self.words($0))" } ?? "share", .right, dropOrder: 1),
      ],
      rows: shown.map { size in
        let share =
          whole.count > 0 ? Double(size.footprint.count) / Double(whole.count) : 0
        return [
          .integer(Int64(size.event)), times.cell(size.time), .bytes(size.footprint.count),
          .bar(min(share, 1)), trend.whole == nil ? .missing : .share(share),
        ]
      })
    return [
      .table(table), .fields(Fields(key: "trend", title: "trend", fields(trend))),
    ]
  }

  private func fields(_ trend: ProcessTrend) -> [Field] {
    var fields = [
      Field(
        "name", "process", .text("\(trend.comm) (\(trend.pid))"),
        meaning: trend.uid.map { "uid \($0)" }),
      Field("trend", "sizes", .text(Self.words(trend.trend))),
    ]
    switch trend.slope {
    case .success(let slope):
      fields.append(
        Field(
          "slope", "changes by", .text(rate(slope.perSecond)),
          meaning: "median of all pairs; half of them between \(rate(slope.quartiles.lowerBound)) "
            + "and \(rate(slope.quartiles.upperBound))"))
    case .failure(let refusal):
      fields.append(Field("slope", "changes by", .missing, meaning: Self.words(refusal)))
    }
    if let whole = trend.whole {
      fields.append(
        Field(
          "limit", Self.words(whole), .bytes(whole.amount.count),
          meaning: whole.limitPath.map { "of \(Visible.text($0.description))" }))
    }
    switch trend.secondsUntilFull {
    case .success(let seconds)?:
      fields.append(
        Field(
          "until_full_s", "fills it in", .seconds(seconds),
          meaning: "if it goes on alone; others need memory too, so rather sooner"))
    case .failure(let hindrance)?:
      fields.append(
        Field("until_full_s", "fills it in", .missing, meaning: Self.words(hindrance)))
    case nil: break
    }
    if let event = trend.killedIn {
      fields.append(Field("killed_in", "killed in event", .integer(Int64(event))))
    }
    return fields
  }

  // MARK: several processes

  private var several: [Block] {
    let shown = trends.prefix(limit)
    let hasHosts = Set(trends.map(\.host)).count > 1
    var columns = [
      Column("pid", "pid", .right), Column("comm", "name", canShrink: true, dropOrder: 6),
      Column("uid", "uid", .right, dropOrder: 7), Column("tables", "tables", .right),
      Column("first", "first #", .right, dropOrder: 3),
      Column("last", "last #", .right, dropOrder: 4),
      Column("first_size", "at first", .right, dropOrder: 1),
      Column("last_size", "at last", .right), Column("sizes", "sizes"),
      Column("slope", "changes by", dropOrder: 2),
      Column("bytes_per_second", "bytes per second", .right, isForPrograms: true),
      Column("killed_in", "killed in #", .right, dropOrder: 5),
    ]
    if hasHosts { columns.append(Column("host", "host", canShrink: true, dropOrder: 8)) }
    let rows = shown.map { trend in
      hasHosts
        ? cells(trend) + [trend.host.map { .text($0.description) } ?? .missing] : cells(trend)
    }
    let table = Table(
      key: "processes",
      title: shown.count < trends.count
        ? "\(shown.count) of \(trends.count) processes, those in most tables first" : nil,
      columns: columns, rows: rows)
    var blocks: [Block] = [.table(table)]
    if trends.allSatisfy({ $0.sizes.count < 3 }) {
      blocks.append(
        .note(.info, "no slope: none of them stands in three tables, so growth cannot be told"))
    }
    return blocks
  }

  private func cells(_ trend: ProcessTrend) -> [Cell] {
    [
      .integer(trend.pid), .text(trend.comm.description),
      trend.uid.map(Cell.integer) ?? .missing, .integer(Int64(trend.sizes.count)),
      trend.sizes.first.map { .integer(Int64($0.event)) } ?? .missing,
      trend.sizes.last.map { .integer(Int64($0.event)) } ?? .missing,
      trend.sizes.first.map { .bytes($0.footprint.count) } ?? .missing,
      trend.sizes.last.map { .bytes($0.footprint.count) } ?? .missing,
      .text(Self.words(trend.trend)),
      (try? trend.slope.get()).map { .text(rate($0.perSecond)) } ?? .missing,
      (try? trend.slope.get()).map { .bytes(Int64($0.perSecond.rounded())) } ?? .missing,
      trend.killedIn.map { .integer(Int64($0)) } ?? .missing,
    ]
  }

  // MARK: deaths

  private func ofDeaths(_ deaths: DeathSizes) -> [Block] {
    let repeated = deaths.repeated
    let shown = repeated.sizes.suffix(limit)
    let times = display.layout(of: shown.map { session.events.time(at: $0.event - 1) })
    let most = repeated.sizes.map(\.anonRSS.count).max() ?? 0
    let slope =
      switch deaths.slope {
      case .success(let slope): ", \(rate(slope.perSecond)) from one to the next"
      case .failure(let refusal): "; no slope: \(Self.words(refusal))"
      }
    let table = Table(
      key: "deaths",
      title: "killed \(repeated.kills) times \(place(repeated)): "
        + "\(Self.words(repeated.trend))\(slope)",
      columns: [
        Column("event", "#", .right), Column("time", "time\(times.suffix)", dropOrder: 1),
        Column("pid", "pid", .right, dropOrder: 2),
        Column("anon_rss", "anon-rss at death", .right), Column("bar", ""),
      ],
      rows: shown.map { size in
        [
          .integer(Int64(size.event)), times.cell(session.events.time(at: size.event - 1)),
          .integer(size.pid), .bytes(size.anonRSS.count),
          .bar(most > 0 ? Double(size.anonRSS.count) / Double(most) : 0),
        ]
      })
    return [.table(table)]
      + (Prose.text(.help, repeated.meaningID).map { [.prose($0)] } ?? [])
  }

  private func place(_ repeated: RepeatedVictim) -> String {
    switch repeated.place {
    case .limit(let path, _): return "at the limit of \(Visible.text(path.description))"
    case .someLimit: return "at the limit of a cgroup"
    case .host(let host?): return "on \(Visible.text(host.description))"
    case .host(nil):
      // Logs of several machines may lack their names.
      let inputs = Set(repeated.events.map { session.events.boot(at: $0 - 1).input })
      return inputs.count > 1 ? "in logs that name no host" : "on the machine"
    }
  }

  // MARK: words

  /// `+1.50 MiB a minute`: in the unit of time in which it is a size to imagine.
  private func rate(_ perSecond: Double) -> String {
    let spans: [(seconds: Double, name: String)] = [
      (1, "a second"), (60, "a minute"), (3600, "an hour"), (86_400, "a day"),
    ]
    let span = spans.first { abs(perSecond) * $0.seconds >= 1_048_576 } ?? spans[3]
    let amount = perSecond * span.seconds
    guard amount.magnitude < 1e18 else { return "-" }
    let sign = amount > 0 ? "+" : ""
    return sign + units.text(bytes: Int64(amount.rounded())) + " \(span.name)"
  }

  static func words(_ trend: SizeTrend) -> String {
    switch trend {
    case .onlyCounts: "too few to tell"
    case .sizesGrow: "rising"
    case .sizesFall: "falling"
    case .sizesSteady: "about equal"
    case .sizesVary: "varying"
    }
  }

  private static func words(_ refusal: RobustSlope.Refusal) -> String {
    switch refusal {
    case .fewerThanThree: "fewer than three sizes are known, which show no trend"
    case .noTime: "the log does not tell the times on one clock"
    case .tooFewMoments: "all sizes are from one moment or two, which show no trend"
    }
  }

  /// What a process could fill.
  private static func words(_ whole: ProcessTrend.Whole) -> String {
    let words =
      switch whole.kind {
      case .limit: "limit"
      case .nodes: "the nodes' memory"
      case .ram: "RAM"
      }
    return words + (whole.includesSwap ? " and swap" : "")
  }

  private static func words(_ hindrance: ProcessTrend.Hindrance) -> String {
    switch hindrance {
    case .unknownWhole: "the report does not tell how much RAM and swap it could fill"
    case .isSteady: "its sizes are about equal, which is no growth"
    case .isFull: "it is as large already, pages that it shares counted in"
    case .isNotRising: "fewer than three quarters of all pairs rise"
    }
  }

  private static func count(_ number: Int, _ one: String, _ many: String) -> String {
    "\(number) \(number == 1 ? one : many)"
  }

  // MARK: records

  var processes: JSONValue {
    .array(
      trends.map { trend in
        .object(
          [
            .init("pid", .int(trend.pid)), .init("comm", .text(trend.comm)),
            .init("uid", .int(trend.uid)), .init("host", .text(trend.host)),
            .init("sizes", .string(trend.trend.rawValue)),
          ] + Self.members(trend.slope) + [
            .init("limit_bytes", .int(trend.whole?.amount.count)),
            .init("limit_path", .text(trend.whole?.limitPath)),
            .init(
              "until_full_s",
              (try? trend.secondsUntilFull?.get()).map { .double($0.rounded()) } ?? .null),
            .init("killed_in", .int(trend.killedIn.map(Int64.init))),
            .init(
              "points",
              .array(
                trend.sizes.map {
                  .object([
                    .init("event", .int(Int64($0.event))), .init("time", $0.time.json),
                    .init("bytes", .int($0.footprint.count)),
                  ])
                })),
          ])
      })
  }

  var deathRecords: JSONValue {
    .array(
      deaths.map { deaths in
        .object(
          [
            .init("place", .string(place(deaths.repeated))),
            .init("kills", .int(Int64(deaths.repeated.kills))),
            .init("sizes", .string(deaths.repeated.trend.rawValue)),
          ] + Self.members(deaths.slope) + [
            .init(
              "points",
              .array(
                deaths.repeated.sizes.map {
                  .object([
                    .init("event", .int(Int64($0.event))), .init("pid", .int($0.pid)),
                    .init("anon_rss_bytes", .int($0.anonRSS.count)),
                  ])
                }))
          ])
      })
  }

  private static func members(
    _ slope: Result<RobustSlope, RobustSlope.Refusal>
  ) -> [JSONValue.Member] {
    switch slope {
    case .success(let slope):
      [
        .init("bytes_per_second", .double(slope.perSecond)),
        .init("quartile_low", .double(slope.quartiles.lowerBound)),
        .init("quartile_high", .double(slope.quartiles.upperBound)), .init("refused", .null),
      ]
    case .failure(let refusal):
      [
        .init("bytes_per_second", .null), .init("quartile_low", .null),
        .init("quartile_high", .null), .init("refused", .string(refusal.rawValue)),
      ]
    }
  }
}
