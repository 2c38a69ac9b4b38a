/// One JSON object a line with the log's line in one of its members: Docker's log files, exports of
/// Loki, Elasticsearch, CloudWatch, Google Cloud, Fluent Bit and others.
///
/// Any program's messages come so. A message is taken for the kernel's only where the object says
/// so, or where the line inside has a prefix of the kernel's.
enum JSONLine {
  static let object = Wrapper(
    name: "JSON object", begins: ByteSet("{\u{1E}"),
    samples: [
      #"{"log":"[   12.345678] x\n","stream":"stdout","time":"2026-10-25T14:31:23.074316789Z"}"#,
      #"{"labels":{"host":"web1"},"line":"\u003c4\u003e[   12.345678] x"}"#,
      #"{"@timestamp":"2026-10-25T14:31:23Z","message":"Oct 25 14:31:23 web1 kernel: x"}"#,
      #"{"message":"x","program":"kernel","host":"web1"}"#,
    ],
    read: { line, frame in
      let start = line.skippingBlanks(from: frame.begin)
      let brace = line.byte(at: start) == UInt8(ascii: "{") ? start : start + 1
      guard line.byte(at: brace) == UInt8(ascii: "{"), let object = Object(line, brace) else {
        return nil
      }
      return wrapped(line, object)
    })

