internal import Investigation
internal import KernelLog
internal import OOMReports
internal import Presentation

extension Command {
  static let sysctl = Command(
    "sysctl", .machine, "show the machine's settings for memory, and what they mean",
    parameters: [
      Parameter(
        "NAME", .name { _ in SysctlAnswer.choices }, .optional,
        "one setting with what fits which workload")
    ],
    examples: [
      Example("sysctl", "every setting, promised memory, swap, zram and zswap"),
      Example("sysctl overcommit_memory", "one of them at length"),
    ]
  ) { (state, arguments) throws(CommandError) in
    let facts = try state.hostFacts()
    let live = state.liveEvents
    let review = SysctlReview(facts, liveEvents: live)
    if let name = arguments.text("NAME") { return try SysctlAnswer.one(name, review) }
    return SysctlAnswer.all(review, facts, state.settings)
  }
}

extension ShellState {
  /// The settings and memory of the machine that was loaded last, if its capture holds them; else of
  /// the one that `--root` names, this one by default.
  func hostFacts() throws(CommandError) -> HostFacts {
    let input = session.inputs.last { $0.machine != nil || $0.isOfThisMachine }
    if environment.root == "/", let machine = input?.machine ?? lonelyMachine {
      return machines[machine].facts
    }
    return try rootFacts()
  }

  /// A captured machine whose logs hold nothing.
  private var lonelyMachine: Int? {
    session.inputs.isEmpty && !machines.isEmpty ? machines.count - 1 : nil
  }

  /// The settings and memory of the machine that some events come from; nil where these are several
  /// machines, or one of which nothing is known.
  func hostFacts(of events: [Int]) -> HostFacts? {
    let inputs =
      events.isEmpty
      ? session.inputs
      : Set(events.map { session.event($0).input }).map {
        session.inputs[$0]
      }
    let captured = Set(inputs.map(\.machine))
    if captured.count == 1, let machine = captured.first ?? nil { return machines[machine].facts }
    guard captured == [nil], let facts = try? rootFacts() else { return nil }
    return facts.isLive && !inputs.contains(where: \.isOfThisMachine) ? nil : facts
  }

  private func rootFacts() throws(CommandError) -> HostFacts {
    do throws(Environment.Unreadable) {
      let machine = try environment.readMachine(HostFacts.wanted)
      return HostFacts(files: machine.files, isLive: machine.isLive, source: LogText(machine.name))
    } catch {
      throw .unreadable("/proc", error)
    }
  }

  /// The events of the running kernel's own log; nil where it is not loaded.
  var liveEvents: [Event]? {
    let inputs = session.inputs
    guard inputs.contains(where: \.isLive) else { return nil }
    return (0..<session.events.count).map { session.event($0 + 1) }.filter {
      inputs[$0.input].isLive
    }
  }
}

private enum SysctlAnswer {
  static let choices = SysctlReview(HostFacts(isLive: false)).settings.map {
    Choice($0.name, $0.advice)
  }

  static func one(_ name: String, _ review: SysctlReview) throws(CommandError) -> Document {
    let names = review.settings.map(\.name)
    let found = review.settings.first { $0.name == name || $0.name == "vm.\(name)" }
    guard let setting = found else {
      let shortNames = names.map { String($0.drop { $0 != "." }.dropFirst()) }
      let near = Suggestion.question(for: name, among: name.contains(".") ? names : shortNames)
      let question = near.map { "\($0) " } ?? ""
      throw CommandError(
        .usage, "sysctl: no such setting: \(Visible.quoted(name))",
        hint: "\(question)'sysctl' lists them")
    }
    let fields = Fields(
      key: "setting",
      [Field("name", "setting", .text(setting.name)), Field("value", "value", cell(setting.value))])
    var blocks: [Block] = [.fields(fields), .prose(setting.meaning), .prose(setting.advice)]
    if let remark = setting.remark { blocks.append(note(remark, setting.name, .binary)) }
    return Document(blocks)
  }

