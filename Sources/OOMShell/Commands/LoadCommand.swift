internal import Investigation
internal import KernelLog
internal import Presentation

extension Command {
  static let load = Command(
    "load", aliases: ["open"], .sources, "read the kernel's log, files, or standard input",
    parameters: [
      Parameter(
        "FILE", .log, .oneOrMore, "a log; 'dmesg' for the running kernel, '-' for standard input"),
      .flag("quiet", "say only what must not be missed, on standard error"),
    ],
    examples: [
      Example("load dmesg", "the ring buffer of the running kernel"),
      Example("load /var/log/kern.log", "a file; what it is, is found out by looking"),
      Example("load ./dmesg", "a file that is called dmesg"),
    ]
  ) { (state, arguments) throws(CommandError) in
    var faults: [CommandError] = []
    var loaded: [Loader.Loaded] = []
    for name in arguments.texts("FILE") {
      do throws(CommandError) {
        loaded.append(try state.read(name, index: state.session.nextInput + loaded.count))
      } catch {
        if error.code == .interrupted { throw error }
        faults.append(error)
      }
    }
    state.take(loaded, isQuiet: arguments.has("quiet"))
    for fault in faults.dropLast() { state.report(fault) }
    if let fault = faults.last { throw fault }
    return Document()
  }
}

extension ShellState {
  /// Reads one input to its end; nothing of the session changes.
  fileprivate func read(_ name: String, index: Int) throws(CommandError) -> Loader.Loaded {
    var loader = Loader(name, in: environment)
    let loaded: Loader.Loaded
    do throws(Environment.Unreadable) {
      if name == "dmesg" {
        loaded = loader.load(try environment.readRing(), index: index, zone: settings.zone)
      } else {
        let log = try environment.openLog(resolve(name))
        loaded = try loader.load(log, index: index, zone: settings.zone)
      }
    } catch {
      if error == .interrupted { throw .interrupted() }
      throw .unreadable(name, error)
    }
    if let fault = loaded.fault { throw fault }
    return loaded
  }

  /// Makes what was read part of the session, and says what it is.
  fileprivate mutating func take(_ loaded: [Loader.Loaded], isQuiet: Bool) {
    guard !loaded.isEmpty else { return }
    let first = session.inputs.count
    let known = session.events.count
    sources += loaded.map(\.source)
    session.add(loaded.map { ($0.input, $0.events) })
    refreshView()
    let added = session.inputs.indices.suffix(from: first)
    var answer = LoadAnswer.document(added, after: known, in: self)
    if isQuiet {
      remark(on: answer)
    } else {
      let isLive = added.contains { session.inputs[$0].isLive }
      if isLive, let recent = RecentKills.note(self) { answer.blocks.append(recent) }
      show(answer)
    }
    let unkept = loaded.reduce(0) { $0 + $1.unkept }
    if unkept > 0 {
      let events = unkept == 1 ? "1 event was" : "\(unkept) events were"
      report(
        CommandError(
          .failed, "the lines of \(events) not kept",
          hint: "'show' and 'raw' need a file that can be read again"))
    }
  }
}

/// What `load` says, and `inputs` lists.
enum LoadAnswer {
  /// The inputs just loaded; `known` events were there before.
  static func document(
    _ indices: Range<Int>, after known: Int, in state: ShellState
  ) -> Document {
    let inputs = indices.map { state.session.inputs[$0] }
    var blocks: [Block] = [.table(table(inputs, in: state, isBrief: true))]
    if let newest = newest(after: known, in: state) { blocks.append(.prose(newest)) }
    blocks += inputs.flatMap { notes($0) + assumptions($0, TimeDisplay(state)) }
    return Document(blocks)
  }

  /// The newest of the events just loaded in one line: what most people are about to ask for.
  private static func newest(after known: Int, in state: ShellState) -> String? {
    let session = state.session
    let numbers = Array(known + 1..<session.events.count + 1)
    guard let last = numbers.last else { return nil }
    let isDated = { (number: Int) in session.events.time(at: number - 1).wallMicros != nil }
    let number = numbers.last(where: isDated) ?? last
    let event = session.event(number)
    let time = TimeDisplay(state).words(event.time)
    // Nothing tells whether an undated event is newer.
    let isSure = !isDated(number) || numbers.allSatisfy(isDated)
    let label = isSure ? "Newest" : "Newest with a date"
    return "\(label): event \(number), \(time): \(EventHeadline.text(event))."
  }

  private struct InputColumn {
    let column: Column
    /// Whether an input has anything to say in it; where none has, it is left out.
    var matters: (Input) -> Bool = { _ in true }
    let cell: (Input) -> Cell
  }