  /// `    "message": "…",`: one member a line, as JSON is printed for people.
  static let member = Wrapper(
    name: "JSON member", begins: ByteSet("\""),
    samples: [#"    "message": "[   12.345678] x","#, #""textPayload": "<4>[   12.345678] x""#],
    read: { line, frame in
      let start = line.skippingBlanks(from: frame.begin)
      guard let object = Object(line, start - 1), object.text != nil else { return nil }
      return wrapped(line, object)
    })

  /// `    "…",`: a line that is a string of an array, as Ansible prints a command's output.
  static let element = Wrapper(
    name: "JSON string", begins: ByteSet("\""), samples: [#"    "[   12.345678] x","#],
    read: { line, frame in
      let start = line.skippingBlanks(from: frame.begin)
      var end = frame.end
      while end > start, line[end - 1] == .space || line[end - 1] == .comma { end -= 1 }
      // A table's row of one quoted cell has neither blanks before it nor a comma behind it.
      guard start > frame.begin || end < frame.end, end > start + 2, line[end - 1] == .quote,
        line.first(.quote, from: start + 1) == end - 1,
        var inside = LineReader.inside(
          line, LineReader.Frame(begin: start + 1, end: end - 1), from: start + 1)
      else { return nil }
      inside.prefix.wrapping = .json
      inside.prefix.outerCarrier = .jsonLines
      return inside
    })

  /// The line of an object that a container printed, behind the stamp of its runtime; nil where none
  /// stands there.
  static func held(
    _ line: Span<UInt8>, _ frame: LineReader.Frame, by outer: LinePrefix
  ) -> (frame: LineReader.Frame, prefix: LinePrefix)? {
    guard outer.needsKernel, outer.wrapping == .none, !outer.isKernels,
      line.byte(at: outer.offset) == UInt8(ascii: "{"),
      case (let inner, var prefix)? = object.read(
        line, LineReader.Frame(begin: outer.offset, end: frame.end))
    else { return nil }
    if !prefix.stamp.hasWallTime {
      prefix.stamp.civil = outer.stamp.civil
      prefix.stamp.utcOffset = outer.stamp.utcOffset
      prefix.stamp.precisionMicros = outer.stamp.precisionMicros
    }
    prefix.outerCarrier = outer.outerCarrier
    prefix.innerStart = outer.innerStart
    return (inner, prefix)
  }

  private static func wrapped(
    _ line: Span<UInt8>, _ object: Object
  ) -> (frame: LineReader.Frame, prefix: LinePrefix)? {
    guard let text = object.text else { return nil }
    if line.starts(with: "{\\\"", at: text.lowerBound) { return nested(line, text, object) }
    let end = line.trimmingLineEnd(text)
    var outer = LinePrefix(offset: text.lowerBound)
    outer.needsKernel = true
    var prefix = LineReader.read(
      line.extracting(0..<end), from: text.lowerBound, as: outer)
    if !prefix.isKernels, object.origin == .kernel { prefix.origin = .kernel }
    if object.origin == .program { prefix.origin = .program }
    prefix.host = prefix.host ?? object.host
    object.addTime(line, to: &prefix.stamp)
    prefix.wrapping = .json
    if object.isOfNumbers { (prefix.wrapping, prefix.encoding) = (.none, .byteArray) }
    prefix.outerCarrier = .jsonLines
    prefix.needsKernel = object.origin != .kernel
    prefix.isFinished = prefix.offset > text.lowerBound || object.origin != .unknown
    return (LineReader.Frame(begin: text.lowerBound, end: end), prefix)
  }

  /// The line of an object that is a string in another one, as a container's runtime keeps a journal
  /// that a container prints.
  private static func nested(
    _ line: Span<UInt8>, _ text: Range<Int>, _ outer: Object
  ) -> (frame: LineReader.Frame, prefix: LinePrefix)? {
    let peeled = PeeledLine(json: text, in: line)
    let bytes = peeled.bytes.span
    guard
      var (frame, prefix) = object.read(bytes, LineReader.Frame(begin: 0, end: bytes.count)),
      prefix.wrapping != .jsonTwice
    else { return nil }
    outer.addTime(line, to: &prefix.stamp)
    if prefix.wrapping == .json { prefix.wrapping = .jsonTwice }
    (frame, prefix) = peeled.inLine(frame, prefix)
    return (frame, prefix)
  }

  /// What the members of an object say.
  private struct Object {
    private(set) var text: Range<Int>?
    /// Whether the text is bytes as numbers, as a journal's that cannot be printed.
    private(set) var isOfNumbers = false
    private var rank = Int.max
    private(set) var host: Range<Int>?
    private(set) var origin = LogRecord.Origin.unknown
    private var time: Range<Int>?
    private var journal: LogRecord
    /// The level and facility that dmesg's own JSON gives.
    private var priority: Int64?

    /// The names that stores give the line, the surest first.
    private static let lines: [StaticString] = [
      "MESSAGE", "message", "@message", "textPayload", "log", "line", "msg", "_raw", "body",
    ]
    private static let hosts: [StaticString] = [
      "_HOSTNAME", "hostname", "host", "HOST", "node_name",
    ]
    private static let programs: [StaticString] = [
      "SYSLOG_IDENTIFIER", "program", "PROGRAM", "ident", "appname", "app_name", "syslogtag", "tag",
      "unit",
    ]
    private static let times: [StaticString] = [
      "time", "timestamp", "@timestamp", "ts", "_time", "ISODATE", "DATE", "receiveTimestamp",
    ]

    /// Reads the members behind an offset; nil where there are none.
    init?(_ line: Span<UInt8>, _ start: Int) {
      journal = LogRecord(start: 0, end: 0, message: 0..<0)
      var members = JSONMembers(offset: start + 1, isNested: true)
      var count = 0
      while count < 256, let member = members.next(in: line) {
        count += 1
        read(member, in: line)
      }
      guard count > 0 else { return nil }
      if journal.origin != .unknown { origin = journal.origin }
      readAsDmesg(line)
    }

    private mutating func read(_ member: JSONMembers.Member, in line: Span<UInt8>) {
      if let field = JournalField.named(member.name, in: line), field != .message {
        field.read(member.value, in: line, into: &journal)
      }
      let rank = Self.rank(member.name, in: Self.lines, line)
      // Only a journal has numbers for a message.
      let isMessage = member.isString || member.isArray && rank == 0 && !member.value.isEmpty
      if isMessage, let rank, rank < self.rank {
        (text, self.rank, isOfNumbers) = (member.value, rank, member.isArray)
      } else if Self.rank(member.name, in: Self.hosts, line) != nil, member.isString {
        host = member.value
      } else if Self.rank(member.name, in: Self.times, line) != nil {
        time = time ?? member.value
      } else if line.ascii(member.name) == "pri", !member.isString {
        var cursor = member.value.lowerBound
        priority = line.integer(at: &cursor)
      } else if Self.rank(member.name, in: Self.programs, line) != nil {
        let end = line.end(of: "kernel", at: member.value.lowerBound)
        let isKernel =
          end == member.value.upperBound
          || (end == member.value.upperBound - 1
            && line.byte(at: member.value.upperBound - 1) == .colon)
        if isKernel { origin = .kernel }
      }
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

    private static func rank(
      _ name: Range<Int>, in names: [StaticString], _ line: Span<UInt8>
    ) -> Int? {
      names.firstIndex {
        $0.utf8CodeUnitCount == name.count && line.starts(with: $0, at: name.lowerBound)
      }
    }

    /// The time of the store, where the line itself has none on the wall clock.
    func addTime(_ line: Span<UInt8>, to stamp: inout Stamp) {
      if let uptime = journal.stamp.uptimeMicros, stamp.uptimeMicros == nil {
        stamp.uptimeMicros = uptime
      }
      guard !stamp.hasWallTime else { return }
      if let unix = journal.stamp.unixMicros {
        stamp.unixMicros = unix
        stamp.journalMonotonicMicros = journal.stamp.journalMonotonicMicros
      } else if let time, let iso = ISOStamp(line, time.lowerBound, closedBy: .quote) {
        stamp.civil = iso.civil
        stamp.utcOffset = iso.utcOffset
        stamp.precisionMicros = iso.precisionMicros
      } else if let time, let printed = Self.date(line, time) {
        stamp.civil = printed.civil
        stamp.precisionMicros = printed.precisionMicros
      } else if let time {
        (stamp.unixMicros, stamp.precisionMicros) = Self.unix(line, time)
      }
    }

    /// `Oct 25 14:31:23`, as syslog-ng prints it if nobody asks for more.
    private static func date(_ line: Span<UInt8>, _ range: Range<Int>) -> Stamp? {
      var cursor = range.lowerBound
      return Syslog.date(line, &cursor).flatMap { cursor == range.upperBound ? $0 : nil }
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
}

extension Span where Element == UInt8 {
  /// The end of a JSON string's text without the line end that is part of it.
  fileprivate func trimmingLineEnd(_ text: Range<Int>) -> Int {
    var end = text.upperBound
    while end - 2 >= text.lowerBound,
      starts(with: "\\n", at: end - 2) || starts(with: "\\r", at: end - 2),
      byte(at: end - 3) != .backslash || end - 3 < text.lowerBound
    {
      end -= 2
    }
    return end
  }
}
