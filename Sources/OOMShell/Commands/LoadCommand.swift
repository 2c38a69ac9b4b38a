internal import Investigation
internal import KernelLog
internal import Platform
internal import Presentation

extension Command {
  static let load = Command(
    "load", aliases: ["open"], .sources, "read the kernel's log, a journal, files or directories",
    parameters: [
      Parameter(
        "FILE", .log, .zeroOrMore,
        "a log, a directory, an archive, 'dmesg', 'journal' or '-'"),
      .option("tz", .text, "the zone of stamps that print none; the session's where left out"),
      .flag("quiet", "say only what must not be missed, on standard error"),
      .option(
        "boot", .name { _ in JournalWord.boots }, "of the journal this boot only (-b)", short: "b"),
      .option("since", .time, "of the journal only what came since; counts from now"),
      .option(
        "directory", .directory, "the journal in this directory, not this machine's (-D)",
        short: "D"),
      .option("file", .path, "the journal in this file, not this machine's"),
    ],
    examples: [
      Example("load", "the journal and the kernel's ring buffer, as far as you may read them"),
      Example("load dmesg", "the ring buffer of the running kernel"),
      Example("load /var/log/kern.log*", "a rotated log, packed parts too, as one"),
      Example("load journal --since=7d", "all boots of the last week"),
      Example("load sosreport.tar.xz", "the logs in an archive, and that machine's settings"),
      Example("load ./dmesg", "a file that is called dmesg"),
    ]
  ) { (state, arguments) throws(CommandError) in
    let zone = try arguments.text("tz").map { (name) throws(CommandError) in
      try state.zone(named: name)
    }
    var loading = try Loading(state, arguments, zone)
    try loading.plan(arguments.logs("FILE"))
    try loading.read()
    state.take(loading, isQuiet: arguments.has("quiet"))
    for fault in loading.faults.dropLast() { state.report(fault) }
    if let fault = loading.faults.last { throw fault }
    return Document()
  }
}

/// A `load` on its way: what it means to read, has read, and could not read.
struct Loading {
  private let state: ShellState
  private let query: SystemJournal.Query?
  /// The zone of the logs, where the user names it.
  fileprivate let zone: Zone?
  private var plan: LoadPlan
  private(set) var loaded: [Loader.Loaded] = []
  private(set) var faults: [CommandError] = []
  /// Found files without an event.
  private(set) var idle = 0
  private(set) var notes: [Block] = []
  /// Whether nothing was named, so that a source which may not be read is no failure.
  private var takesBest = false

  init(_ state: ShellState, _ arguments: Arguments, _ zone: Zone?) throws(CommandError) {
    self.state = state
    self.zone = zone
    plan = LoadPlan(
      in: state.environment, state.loader(zone), firstMachine: state.machines.count)
    query = try JournalWord.query(arguments, state)
  }

  /// What became known of captured machines.
  var machines: [CapturedMachine] { plan.machines }

  /// Files that do not look like logs.
  var skipped: Int { plan.skipped }

  mutating func plan(_ words: [LogWord]) throws(CommandError) {
    if words.isEmpty, query == nil {
      takesBest = true
      plan.add(SystemJournal.Query(), named: JournalWord.name)
      plan.addRing()
    }
    if let query, !words.contains(where: \.isJournal) {
      guard words.isEmpty else { throw JournalWord.strayOption() }
      plan.add(query, named: JournalWord.name(of: query))
    }
    for word in words {
      if word.text == "dmesg" {
        plan.addRing()
      } else if word.isJournal {
        let query = query ?? SystemJournal.Query()
        plan.add(query, named: JournalWord.name(of: query))
      } else if let pattern = word.pattern {
        try add(pattern, word.text)
      } else {
        try plan.add(state.resolve(word.text), named: word.text)
      }
    }
    plan.finish()
    faults += plan.faults
  }

