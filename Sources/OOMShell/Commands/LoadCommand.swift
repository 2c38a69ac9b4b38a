internal import Investigation
internal import KernelLog
internal import Presentation

extension Command {
  static let load = Command(
    "load", aliases: ["open"], .inputs, "read the kernel's log, files, or standard input",
    parameters: [
      Parameter(
        "FILE", .log, .oneOrMore, "a log; 'dmesg' for the running kernel, '-' for standard input")
    ],
    examples: [
      Example("load dmesg", "the ring buffer of the running kernel"),
      Example("load /var/log/kern.log", "a file; what it is, is found out by looking"),
      Example("load ./dmesg", "a file that is called dmesg"),
    ]
  ) { (state, arguments) throws(CommandError) in
    var faults: [CommandError] = []
    var loaded: [Int] = []
    for name in arguments.texts("FILE") {
      do throws(CommandError) {
        try state.load(name)
        loaded.append(state.session.inputs.count - 1)
      } catch {
        if error.code == .interrupted { throw error }
        faults.append(error)
      }
    }
    if !loaded.isEmpty { state.show(LoadAnswer.document(loaded, in: state)) }
    for fault in faults.dropLast() { state.report(fault) }
    if let fault = faults.last { throw fault }
    return Document()
  }
}

extension ShellState {
  /// Loads one input; the session stays as it was where that fails.
  fileprivate mutating func load(_ name: String) throws(CommandError) {
    var loader = Loader(name, in: environment)
    let index = session.nextInput
    let loaded: Loader.Loaded
    do throws(Environment.Unreadable) {
      if name == "dmesg" {
        loaded = loader.load(try environment.readRing(), index: index, zone: settings.zone)
      } else {
        let log = try environment.openLog(resolve(name))
        loaded = try load(log, by: &loader, index)
      }
    } catch {
      throw .unreadable(name, error)
    }
    if loaded.isBinary {
      throw CommandError(
        .unreadable, "\(Visible.quoted(name)) is no text and holds no OOM report",
        hint: "load a log as text: dmesg, syslog, journalctl, /dev/kmsg")
    }
    sources.append(loaded.source)
    session.add(loaded.input, loaded.events)
    refreshView()
    if loaded.unkept > 0 {
      report(
        CommandError(
          .failed, "the lines of \(loaded.unkept) events were not kept",
          hint: "'show' and 'raw' need a file that can be read again"))
    }
  }

  private func load(
    _ log: Environment.Log, by loader: inout Loader, _ index: Int
  ) throws(Environment.Unreadable) -> Loader.Loaded {
    do throws(CommandError) {
      return try loader.load(log, index: index, zone: settings.zone)
    } catch {
      throw Environment.Unreadable(error.cause ?? error.message, hint: error.hint)
    }
  }
}

/// What `load` says, and `inputs` lists.
enum LoadAnswer {
  static func document(_ indices: [Int], in state: ShellState) -> Document {
    let inputs = indices.map { state.session.inputs[$0] }
    var blocks: [Block] = [.table(table(inputs, in: state))]
    blocks += inputs.flatMap { notes($0) + assumptions($0, TimeDisplay(state)) }
    if let recent = RecentKills.note(state) { blocks.append(recent) }
    return Document(blocks)
  }

  static func table(_ inputs: [Input], in state: ShellState) -> Table {
    let display = TimeDisplay(state)
    return Table(
      key: "inputs",
      columns: [
        Column("name", "input", canShrink: true), Column("carrier", "form", canShrink: true),
        Column("lines", "lines", .right, dropOrder: 2),
        Column("size", "size", .right, dropOrder: 3),
        Column("boots", "boots", .right, dropOrder: 4), Column("events", "events", .right),
        Column("kills", "kills", .right), Column("unplaced", "no wall time", .right, dropOrder: 1),
        Column("end", "newest line", dropOrder: 5),
      ],
      rows: inputs.map { input in
        [
          .text(input.name),
          .text(input.carriers.map(\.rawValue).joined(separator: ", ")),
          .integer(Int64(input.lineCount)), .bytes(Int64(input.byteCount)),
          .integer(Int64(input.bootCount)), .integer(Int64(input.eventCount)),
          .integer(Int64(input.killCount)), .integer(Int64(input.unplacedCount)),
          display.cell(input.end),
        ]
      })
  }

  /// What the stamps of a log do not print and had to be assumed.
  private static func assumptions(_ input: Input, _ display: TimeDisplay) -> [Block] {
    guard let wall = input.end.wallMicros else { return [] }
    let name = Visible.quoted(input.name)
    let zone = display.zoneName(at: wall)
    switch input.end.basis {
    case .printedYearAssumed:
      let year = display.iso(wall).prefix(4)
      return [.note(.info, "\(name) prints neither year nor zone: \(year) and \(zone) are assumed")]
    case .printedZoneAssumed:
      return [.note(.info, "\(name) prints no zone: \(zone) is assumed")]
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
    }
    if input.isLive, input.eventCount == 0 {
      notes.append(
        .note(
          .info,
          "the ring buffer is small: older reports may be in the journal or in /var/log/kern.log"))
    }
    if input.duplicateCount > 0 {
      notes.append(
        .note(
          .info,
          "\(input.duplicateCount) events of \(name) are known already and were not added again"))
    }
    if input.lostCount > 0 {
      notes.append(
        .note(.warning, "the kernel overwrote \(input.lostCount) records before they were read"))
    }
    return notes
  }
}

/// The warning that processes are being killed now, which only a live input can give.
enum RecentKills {
  private static let dayMicros: Int64 = 86_400_000_000

  static func note(_ state: ShellState) -> Block? {
    guard state.session.inputs.contains(where: \.isLive) else { return nil }
    let now = state.environment.clock().wallMicros
    let recent = (1...max(state.session.events.count, 1)).lazy.compactMap { number -> Event? in
      guard number <= state.session.events.count else { return nil }
      let event = state.session.event(number)
      guard let wall = event.time.wallMicros, state.session.inputs[event.input].isLive else {
        return nil
      }
      return (0...dayMicros).contains(now - wall) ? event : nil
    }
    let events = Array(recent)
    let kills = events.reduce(0) { $0 + $1.killCount }
    guard kills > 0, let newest = events.compactMap(\.time.wallMicros).max() else { return nil }
    let minutes = (now - newest) / 60_000_000
    let ago = minutes < 120 ? "\(minutes) min" : "\(minutes / 60) h"
    let noun = kills == 1 ? "process was" : "processes were"
    return .note(
      .warning, "\(kills) \(noun) killed in the last 24 hours, the latest \(ago) ago")
  }
}