  /// The inputs as rows; in brief without their lines and sizes, which `inputs` shows.
  static func table(_ inputs: [Input], in state: ShellState, isBrief: Bool = false) -> Table {
    let display = TimeDisplay(state)
    let times = display.layout(of: inputs.map(\.end))
    let columns = [
      InputColumn(column: Column("name", "input", canShrink: true, readableWidth: 24)) {
        .path($0.name)
      },
      InputColumn(column: Column("carrier", "form", dropOrder: 1)) { input in
        input.carriers.isEmpty
          ? .missing : .text(input.carriers.map(\.rawValue).joined(separator: ", "))
      },
      InputColumn(
        column: Column("lines", "lines", .right, dropOrder: 5), matters: { _ in !isBrief }
      ) {
        .integer(Int64($0.lineCount))
      },
      InputColumn(
        column: Column("size", "size", .right, dropOrder: 4), matters: { _ in !isBrief }
      ) {
        .bytes(Int64($0.byteCount))
      },
      InputColumn(
        column: Column("boots", "boots", .right, dropOrder: 3), matters: { $0.bootCount > 1 }
      ) { .integer(Int64($0.bootCount)) },
      InputColumn(column: Column("events", "events", .right)) { .integer(Int64($0.eventCount)) },
      InputColumn(column: Column("kills", "kills", .right)) { .integer(Int64($0.killCount)) },
      InputColumn(
        column: Column("unplaced", "undated", .right, dropOrder: 2),
        matters: { $0.unplacedCount > 0 }
      ) { .integer(Int64($0.unplacedCount)) },
      InputColumn(column: Column("end", "up to\(times.suffix)", dropOrder: 2)) {
        times.cell($0.end)
      },
      InputColumn(
        column: Column("uptime_us", "uptime", .right, isForPrograms: true),
        matters: { $0.end.uptimeMicros != nil }
      ) { $0.end.uptimeMicros.map(Cell.integer) ?? .missing },
    ]
    let shown = columns.filter { inputs.contains(where: $0.matters) }
    return Table(
      key: "inputs", columns: shown.map(\.column),
      rows: inputs.map { input in shown.map { $0.cell(input) } })
  }

  /// What the stamps of a log do not print and had to be assumed.
  private static func assumptions(_ input: Input, _ display: TimeDisplay) -> [Block] {
    guard let wall = input.end.wallMicros else { return [] }
    let name = Visible.quoted(input.name)
    let zone = display.zoneName(at: wall)
    switch input.end.basis {
    case .printedYearAssumed:
      let year = display.iso(wall).prefix(4)
      return [
        .note(
          .info,
          "\(name) prints neither year nor zone: its end is taken for \(year), its zone for \(zone)"
        )
      ]
    case .printedZoneAssumed:
      return [.note(.info, "\(name) prints no zone: it is taken for \(zone)")]
    case .none, .printed, .live, .journal:
      return []
    }
  }

  private static func notes(_ input: Input) -> [Block] {
    var notes: [Block] = []
    let name = Visible.quoted(input.name)
    if input.byteCount == 0 {
      notes.append(.note(.warning, "\(name) is empty"))
    } else if input.eventCount == 0, input.duplicateCount == 0 {
      notes.append(.note(.info, "\(name) holds no report of the kernel's OOM killer"))
      if let others = OtherKillsAnswer.words([input]) {
        notes.append(.note(.info, "but \(others): 'events --kind=all' lists them"))
      }
    }
    if input.isLive, input.eventCount == 0 {
      notes.append(
        .note(
          .info,
          "the ring buffer is small: older reports may be in the journal or in /var/log/kern.log"))
    }
    if input.duplicateCount > 0 {
      let events = input.duplicateCount == 1 ? "1 event" : "\(input.duplicateCount) events"
      let verbs = input.duplicateCount == 1 ? ("is", "was") : ("are", "were")
      notes.append(
        .note(.info, "\(events) of \(name) \(verbs.0) known already and \(verbs.1) not added again")
      )
    }
    if input.lostCount > 0 {
      let records =
        input.lostCount == 1
        ? "1 record before it was" : "\(input.lostCount) records before they were"
      notes.append(.note(.warning, "the kernel overwrote \(records) read"))
    }
    return notes
  }
}

/// The warning that processes are being killed now, which only the load of a live input can give.
enum RecentKills {
  private static let dayMicros: Int64 = 86_400_000_000

  static func note(_ state: ShellState) -> Block? {
    let session = state.session
    let now = state.environment.clock().wallMicros
    var kills = 0
    var newest: Int64?
    for index in 0..<session.events.count {
      guard let wall = session.events.time(at: index).wallMicros,
        (0...dayMicros).contains(now - wall),
        session.inputs[session.events.boot(at: index).input].isLive
      else { continue }
      kills += session.events.killCount(at: index)
      newest = max(newest ?? wall, wall)
    }
    guard kills > 0, let newest else { return nil }
    let noun = kills == 1 ? "process was" : "processes were"
    return .note(
      .warning,
      "\(kills) \(noun) killed in the last 24 hours, the latest \(words(now - newest)) ago")
  }

  /// A span as a person says it, rounded to minutes or hours.
  private static func words(_ micros: Int64) -> String {
    let minutes = (micros + 30_000_000) / 60_000_000
    if minutes < 1 { return "less than a minute" }
    return minutes < 120 ? "\(minutes) min" : "\((minutes + 30) / 60) h"
  }
}