  private mutating func add(_ pattern: String, _ text: String) throws(CommandError) {
    let resolved = state.resolve(pattern)
    let matches = state.environment.matches(resolved)
    // Paths are shown as they were typed: without the directory of the script.
    let added = resolved.count - pattern.count
    for path in matches {
      let isRelative = added > 0 && !pattern.hasPrefix("~")
      try plan.add(path, named: isRelative ? String(path.dropFirst(added)) : path)
    }
    guard matches.isEmpty else { return }
    // A name may hold a star.
    if let log = try? state.environment.openLog(state.resolve(text)), log.size != nil {
      return try plan.add(state.resolve(text), named: text)
    }
    faults.append(
      CommandError(
        .unreadable, "no file matches \(Visible.quoted(text))",
        hint: "a name that holds one of * ? [ goes in quotes"))
  }

  /// Reads everything to its end; nothing of the session changes.
  mutating func read() throws(CommandError) {
    for item in plan.items {
      switch item {
      case .ring: try readRing()
      case .log(let parts): try read(parts)
      case .records(let part): try readRecords(part)
      }
    }
    if takesBest { chooseBest() }
  }

  private mutating func readRing() throws(CommandError) {
    var loader = state.loader(zone)
    do throws(Environment.Unreadable) {
      loaded.append(loader.load(try state.environment.readRing()))
    } catch {
      if error == .interrupted || state.environment.isInterrupted() { throw .interrupted() }
      faults.append(.unreadable("dmesg", error))
    }
  }

  private mutating func read(_ parts: [LogPart]) throws(CommandError) {
    var loader = state.loader(zone)
    let files: [Loader.Loaded]
    do throws(Environment.Unreadable) {
      files = try loader.load(parts, boot: plan.boot(of: parts))
    } catch {
      if error == .interrupted { throw .interrupted() }
      throw .unreadable(parts.first?.name ?? "", error)
    }
    var previous: Int?
    for file in files {
      if let fault = file.fault { faults.append(fault) }
      guard file.isInput, !file.isIdle else {
        idle += file.isIdle ? 1 : 0
        // A file in between stays in the chain of the files around it.
        continue
      }
      if let previous { loaded[previous].input.next = state.session.nextInput + loaded.count }
      previous = loaded.count
      loaded.append(file)
    }
  }

  private mutating func readRecords(_ part: LogPart) throws(CommandError) {
    var loader = RecordLoader(part.name, in: state.environment)
    do throws(Environment.Unreadable) {
      for source in try loader.load(try part.open()) {
        if let fault = source.fault { faults.append(fault) }
        loaded.append(source)
      }
    } catch {
      if error == .interrupted { throw .interrupted() }
      faults.append(.unreadable(part.name, error))
    }
  }

  /// Of what nobody named, that which cannot be read is told and is no failure, if something can.
  private mutating func chooseBest() {
    let count = loaded.count
    loaded.removeAll { $0.input.name == JournalWord.name && $0.input.byteCount == 0 }
    if loaded.count < count { faults.insert(JournalWord.nothingToRead(), at: 0) }
    guard !loaded.isEmpty else { return }
    for fault in faults {
      let hint = fault.hint.map { " (\($0))" } ?? ""
      notes.append(.note(.info, "\(fault.message): \(fault.cause ?? "")\(hint)"))
    }
    faults = []
    let taken = loaded.map(\.input.name)
    if taken == ["dmesg"] {
      notes.append(.note(.info, "taken: the ring buffer alone"))
    } else if taken == [JournalWord.name] {
      notes.append(.note(.info, "taken: the journal alone"))
    } else {
      notes.append(
        .note(.info, "taken: the journal of all boots, and the ring buffer, which may be ahead"))
    }
  }
}

/// The word `journal` after `load`, and the options that go with it.
enum JournalWord {
  static let name = "journal"

  static let boots = [
    Choice("all", "every boot, as without it"), Choice("0", "the running one"),
    Choice("-1", "the one before"),
  ]

