/// One JSON object a line with the log's line in one of its members: Docker's log files, exports of
/// Loki, Elasticsearch, CloudWatch, Google Cloud, Fluent Bit and others.
///
/// Any program's messages come so. Where the object names a program or a container that is not the
/// kernel, only a prefix of the kernel's inside makes a line the kernel's. Where it names none, the
/// message stands for itself, as a bare line does.
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

  /// `[0] kmsg: [[1792938683.074, {}], {"priority"=>4, … "msg"=>"…"}]`, as Fluent Bit prints what it
  /// read where that goes to its standard output.
  static let fluentBit = Wrapper(
    name: "Fluent Bit's output", begins: ByteSet("["),
    samples: [
      #"[0] kmsg: [[1792938683.074000000, {}], {"priority"=>4, "sec"=>12, "usec"=>345678, "msg"=>"x"}]"#,
      #"[1] tail.0: [1792938683.074000000, {"log"=>"[   12.345678] x"}]"#,
    ],
    read: { line, frame in
      var cursor = line.skippingBlanks(from: frame.begin) + 1
      guard line.integer(at: &cursor) != nil, let tag = line.end(of: "] ", at: cursor),
        let list = line.end(of: ": [", at: line.endOfWord(from: tag) - 1),
        let brace = line.first("{\"", from: list), brace - list < 256,
        let object = Object(line, brace, at: list..<brace)
      else { return nil }
      return wrapped(line, object)
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
    // A container printed it, whatever it does not say.
    prefix.needsKernel = prefix.needsKernel || prefix.origin != .kernel
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
    prefix.needsKernel = object.origin == .program || object.origin == .unknown && object.isOfOthers
    prefix.isFinished =
      !prefix.needsKernel || prefix.offset > text.lowerBound || object.origin != .unknown
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
  struct Object {
    private(set) var text: Range<Int>?
    /// Whether the text is bytes as numbers, as a journal's that cannot be printed.
    private(set) var isOfNumbers = false
    private var rank = Int.max
    private(set) var host: Range<Int>?
    private(set) var origin = LogRecord.Origin.unknown
    /// Whether it names a program or a container that is not the kernel.
    private(set) var isOfOthers = false
    /// Whether the members that follow are those of the host, as Elasticsearch nests them.
    private var isInHost = false
    private var time: Range<Int>?
    private var journal: LogRecord
    /// The level and facility that dmesg's own JSON gives.
    private var priority: Int64?
    /// The level and the printk time, in seconds and microseconds, that Fluent Bit read of /dev/kmsg.
    private var level: Int64?
    private var seconds: Int64?
    private var micros: Int64?

    /// The names that stores give the line, the surest first.
    private static let lines: [StaticString] = [
      "MESSAGE", "message", "@message", "textPayload", "log", "line", "msg", "_raw", "body",
      "short_message", "full_message",
    ]
    private static let hosts: [StaticString] = [
      "_HOSTNAME", "hostname", "host", "HOST", "node_name",
    ]
    /// The names of members that say `kernel` of its messages, and nothing sure of others.
    private static let programs: [StaticString] = [
      "SYSLOG_IDENTIFIER", "program", "PROGRAM", "ident", "appname", "app_name", "syslogtag", "tag",
      "unit", "facility", "service",
    ]
    /// The names of members that only other programs' messages have, unless they say `kernel`.
    private static let others: [StaticString] = [
      "SYSLOG_IDENTIFIER", "program", "PROGRAM", "ident", "appname", "app_name", "stream", "logger",
      "logger_name", "container", "container_name", "container_id", "kubernetes", "pod", "pod_name",
    ]
    private static let times: [StaticString] = [
      "time", "timestamp", "@timestamp", "ts", "_time", "ISODATE", "DATE", "receiveTimestamp",
      "date",
    ]

    /// An object of which nothing has been read.
    init() {
      journal = LogRecord(start: 0, end: 0, message: 0..<0)
    }

    /// Reads the members behind an offset; nil where there are none.
    ///
    /// - Parameter time: Where its time stands, if that is no member of it.
    init?(_ line: Span<UInt8>, _ start: Int, at time: Range<Int>? = nil) {
      self.init()
      self.time = time.map { line.skippingBrackets($0) }
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

    /// Takes over what a member says.
    mutating func read(_ member: JSONMembers.Member, in line: Span<UInt8>) {
      if let field = JournalField.named(member.name, in: line), field != .message {
        field.read(member.value, in: line, into: &journal)
      }
      let rank = Self.rank(member.name, in: Self.lines, line)
      // Only a journal has numbers for a message.
      let isMessage = member.isString || member.isArray && rank == 0 && !member.value.isEmpty
      if isMessage, let rank, rank < self.rank {
        (text, self.rank, isOfNumbers) = (member.value, rank, member.isArray)
      } else if Self.rank(member.name, in: Self.hosts, line) != nil {
        isInHost = !member.isString
        if member.isString { host = member.value }
      } else if isInHost, line.ascii(member.name) == "name", member.isString {
        (host, isInHost) = (member.value, false)
      } else if Self.rank(member.name, in: Self.times, line) != nil {
        time = time ?? member.value
      } else if line.ascii(member.name) == "pri", !member.isString {
        priority = line.number(at: member.value)
      } else if line.ascii(member.name) == "priority", !member.isString {
        level = line.number(at: member.value)
      } else if line.ascii(member.name) == "sec", !member.isString {
        seconds = line.number(at: member.value)
      } else if line.ascii(member.name) == "usec", !member.isString {
        micros = line.number(at: member.value)
      } else if Self.rank(member.name, in: Self.programs, line) != nil,
        Self.isKernel(member.value, in: line)
      {
        origin = .kernel
      } else if Self.rank(member.name, in: Self.others, line) != nil {
        isOfOthers = true
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
      } else if let time, let iso = ISOStamp(line.extracting(0..<time.upperBound), time.lowerBound)
      {
        iso.add(to: &stamp)
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
