internal import Investigation
internal import KernelLog
internal import OOMReports
internal import Presentation

/// Reads what `oomsh extract` wrote, also several outputs one behind the other, as the logs that it
/// was made from: each is an input of its own.
struct RecordLoader {
  private let environment: Environment
  private let name: String
  private var sources: [Source] = []
  private var numbers: [String: Int] = [:]
  private var kept: [Int: ReportBytes] = [:]
  private var keptBytes = 0
  private var unkept = 0
  private var strangers = Strangers()

  /// One of the logs that the records tell of.
  private struct Source {
    var input: Input
    var events = EventStore()
    /// Whether its last record is there, without which the output was cut short.
    var isWhole = false
  }

  /// Lines that are no records.
  private struct Strangers {
    private(set) var count = 0
    private(set) var first = 0

    mutating func add(_ line: Int) {
      if count == 0 { first = line }
      count += 1
    }
  }

  /// How many bytes of records are kept from what cannot be read again.
  private static let spool = 256 << 20
  /// A record with every row of a large table is a few MiB long.
  private static let longestLine = 64 << 20

  init(_ name: String, in environment: Environment) {
    self.name = name
    self.environment = environment
  }

  /// Whether a file that begins so holds event records.
  static func recognises(_ head: [UInt8]) -> Bool {
    guard let line = head.split(separator: UInt8.newline, maxSplits: 1).first,
      line.starts(with: Array("{\"".utf8))
    else { return false }
    if let value = try? JSONValue(parsing: Array(line)) { return isRecord(value) }
    // The head may end inside a long record.
    return line.starts(with: Array("{\"type\":\"event\",\"id\":\"".utf8))
  }

  private static func isRecord(_ value: JSONValue) -> Bool {
    guard let fields = RecordFields(value), let type = fields.string("type") else { return false }
    return switch type {
    case "header": fields.string("schema") == schema
    case "event": fields.object("source") != nil && fields.string("id") != nil
    case "summary": fields.string("source") != nil && fields.integer("events") != nil
    default: false
    }
  }

  /// What `inputs` says of how such an input came.
  static let packing = "oomsh extract"

  private static let schema = "oomsh.events"
  private static let version: Int64 = 1

  /// Reads to the end. ^C is the only error.
  mutating func load(_ log: Environment.Log) throws(Environment.Unreadable) -> [Loader.Loaded] {
    var lines = LineBuffer()
    var fault: CommandError?
    var progress = Progress(name, size: log.size, in: environment)
    defer { progress.end() }
    do throws(Environment.Unreadable) {
      while fault == nil, let chunk = try lines.fill(from: log) {
        for line in chunk where fault == nil {
          do throws(CommandError) {
            try read(line.bytes, at: line.offset, number: line.number, keeps: log.readAgain == nil)
          } catch {
            fault = error
          }
        }
        if environment.isInterrupted() { throw Environment.Unreadable.interrupted }
        guard lines.waiting <= Self.longestLine else {
          fault = .damaged(name, Environment.Unreadable("a line is longer than any record"))
          break
        }
        progress.show(lines.bytesRead, of: log.consumed())
      }
    } catch {
      if environment.isInterrupted() { throw .interrupted }
      fault = .damaged(name, error)
    }
    return finish(log, fault ?? shortcoming)
  }

  private mutating func read(
    _ line: [UInt8], at offset: Int, number: Int, keeps: Bool
  ) throws(CommandError) {
    guard let value = try? JSONValue(parsing: line), let fields = RecordFields(value),
      let type = fields.string("type")
    else { return strangers.add(number) }
    switch type {
    case "header": try check(fields)
    case "event":
      guard let report = OOMReport(record: value), let source = fields.object("source") else {
        return strangers.add(number)
      }
      let index = index(of: source.string("name") ?? name)
      let carrier = source.string("carrier").flatMap(Carrier.init(rawValue:)) ?? .plain
      let boot = Int(clamping: fields.integer("boot") ?? 0)
      let event = Event(
        report, input: index, boot: boot, byteRange: offset..<offset + line.count)
      sources[index].events.append(event)
      sources[index].input.coverage.add(report, carrier, linesBefore: 0)
      sources[index].input.end = Self.newer(report.time, sources[index].input.end)
      if keeps { keep(line, at: offset) }
    case "summary":
      guard let name = fields.string("source") else { return }
      let index = index(of: name)
      sources[index].isWhole = true
      let bytes = Int(clamping: fields.integer("bytes") ?? 0)
      let lines = Int(clamping: fields.integer("lines") ?? 0)
      // Pieces of a log add up; a second record of the whole says the same again.
      let before = fields["own"] == nil ? nil : sources[index].input
      sources[index].input.byteCount = (before?.byteCount ?? 0) + bytes
      sources[index].input.lineCount = (before?.lineCount ?? 0) + lines
      let boots = Int(clamping: fields.integer("boots") ?? 0)
      sources[index].input.bootCount = max(sources[index].input.bootCount, boots)
    default: return
    }
  }

