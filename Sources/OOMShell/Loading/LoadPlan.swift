internal import Investigation
internal import KernelLog
internal import Platform

/// Finds out what the words after `load` mean: which files, in which order, read together or apart.
struct LoadPlan {
  /// Something that is read as one stream.
  enum Item {
    case ring
    /// The files of one log, oldest first.
    case log([LogPart])
    /// What `oomsh extract` wrote of logs.
    case records(LogPart)
  }

  private(set) var items: [Item] = []
  /// What cannot be read.
  private(set) var faults: [CommandError] = []
  /// Files below directories that do not look like logs.
  private(set) var skipped = 0
  /// The machines whose facts came along.
  private(set) var machines: [CapturedMachine] = []
  private var candidates: [Candidate] = []
  private let environment: Environment
  private let loader: Loader
  /// The index that the first of `machines` will have.
  private let firstMachine: Int

  /// A file, and what its beginning tells.
  private struct Candidate {
    var part: LogPart
    let name: LogName
    let head: LogHead
    let canOpenAgain: Bool

    /// When its first line was written.
    var moment: Int64 { head.time.wallMicros ?? 0 }
  }

  /// Larger archives are to be unpacked by their owner.
  private static let mostScratch = 4 << 30
  /// Files further apart may print the same day of different years.
  private static let longestSet: Int64 = 300 * 86_400_000_000

  init(in environment: Environment, _ loader: Loader, firstMachine: Int) {
    self.environment = environment
    self.loader = loader
    self.firstMachine = firstMachine
  }

  mutating func addRing() { items.append(.ring) }

  /// Plans to read a journal.
  mutating func add(_ query: SystemJournal.Query, named name: String) {
    let environment = environment
    var part = LogPart(name: name) { () throws(Environment.Unreadable) in
      try environment.openJournal(query, name)
    }
    part.isOfThisMachine = query.place == nil
    items.append(.log([part]))
  }

  /// Plans to read a file, what an archive holds, or what looks like a log below a directory.
  mutating func add(_ path: String, named name: String) throws(CommandError) {
    if environment.isDirectory(path) {
      try addDirectory(path, named: name)
    } else {
      let environment = environment
      let before = faults.count
      try add(
        LogPart(name: name) { () throws(Environment.Unreadable) in try environment.openLog(path) })
      for index in before..<faults.count where path != name && faults[index].hint == nil {
        faults[index].hint = "it was looked for at \(Visible.quoted(path))"
      }
    }
  }

  private mutating func add(_ part: LogPart) throws(CommandError) {
    var part = part
    let log: Environment.Log
    let head: LogHead
    do throws(Environment.Unreadable) {
      log = try part.open()
      part.modifiedMicros = log.modifiedMicros
      head = try LogHead(of: log, in: environment, loader.clock(modified: log.modifiedMicros))
    } catch {
      if error == .interrupted || environment.isInterrupted() { throw .interrupted() }
      faults.append(.unreadable(part.name, error))
      return
    }
    if head.isArchive { return try addArchive(part.name, head.putBack(before: log)) }
    // Standard input may be a file, but what was read of it is gone for whoever opens it again.
    let canOpenAgain = log.size != nil && part.name != "-"
    if !canOpenAgain {
      let whole = head.putBack(before: log)
      part = part.opening { whole }
    }
    if RecordLoader.recognises(head.bytes) {
      items.append(.records(part))
      return
    }
    candidates.append(
      Candidate(part: part, name: LogName(part.name), head: head, canOpenAgain: canOpenAgain))
  }

  /// Groups the files into logs. Called once everything has been added.
  mutating func finish() {
    var groups: [[Candidate]] = []
    var places: [String: Int] = [:]
    var dumps: [String: DumpOrder<LogPart>] = [:]
    for candidate in candidates {
      if candidate.canOpenAgain, let part = candidate.head.dumpPart {
        let directory = Script.directory(of: candidate.part.name)
        dumps[directory, default: DumpOrder()].add(candidate.part, part)
        continue
      }
      guard candidate.canOpenAgain else {
        groups.append([candidate])
        continue
      }
      let key = "\(candidate.name.base) \(candidate.head.format.name)"
      let isNew =
        !(places[key].map { groups[$0].contains { $0.part.name == candidate.part.name } }
        ?? true)
      if let place = places[key], isNew {
        groups[place].append(candidate)
      } else {
        places[key] = groups.count
        groups.append([candidate])
      }
    }
    candidates = []
    for group in groups {
      let isRotated = group.contains { $0.name.isRotated }
      for set in isRotated ? Self.sets(group) : group.map({ [$0] }) {
        items.append(.log(set.map(\.part)))
      }
    }
    for (_, dump) in dumps.sorted(by: { $0.key < $1.key }) { items += dump.items.map { .log($0) } }
  }

