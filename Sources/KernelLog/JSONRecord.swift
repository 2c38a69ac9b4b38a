/// What the members of a log store's object say of the line that one of them holds.
struct JSONRecord {
  private(set) var text: Range<Int>?
  /// Whether the text is bytes as numbers, as a journal's that cannot be printed.
  private(set) var isOfNumbers = false
  private var rank = Int.max
  private(set) var host: Range<Int>?
  private var hostRank = HostRank(isUnsure: true, depth: .max, place: .max)
  private(set) var origin = LogRecord.Origin.unknown
  /// Whether it names something that only other programs' lines have.
  private(set) var isOfOthers = false
  /// The name of the object inside that the last member began.
  private var parent: Range<Int>?
  private var time: Range<Int>?
  private var timeDepth = Int.max
  private var journal: LogRecord
  /// The level and facility that dmesg's own JSON gives.
  private var priority: Int64?
  /// The level and the printk time, in seconds and microseconds, that Fluent Bit read of /dev/kmsg.
  private var level: Int64?
  private var seconds: Int64?
  private var micros: Int64?

  /// An object of which nothing has been read.
  init() {
    journal = LogRecord(start: 0, end: 0, message: 0..<0)
  }

  /// Reads the members behind an offset; nil where there are none.
  ///
  /// - Parameters:
  ///   - line: Holds the object.
  ///   - start: Where its brace stands.
  ///   - time: Where its time stands, if that is no member of it.
  init?(_ line: Span<UInt8>, _ start: Int, at time: Range<Int>? = nil) {
    self.init()
    self.time = time.map { line.skippingBrackets($0) }
    if time != nil { timeDepth = .min }
    var members = JSONMembers(offset: start + 1, isNested: true)
    var count = 0
    while count < 256, let member = members.next(in: line) {
      count += 1
      read(member, in: line)
    }
    guard count > 0 else { return nil }
    if journal.origin != .unknown { origin = journal.origin }
    readAsDmesg(line)
    readAsFluentBit()
  }

  /// How sure a member is to name the line's host: by its name, and among the names of hosts by how
  /// deep inside it stands.
  private struct HostRank: Comparable {
    let isUnsure: Bool
    let depth: Int
    let place: Int

    init(isUnsure: Bool, depth: Int, place: Int) {
      (self.isUnsure, self.depth, self.place) = (isUnsure, depth, place)
    }

    init(_ place: Int, depth: Int) {
      // An object that is the host's own stands where its name would.
      let isOwned = JSONNames.hosts[place].owner != nil
      self.init(
        isUnsure: place >= JSONNames.sureHosts, depth: max(0, depth - (isOwned ? 1 : 0)),
        place: place)
    }

    static func < (left: Self, right: Self) -> Bool {
      (left.isUnsure ? 1 : 0, left.depth, left.place)
        < (right.isUnsure ? 1 : 0, right.depth, right.place)
    }
  }

  /// Takes over what a member says.
  mutating func read(_ member: JSONMembers.Member, in line: Span<UInt8>) {
    if let field = JournalField.named(member.name, in: line), field != .message {
      field.read(member.value, in: line, into: &journal)
    }
    let key = JSONNames.Key(member.name, in: parent, line)
    if readText(member, in: line) { return }
    if member.isString || !member.value.isEmpty || key.isOne(of: JSONNames.containers, in: line) {
      readAuthor(member.value, key, in: line)
    }
    if JSONNames.times.contains(where: { line.isWord(member.name, $0) }) {
      // What labels and other objects inside say is less of the line than what stands beside it.
      if member.depth < timeDepth { (time, timeDepth) = (member.value, member.depth) }
    }
    if member.isString {
      if let place = key.rank(in: JSONNames.hosts, line) {
        let rank = HostRank(place, depth: member.depth)
        if rank < hostRank { (host, hostRank) = (member.value, rank) }
      }
    } else if member.value.isEmpty {
      parent = member.name
    } else {
      readNumber(line.number(at: member.value), line, member.name)
    }
  }

  private mutating func readText(_ member: JSONMembers.Member, in line: Span<UInt8>) -> Bool {
    guard let rank = JSONNames.lines.firstIndex(where: { line.isWord(member.name, $0) }) else {
      return false
    }
    // Only a journal has numbers for a message.
    let isText = member.isString || member.isArray && rank == 0 && !member.value.isEmpty
    if isText, rank < self.rank {
      (text, self.rank, isOfNumbers) = (member.value, rank, member.isArray)
    }
    return isText
  }

  /// Takes over who wrote the line.
  private mutating func readAuthor(
    _ value: Range<Int>, _ key: JSONNames.Key, in line: Span<UInt8>
  ) {
    if key.isOne(of: JSONNames.authors, in: line), Self.isKernel(value, in: line) {
      origin = .kernel
    } else if origin != .kernel, key.isOne(of: JSONNames.programs, in: line) {
      origin = .program
    } else if key.isOne(of: JSONNames.others, in: line) {
      let text = line.extracting(0..<value.upperBound)
      let isSystem = JSONNames.systemLogs.contains { text.first($0, from: value.lowerBound) != nil }
      isOfOthers = isOfOthers || !isSystem
    }
  }

  private mutating func readNumber(_ value: Int64?, _ line: Span<UInt8>, _ name: Range<Int>) {
    switch line.ascii(name) {
    case "pri": priority = value
    case "priority": level = value
    case "sec": seconds = value
    case "usec": micros = value
    default: break
    }
  }

  /// Whether a value is `kernel`, `kernel:` or the facility's `kern`.
  private static func isKernel(_ value: Range<Int>, in line: Span<UInt8>) -> Bool {
    let end =
      line.end(of: "kernel", at: value.lowerBound) ?? line.end(of: "kern", at: value.lowerBound)
    return end == value.upperBound
      || (end == value.upperBound - 1 && line.byte(at: value.upperBound - 1) == .colon)
  }