  private static let options = ["boot", "since", "directory", "file"]

  static func name(of query: SystemJournal.Query) -> String {
    switch query.place {
    case .directory(let path), .file(let path): "\(name) \(path)"
    case nil: name
    }
  }

  /// What the options ask for; nil where none was given.
  static func query(
    _ arguments: Arguments, _ state: ShellState
  ) throws(CommandError) -> SystemJournal.Query? {
    guard options.contains(where: arguments.has) else { return nil }
    var query = SystemJournal.Query()
    if let boot = arguments.text("boot") {
      let isLegal = boot.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x61...0x66).contains($0) || $0 == 0x2B || $0 == 0x2D
      }
      guard boot == "all" || isLegal && !boot.isEmpty else { throw badBoot(boot) }
      query.boot = boot
    }
    if let since = arguments.time("since") {
      guard let moment = try state.momentFromNow(since) else {
        throw CommandError(
          .usage, "load: --since: a time since boot says nothing about a journal",
          hint: "legal: 24h, 'yesterday 14:00', a date; see 'help load'")
      }
      query.since = moment
    }
    if let directory = arguments.text("directory") {
      query.place = .directory(state.resolve(directory))
    }
    if let file = arguments.text("file") {
      guard query.place == nil else {
        throw CommandError(
          .usage, "load: --directory and --file exclude each other", hint: "see 'help load'")
      }
      query.place = .file(state.resolve(file))
    }
    return query
  }

  static func nothingToRead() -> CommandError {
    CommandError(
      .unreadable, "cannot read 'journal'",
      hint: "members of the groups adm and systemd-journal may read the system's journal",
      cause: "it holds no kernel message that this user may read")
  }

  static func strayOption() -> CommandError {
    CommandError(
      .usage, "load: --boot, --since, --directory and --file go with 'journal'",
      hint: "write 'load journal' before them, and files in a 'load' of their own")
  }

  private static func badBoot(_ text: String) -> CommandError {
    CommandError(
      .usage, "load: --boot: \(Visible.quoted(text)) names no boot",
      hint: "legal: all, 0, -1, -2, …, or the id that 'journalctl --list-boots' prints")
  }
}

extension LogWord {
  fileprivate var isJournal: Bool { text == JournalWord.name }
}

extension ShellState {
  /// A zone that the user names.
  fileprivate func zone(named name: String) throws(CommandError) -> Zone {
    let zone = Zone(name)
    guard environment.offset(zone, environment.clock().wallMicros) != nil else {
      throw .badSettingValue(name, of: try Setting.find("tz"))
    }
    return zone
  }

  /// A loader for logs in a zone, the session's where none is named.
  fileprivate func loader(_ zone: Zone?) -> Loader {
    Loader(in: environment, zone: zone ?? settings.zone, isZoneGiven: zone != nil)
  }

  /// Makes what was read part of the session, and says what it is.
  fileprivate mutating func take(_ loading: Loading, isQuiet: Bool) {
    let loaded = loading.loaded
    machines += loading.machines
    guard !loaded.isEmpty || loading.idle + loading.skipped > 0 else { return }
    let first = session.inputs.count
    let known = session.events.count
    sources += loaded.map(\.source)
    session.add(loaded.map { ($0.input, $0.events) })
    refreshView()
    let added = session.inputs.indices.suffix(from: first)
    var answer = LoadAnswer.document(added, after: known, in: self)
    if let zone = loading.zone,
      let note = LoadAnswer.zoneNote(zone, for: added, in: self)
    {
      answer.blocks.append(note)
    }
    answer.blocks += LoadAnswer.machines(loading.machines)
    answer.blocks += LoadAnswer.passedOver(idle: loading.idle, skipped: loading.skipped)
    answer.blocks += loading.notes
    if isQuiet {
      remark(on: answer)
    } else {
      let isLive = added.contains { session.inputs[$0].isOfThisMachine }
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