  /// The files of one log, oldest first, cut where years lie between them.
  private static func sets(_ group: [Candidate]) -> [[Candidate]] {
    let areDated = group.allSatisfy { $0.head.time.wallMicros != nil }
    let sorted = group.sorted { first, second in
      if areDated, first.moment != second.moment { return first.moment < second.moment }
      // Many lines share a second, and then the kernel's own clock tells.
      if areDated, let uptime = first.head.time.uptimeMicros,
        let other = second.head.time.uptimeMicros, uptime != other
      {
        return uptime < other
      }
      if let age = first.name.age ?? (first.name.isRotated ? nil : 0),
        let other = second.name.age ?? (second.name.isRotated ? nil : 0)
      {
        return age > other
      }
      if first.name.isRotated != second.name.isRotated { return first.name.isRotated }
      return first.part.name < second.part.name
    }
    var sets: [[Candidate]] = []
    for candidate in sorted {
      let written = candidate.part.modifiedMicros ?? 0
      if let first = sets.last?.first?.part.modifiedMicros, abs(written - first) <= longestSet {
        sets[sets.count - 1].append(candidate)
      } else {
        sets.append([candidate])
      }
    }
    return sets
  }
}

extension LogPart {
  /// The same log, opened in another way.
  fileprivate func opening(
    _ open: @escaping @Sendable () throws(Environment.Unreadable) -> Environment.Log
  ) -> LogPart {
    var part = LogPart(name: name, open: open)
    part.isOfThisMachine = isOfThisMachine
    part.machine = machine
    part.isRing = isRing
    part.isFound = isFound
    part.modifiedMicros = modifiedMicros
    return part
  }
}

/// Directories.
extension LoadPlan {
  private mutating func addDirectory(_ path: String, named name: String) throws(CommandError) {
    let listing: FileTree.Listing
    do throws(Environment.Unreadable) {
      listing = try environment.listFiles(path)
    } catch {
      if environment.isInterrupted() { throw .interrupted() }
      faults.append(.unreadable(name, error))
      return
    }
    faults += listing.unreadable.map { .unreadable($0.path ?? name, $0.reason) }
    if listing.isCut {
      faults.append(
        CommandError(
          .unreadable, "\(Visible.quoted(name)) holds too many files; not all were looked at",
          hint: "name the directory with the logs"))
    }
    let top = name.hasSuffix("/") ? name : name + "/"
    var captured = CapturedMachines(in: name, name.hasSuffix("/") ? "" : "/")
    for file in listing.files {
      let place = CapturedMachine.place(of: file.name)
      guard CapturedMachine.wants(place.path), let bytes = smallFile(path + "/" + file.name) else {
        continue
      }
      captured.take(place, bytes)
    }
    let first = keep(captured)
    var journals: [String] = []
    var archives: [LogPart] = []
    var logs = 0
    for file in listing.files {
      if environment.isInterrupted() { throw .interrupted() }
      if LogName.isJournal(file.name) {
        let directory = Script.directory(of: file.name)
        if !journals.contains(directory) { journals.append(directory) }
        continue
      }
      let environment = environment
      var part = LogPart(name: top + file.name) { () throws(Environment.Unreadable) in
        try environment.openLog(path + "/" + file.name)
      }
      if LogName(file.name).looksLikeLog {
        let place = CapturedMachine.place(of: file.name)
        part.isFound = true
        part.machine = captured.index(around: place.root).map { first + $0 }
        part.isRing = CapturedMachine.isRing(place.path)
        logs += 1
        try add(part)
      } else if LogName.isArchive(file.name) {
        archives.append(part)
      } else {
        skipped += 1
      }
    }
    if logs == 0, journals.isEmpty, captured.isEmpty {
      // Beside logs, an archive is a copy of them, or something else that is large.
      for archive in archives { try add(archive) }
      if archives.isEmpty { faults.append(.nothingInside(name)) }
    } else {
      skipped += archives.count
    }
    for directory in journals {
      add(
        SystemJournal.Query(place: .directory(path + "/" + directory)), named: top + directory)
    }
  }