  /// `{"pri":4,"time":12.345678,"msg":"…"}`: an entry of `dmesg --json` by itself.
  private mutating func readAsDmesg(_ line: Span<UInt8>) {
    guard let priority, let time, origin == .unknown else { return }
    var cursor = time.lowerBound
    guard let seconds = line.integer(at: &cursor), line.byte(at: cursor) == .dot,
      (0..<500_000_000).contains(seconds)
    else { return }
    cursor += 1
    guard let fraction = line.fraction(at: &cursor) else { return }
    journal.stamp.uptimeMicros = seconds * 1_000_000 + fraction.micros
    origin = priority < 8 ? .kernel : .program
  }

  /// `{"priority":4,"sequence":1,"sec":12,"usec":345678,"msg":"…"}`: what Fluent Bit reads of
  /// /dev/kmsg, of which it keeps the level only.
  private mutating func readAsFluentBit() {
    guard let level, (0..<8).contains(level), origin == .unknown, let seconds, let micros,
      (0..<500_000_000).contains(seconds), (0..<1_000_000).contains(micros)
    else { return }
    journal.stamp.uptimeMicros = seconds * 1_000_000 + micros
    origin = .kernel
  }

  /// The time of the store, where the line itself has none on the wall clock; a year-less stamp of the
  /// line gets what the store's tells of its year and zone.
  func addTime(_ line: Span<UInt8>, to stamp: inout Stamp) {
    if let uptime = journal.stamp.uptimeMicros, stamp.uptimeMicros == nil {
      stamp.uptimeMicros = uptime
    }
    if let civil = stamp.civil, civil.year == 0, stamp.utcOffset == nil {
      let own = storeTime(line)
      if let dated = StoreTime(own)?.dating(civil) {
        (stamp.civil, stamp.utcOffset) = (dated.civil, dated.offset)
      }
      return
    }
    guard !stamp.hasWallTime else { return }
    let own = storeTime(line)
    (stamp.civil, stamp.utcOffset) = (own.civil, own.utcOffset)
    (stamp.unixMicros, stamp.precisionMicros) = (own.unixMicros, own.precisionMicros)
    stamp.journalMonotonicMicros = own.journalMonotonicMicros
  }

  /// What the object itself says of the time.
  private func storeTime(_ line: Span<UInt8>) -> Stamp {
    var stamp = Stamp()
    if let unix = journal.stamp.unixMicros {
      stamp.unixMicros = unix
      stamp.journalMonotonicMicros = journal.stamp.journalMonotonicMicros
    } else if let time, let iso = ISOStamp(line.extracting(0..<time.upperBound), time.lowerBound) {
      iso.add(to: &stamp)
    } else if let time, let printed = Self.date(line, time) {
      stamp = printed
    } else if let time {
      (stamp.unixMicros, stamp.precisionMicros) = Self.unix(line, time)
    }
    return stamp
  }

  /// `Oct 25 14:31:23`, as syslog-ng prints it if nobody asks for more, or `Oct 25, 2026 @ 14:31:23.074`,
  /// as Kibana shows it.
  private static func date(_ line: Span<UInt8>, _ range: Range<Int>) -> Stamp? {
    var cursor = range.lowerBound
    if let date = Syslog.date(line, &cursor), cursor == range.upperBound { return date }
    guard let comma = line.first(", ", from: range.lowerBound), comma < range.upperBound,
      let (month, day) = MonthName.monthAndDay(line, range.lowerBound..<comma)
    else { return nil }
    cursor = comma + 2
    guard let year = line.fixed(4, at: &cursor), let clock = line.end(of: " @ ", at: cursor) else {
      return nil
    }
    cursor = clock
    guard let time = TimeOfDay(line, at: &cursor), cursor == range.upperBound else { return nil }
    var stamp = Stamp()
    let civil = CivilTime(
      year: year, month: month, day: day, hour: time.hour, minute: time.minute,
      second: time.second, micros: Int(time.micros))
    stamp.civil = civil
    stamp.precisionMicros = time.precisionMicros
    return civil.isValid ? stamp : nil
  }

  /// Seconds, milliseconds, microseconds or nanoseconds since 1970, told by their size.
  private static func unix(_ line: Span<UInt8>, _ range: Range<Int>) -> (Int64?, Int64) {
    var cursor = range.lowerBound
    guard let value = line.integer(at: &cursor), value > 0 else { return (nil, 1) }
    switch value {
    case 500_000_000..<20_000_000_000:
      var micros: Int64 = 0
      var precision: Int64 = 1_000_000
      if line.byte(at: cursor) == .dot {
        cursor += 1
        if let fraction = line.fraction(at: &cursor) { (micros, precision) = fraction }
      }
      return (value * 1_000_000 + micros, precision)
    case 500_000_000_000..<20_000_000_000_000: return (value * 1_000, 1_000)
    case 500_000_000_000_000..<20_000_000_000_000_000: return (value, 1)
    case 500_000_000_000_000_000...: return (value / 1_000, 1)
    default: return (nil, 1)
    }
  }
}

extension Span where Element == UInt8 {
  /// The number that a member's value begins with.
  fileprivate func number(at value: Range<Int>) -> Int64? {
    var cursor = value.lowerBound
    return integer(at: &cursor)
  }

  /// A range without the brackets that it begins with.
  fileprivate func skippingBrackets(_ range: Range<Int>) -> Range<Int> {
    var start = range.lowerBound
    while start < range.upperBound, self[start] == .openBracket { start += 1 }
    return start..<range.upperBound
  }
}