  static func all(_ review: SysctlReview, _ facts: HostFacts, _ settings: Settings) -> Document {
    var blocks: [Block] = []
    if !facts.isLive {
      let source = Visible.text(facts.source?.description ?? "")
      blocks.append(.note(.info, "settings of the machine captured in \(source)"))
    }
    blocks.append(
      .fields(
        Fields(
          key: "settings", title: "settings",
          review.settings.map {
            Field($0.name, $0.name, cell($0.value), meaning: $0.meaning)
          })))
    blocks += review.settings.compactMap { setting in
      setting.remark.map { note($0, setting.name, settings.units) }
    }
    blocks.append(commit(review.commit))
    blocks.append(.prose(review.commit.meaning))
    if review.commit.agrees == false, let computed = review.commit.recomputed {
      blocks.append(
        .note(
          .info,
          "CommitLimit is not what the settings give (\(settings.units.text(bytes: computed.count)))"
        ))
    }
    if let remark = review.commit.remark { blocks.append(note(remark, nil, settings.units)) }
    blocks += swap(review.swap, settings.units)
    blocks += kills(review.kills)
    return Document(blocks)
  }

  private static func cell(_ value: SysctlReview.Setting.Value) -> Cell {
    switch value {
    case .missing: .missing
    case .number(let number): .integer(number)
    case .invalid(let text): .text(text.description)
    }
  }

  private static func note(
    _ remark: SysctlReview.Remark, _ name: String?, _ units: SizeUnits
  ) -> Block {
    let severity: Severity =
      switch remark.concern {
      case .note: .info
      case .warning: .warning
      case .critical: .critical
      }
    let text = remark.text.text { units.text(bytes: $0.count) }
    return .note(severity, (name.map { "\($0): " } ?? "") + text)
  }

  private static func commit(_ review: CommitReview) -> Block {
    .fields(
      Fields(
        key: "commit", title: "promised memory",
        [
          Field("limit", "CommitLimit", bytes(review.limit), meaning: "enforced in mode 2 only"),
          Field(
            "committed", "Committed_AS", bytes(review.committed),
            meaning: "address space promised so far, used or not"),
          Field("share", "Committed_AS / CommitLimit", review.share.map(Cell.share) ?? .missing),
        ]))
  }

  private static func swap(_ review: SwapReview, _ units: SizeUnits) -> [Block] {
    var blocks: [Block] = [
      .fields(
        Fields(
          key: "swap", title: "swap",
          [
            Field("total", "total", bytes(review.total)), Field("free", "free", bytes(review.free)),
            Field("zram", "zram", .text(review.zram.rawValue), meaning: "swap on compressed RAM"),
            Field(
              "zswap", "zswap", .text(review.zswap.rawValue),
              meaning: "compressed cache in front of swap"),
          ]))
    ]
    if let devices = review.devices, !devices.isEmpty {
      blocks.append(
        .table(
          Table(
            key: "swap_devices",
            columns: [
              Column("name", "device", canShrink: true), Column("size", "size", .right),
              Column("used", "used", .right), Column("priority", "priority", .right, dropOrder: 1),
            ],
            rows: devices.map {
              [
                .text($0.name.description), .bytes($0.size.count), .bytes($0.used.count),
                $0.priority.map(Cell.integer) ?? .missing,
              ]
            })))
    }
    if let remark = review.remark { blocks.append(note(remark, nil, units)) }
    return blocks
  }

  private static func kills(_ account: KillAccount?) -> [Block] {
    guard let account else { return [] }
    let fields = Fields(
      key: "kills", title: "kills since boot",
      [
        Field("counted", "counted", .integer(account.counted), meaning: "oom_kill in /proc/vmstat"),
        Field("logged", "in the log", .integer(account.logged)),
      ])
    var blocks: [Block] = [.fields(fields), .prose(account.meaning)]
    if account.lost > 0 {
      blocks.append(.note(.warning, "\(account.lost) kills are not in the loaded kernel log"))
    }
    return blocks
  }

  private static func bytes(_ size: OOMReports.Bytes?) -> Cell {
    size.map { .bytes($0.count) } ?? .missing
  }
}