  /// The content of a file that is a fact; nil where it cannot be read, which makes it missing.
  private func smallFile(_ path: String) -> [UInt8]? {
    guard let log = try? environment.openLog(path), let size = log.size,
      size <= CapturedMachine.longestFile
    else { return nil }
    return try? log.readAgain?(0..<size)
  }

  /// When the machine booted whose ring buffer a log is; nil where it is none, or that is not known.
  func boot(of parts: [LogPart]) -> BootMoment? {
    guard let part = parts.first, parts.count == 1, part.isRing, let number = part.machine else {
      return nil
    }
    return machines[number - firstMachine].boot
  }

  /// Keeps what is known of machines; returns the index that the first of them has.
  private mutating func keep(_ captured: CapturedMachines) -> Int {
    defer { machines += captured.machines }
    return firstMachine + machines.count
  }
}

/// Archives.
extension LoadPlan {
  private mutating func addArchive(
    _ name: String, _ log: Environment.Log
  ) throws(CommandError) {
    let before = faults.count
    var reader = TarReader(log)
    var captured = CapturedMachines(in: name, ":")
    var parts: [(part: LogPart, root: String)] = []
    var room = Self.mostScratch
    var progress = Progress(name, size: log.size, in: environment)
    defer { progress.end() }
    do throws(TarReader.Fault) {
      while let member = try reader.next() {
        if environment.isInterrupted() { throw .unreadable(.interrupted) }
        progress.show(reader.bytesRead, of: log.consumed())
        let place = CapturedMachine.place(of: member.name)
        if CapturedMachine.wants(place.path), member.size <= CapturedMachine.longestFile {
          captured.take(place, try Self.bytes(of: member, &reader))
        } else if LogName(member.name).looksLikeLog || LogName.isJournal(member.name) {
          guard member.size <= room else {
            faults.append(.tooLargeArchive(name))
            break
          }
          room -= member.size
          guard member.size > 0 else { continue }
          var part = try part(member, of: name, &reader)
          part.isRing = CapturedMachine.isRing(place.path)
          parts.append((part, place.root))
        } else {
          skipped += 1
        }
      }
    } catch {
      switch error {
      case .unreadable(.interrupted): throw .interrupted()
      case .unreadable(let reason):
        if environment.isInterrupted() { throw .interrupted() }
        faults.append(.damaged(name, reason))
      case .damaged:
        faults.append(.damaged(name, Environment.Unreadable("the archive ends too early")))
      }
    }
    let first = keep(captured)
    if parts.isEmpty, captured.isEmpty, faults.count == before {
      faults.append(.nothingInside(name))
    }
    for (var part, root) in parts {
      part.machine = captured.index(around: root).map { first + $0 }
      try add(part)
    }
  }

  private static func bytes(
    of member: TarReader.Member, _ reader: inout TarReader
  ) throws(TarReader.Fault) -> [UInt8] {
    var bytes: [UInt8] = []
    try unsafe reader.read(
      { (piece) throws(Environment.Unreadable) in unsafe bytes.append(contentsOf: piece) },
      failing: { .unreadable($0) })
    return bytes
  }

  private func part(
    _ member: TarReader.Member, of archive: String, _ reader: inout TarReader
  ) throws(TarReader.Fault) -> LogPart {
    let scratch: Environment.Scratch
    do throws(Environment.Unreadable) {
      scratch = try environment.makeScratch()
    } catch {
      throw .unreadable(error)
    }
    try unsafe reader.read(
      { (piece) throws(Environment.Unreadable) in try unsafe scratch.write(piece) },
      failing: { .unreadable($0) })
    let name = "\(archive):\(member.name)"
    let modified = min(max(member.modified, 0), 1 << 40) * 1_000_000
    var part = LogPart(name: name) { () throws(Environment.Unreadable) in
      try scratch.log(name, modified)
    }
    part.isFound = true
    return part
  }
}

extension CommandError {
  fileprivate static func nothingInside(_ name: String) -> CommandError {
    CommandError(
      .unreadable, "\(Visible.quoted(name)) holds nothing that looks like a kernel log",
      hint: "name the files themselves: what they are called does not matter then")
  }

  fileprivate static func tooLargeArchive(_ name: String) -> CommandError {
    CommandError(
      .unreadable, "\(Visible.quoted(name)) holds more than 4 GiB of logs; not all were read",
      hint: "unpack it and load the directory")
  }
}
