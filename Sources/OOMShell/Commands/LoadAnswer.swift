internal import Investigation
internal import KernelLog
internal import OOMReports
internal import Presentation

/// What `load` says, and `inputs` lists.
enum LoadAnswer {
  /// The inputs just loaded; `known` events were there before.
  static func document(
    _ indices: Range<Int>, after known: Int, in state: ShellState
  ) -> Document {
    let inputs = indices.map { state.session.inputs[$0] }
    var blocks: [Block] =
      inputs.isEmpty ? [] : [.table(table(inputs, in: state, isBrief: true))]
    if let newest = newest(after: known, in: state) { blocks.append(.prose(newest)) }
    blocks += inputs.flatMap { input in
      notes(input) + conflict(input, in: state.session)
        + StrayKillsNote.blocks(input, in: state.session)
    }
    blocks += assumptions(inputs, TimeDisplay(state))
    return Document(blocks)
  }

  /// The newest of the events just loaded in one line: what most people are about to ask for.
  private static func newest(after known: Int, in state: ShellState) -> String? {
    let session = state.session
    let numbers = known + 1..<session.events.count + 1
    guard let last = numbers.last else { return nil }
    let isDated = { (number: Int) in session.events.wallMicros(at: number - 1) != nil }
    let number = numbers.last(where: isDated) ?? last
    let event = session.event(number)
    let time = TimeDisplay(state).words(event.time)
    // Nothing tells whether an undated event is newer.
    let isSure = !isDated(number) || numbers.allSatisfy(isDated)
    let label = isSure ? "Newest" : "Newest with a date"
    return "\(label): event \(number), \(time): \(EventHeadline.text(event))."
  }

  /// The captured machines that came along.
  static func machines(_ machines: [CapturedMachine]) -> [Block] {
    machines.map { machine in
      let host = machine.hostName.map { " of host \(Visible.text($0.description))" } ?? ""
      return .note(
        .info,
        "\(Visible.quoted(machine.name)) holds settings and memory\(host): "
          + "'sysctl' and 'recommend' use these for its events")
    }
  }