  private func check(_ header: RecordFields) throws(CommandError) {
    let version = header.integer("v")
    guard header.string("schema") == Self.schema, version == Self.version else {
      throw CommandError(
        .unreadable, "\(Visible.quoted(name)) holds records of another version",
        hint: "this oomsh reads \(Self.schema) version \(Self.version)",
        cause: version.map { "version \($0)" })
    }
  }

  private mutating func index(of source: String) -> Int {
    if let known = numbers[source] { return known }
    var input = Input(name: source)
    input.packing = Self.packing
    numbers[source] = sources.count
    sources.append(Source(input: input))
    return sources.count - 1
  }

  private static func newer(_ time: LogTime, _ known: LogTime) -> LogTime {
    (time.wallMicros ?? .min, time.uptimeMicros ?? .min)
      >= (known.wallMicros ?? .min, known.uptimeMicros ?? .min) ? time : known
  }

  private mutating func keep(_ line: [UInt8], at offset: Int) {
    guard keptBytes + line.count <= Self.spool else {
      unkept += 1
      return
    }
    kept[offset] = ReportBytes(line)
    keptBytes += line.count
  }

  /// What is missing or wrong in what was read.
  private var shortcoming: CommandError? {
    if strangers.count > 0 {
      let lines = strangers.count == 1 ? "a line is" : "\(strangers.count) lines are"
      return .damaged(
        name,
        Environment.Unreadable(
          "\(lines) no event record, first line \(strangers.first)",
          hint: "the output of extract was cut, or something was mixed in"))
    }
    let cut = sources.filter { !$0.isWhole }.map { Visible.quoted($0.input.name) }
    guard let first = cut.first else { return nil }
    let more = cut.count > 1 ? " and \(cut.count - 1) more" : ""
    return .damaged(
      name,
      Environment.Unreadable(
        "there is no summary of \(first)\(more)",
        hint: "the output of extract was cut short: events may be missing"))
  }

  private func finish(_ log: Environment.Log, _ fault: CommandError?) -> [Loader.Loaded] {
    let file = LoadedSource.File(log: log, size: .max, lacksNewline: false)
    var loaded = sources.map { source in
      var input = source.input
      let found = input.coverage
      input.carriers = Carrier.allCases.filter { found.carriers[$0] != nil }
      input.bootCount = max(input.bootCount, found.carriers.isEmpty ? 0 : 1)
      return Loader.Loaded(
        input: input, events: source.events,
        source: LoadedSource(
          clock: Clock(), format: .lines, files: [file], kept: kept, isRecords: true))
    }
    if loaded.isEmpty {
      let source = LoadedSource(clock: Clock(), format: .lines, isRecords: true)
      loaded.append(
        Loader.Loaded(input: Input(name: name), events: EventStore(), source: source))
    }
    loaded[0].fault = fault
    loaded[0].unkept = unkept
    return loaded
  }
}

/// The lines of a log as they come in, each with its place.
private struct LineBuffer {
  private var rest: [UInt8] = []
  private var start = 0
  private var number = 0
  private var isAtEnd = false
  private(set) var bytesRead = 0

  struct Line {
    let bytes: [UInt8]
    let offset: Int
    /// From 1.
    let number: Int
  }

  /// Bytes of a line whose end has not come.
  var waiting: Int { rest.count }

  /// The lines whose end has come; nil behind the last one.
  mutating func fill(from log: Environment.Log) throws(Environment.Unreadable) -> [Line]? {
    guard !isAtEnd else { return nil }
    var chunk = [UInt8](repeating: 0, count: 256 << 10)
    let count = try unsafe chunk.withUnsafeMutableBufferPointer {
      (buffer) throws(Environment.Unreadable) in
      try unsafe log.read(UnsafeMutableRawBufferPointer(buffer))
    }
    isAtEnd = count == 0
    bytesRead += count
    rest += chunk[..<count]
    var lines: [Line] = []
    var from = 0
    while from < rest.count {
      let newline = rest[from...].firstIndex(of: UInt8.newline)
      guard let end = newline ?? (isAtEnd ? rest.count : nil) else { break }
      number += 1
      if end > from {
        lines.append(Line(bytes: Array(rest[from..<end]), offset: start + from, number: number))
      }
      from = min(end + 1, rest.count)
    }
    rest.removeFirst(from)
    start += from
    return lines
  }
}