  /// What was found in directories and archives and is no input.
  static func passedOver(idle: Int, skipped: Int) -> [Block] {
    var parts: [String] = []
    if idle > 0 { parts.append("\(idle) \(idle == 1 ? "log" : "logs") without a report") }
    if skipped > 0 {
      parts.append(
        "\(skipped) \(skipped == 1 ? "file does" : "files do") not look like a kernel log")
    }
    return parts.isEmpty ? [] : [.note(.info, "passed over: \(parts.joined(separator: "; "))")]
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
        column: Column("packing", "unpacked by", dropOrder: 6), matters: { $0.packing != nil }
      ) { $0.packing.map(Cell.text) ?? .missing },
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
        column: Column("known", "known", .right, dropOrder: 3),
        matters: { !isBrief && $0.duplicateCount > 0 }
      ) { .integer(Int64($0.duplicateCount)) },
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

  /// What the stamps of logs do not print and had to be assumed.
  private struct Assumption: Hashable {
    /// The year of a log's end; nil where years are printed.
    var year: String?
    /// Nil where the zone is printed or given.
    var zone: String?

    /// Nil where nothing is assumed.
    init?(_ input: Input, _ display: TimeDisplay) {
      guard let wall = input.end.wallMicros else { return nil }
      switch input.end.basis {
      case .printedYearAssumed, .yearAssumed: year = String(display.iso(wall).prefix(4))
      default: break
      }
      if input.end.basis.assumesZone { zone = display.zoneName(at: wall) }
      guard year != nil || zone != nil else { return nil }
    }

    func words(of names: [String], among count: Int) -> String {
      let isOne = names.count == 1
      let who =
        isOne
        ? "\(Visible.quoted(names[0])) prints"
        : (names.count == count ? "all \(count)" : "\(names.count) of the \(count)")
          + " inputs print"
      let (whose, what) = isOne ? ("its", "end is") : ("their", "ends are")
      return switch (year, zone) {
      case (let year?, let zone?):
        "\(who) neither year nor zone: \(whose) \(what) taken for \(year), \(whose) zone for \(zone)"
      case (let year?, nil): "\(who) no year: \(whose) \(what) taken for \(year)"
      case (nil, let zone):
        "\(who) no zone: \(isOne ? "it is" : "they are") taken for \(zone ?? "")"
      }
    }
  }

  /// One note for all inputs of which the same is assumed, as those of a rotated log.
  private static func assumptions(_ inputs: [Input], _ display: TimeDisplay) -> [Block] {
    var known: [(assumption: Assumption, names: [String])] = []
    for input in inputs {
      guard let assumption = Assumption(input, display) else { continue }
      if let index = known.firstIndex(where: { $0.assumption == assumption }) {
        known[index].names.append(input.name)
      } else {
        known.append((assumption, [input.name]))
      }
    }
    return known.map { .note(.info, $0.assumption.words(of: $0.names, among: inputs.count)) }
  }

  /// What the zone of `load --tz` is for, where it is not the one in which times are shown.
  static func zoneNote(
    _ given: Zone, for indices: Range<Int>, in state: ShellState
  ) -> Block? {
    let ends = indices.compactMap { state.session.inputs[$0].end.wallMicros }
    guard let wall = ends.max() else { return nil }
    let own = TimeDisplay(state).zoneName(at: wall)
    let logs = TimeDisplay(state, in: given).zoneName(at: wall)
    guard own != logs else { return nil }
    return .note(
      .info,
      "stamps without a zone are read as \(Visible.text(given.description)); times are shown, and typed ones read, in the "
        + "session's zone, \(own): 'set tz \(Visible.text(given.description))' changes that")
  }

  private static func notes(_ input: Input) -> [Block] {
    var notes: [Block] = []
    let name = Visible.quoted(input.name)
    if input.byteCount == 0, input.packing != RecordLoader.packing {
      let isJournal = input.packing == "journalctl"
      let what = isJournal ? "holds no such kernel message that you may read" : "is empty"
      notes.append(.note(.warning, "\(name) \(what)"))
    } else if input.endsEvent, input.eventCount == 0, input.duplicateCount == 0 {
      notes.append(.note(.info, "\(name) holds only the rest of a report of the file before"))
    } else if input.eventCount == 0, input.duplicateCount == 0 {
      let others = OtherKillsAnswer.words([input])
      let rest = others.map { ", but \($0): 'events --kind=all' lists them" } ?? ""
      notes.append(
        .note(.info, "no report of the kernel's OOM killer was found in \(name)\(rest)"))
      if input.otherKills.counts[.systemd] != nil {
        notes.append(
          .note(
            .info,
            "the kernel's report of what systemd saw is in the kernel's own log: 'load journal', or "
              + "what dmesg prints"))
      }
    }
    if input.blobLines > 0 {
      let lines = input.blobLines == 1 ? "1 kernel line" : "\(input.blobLines) kernel lines"
      notes.append(
        .note(
          .warning,
          "journalctl left \(lines) of \(name) out ('blob data'), and kills may be among them: "
            + "print it with -a or -o export"))
    }
    if input.isPutInOrder {
      notes.append(
        .note(
          .info,
          "the lines of \(name) did not come in the order of the kernel's log and were put back: "
            + "line numbers count them in order"))
    }
    notes += input.clockConflicts.map { .note(.warning, words($0, name)) }
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
    if input.missedCount > 0 {
      let messages =
        input.missedCount == 1 ? "1 kernel message" : "\(input.missedCount) kernel messages"
      notes.append(
        .note(.warning, "\(name): journald missed \(messages): reports may be cut or lacking"))
    }
    if let complaint = input.complaint {
      notes.append(.note(.warning, "\(name): \(Visible.text(complaint))"))
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

extension LoadAnswer {
  /// What is to be known where two anchors cannot both be right.
  private static func words(_ conflict: ClockConflict, _ name: String) -> String {
    let cause =
      switch conflict.cut {
      case .fork: "a virtual machine was resumed"
      case .suspend: "the machine slept"
      case .clocksource: "the kernel gave up a clock"
      case .step: "the wall clock was set"
      case nil: "VM resume?"
      }
    return
      "the clock anchors of \(name) disagree by \(span(conflict.micros)) (\(cause)): times rest on "
      + "\(conflict.kept.word), not on \(conflict.other.word)"
  }

  /// What is to be known where another input dates the same events otherwise.
  private static func conflict(_ input: Input, in session: Session) -> [Block] {
    guard let conflict = input.timeConflict else { return [] }
    let events = conflict.count == 1 ? "1 event" : "\(conflict.count) events"
    let most = conflict.count == 1 ? "" : " at most"
    let own = Visible.quoted(input.name)
    let other = Visible.quoted(session.inputs[conflict.input].name)
    let sides = [
      "those of \(own) (\(conflict.basis.word))", "those of \(other) (\(conflict.otherBasis.word))",
    ]
    let kept = conflict.isKept ? 0 : 1
    return [
      .note(
        .warning,
        "\(own) and \(other) date \(events) that both hold \(span(conflict.micros)) apart\(most): "
          + "\(sides[kept]) are kept, not \(sides[1 - kept])")
    ]
  }

  /// `3.5 s`, `49.5 h`.
  private static func span(_ micros: Int64) -> String {
    let units: [(Int64, String)] = [(3_600_000_000, "h"), (60_000_000, "min"), (1_000_000, "s")]
    let unit = units.first { micros >= 2 * $0.0 } ?? (1_000_000, "s")
    let tenths = micros * 10 / unit.0
    return tenths % 10 == 0 ? "\(tenths / 10) \(unit.1)" : "\(tenths / 10).\(tenths % 10) \(unit.1)"
  }
}
