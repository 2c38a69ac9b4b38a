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
      guard line.byte(at: brace) == UInt8(ascii: "{"), let object = JSONRecord(line, brace) else {
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
      guard let object = JSONRecord(line, start - 1), object.text != nil else { return nil }
      return wrapped(line, object)
    })

  /// `    "…",`: a line that is a string of an array, as Ansible prints a command's output.
  static let element = Wrapper(
    name: "JSON string", begins: ByteSet("\""), samples: [#"    "[   12.345678] x","#],
    read: { line, frame in
      let start = line.skippingBlanks(from: frame.begin)
      var end = frame.end
      while end > start, line[end - 1] == .space || line[end - 1] == .comma { end -= 1 }
      guard end > start + 2, line[end - 1] == .quote,
        line.first(.quote, from: start + 1) == end - 1
      else { return nil }
      let text = start + 1..<line.trimmingLineEnd(start + 1..<end - 1)
      // A table's row of one quoted cell has neither blanks before it, nor a comma behind it, nor an
      // end of line written in it.
      guard start > frame.begin || end < frame.end || text.upperBound < end - 1,
        var inside = LineReader.inside(
          line, LineReader.Frame(begin: text.lowerBound, end: text.upperBound),
          from: text.lowerBound)
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
        let object = JSONRecord(line, brace, at: list..<brace)
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
    _ line: Span<UInt8>, _ object: JSONRecord
  ) -> (frame: LineReader.Frame, prefix: LinePrefix)? {
    guard let text = object.text else { return nil }
    if line.starts(with: "{\\\"", at: text.lowerBound) { return nested(line, text, object) }
    return self.line(text, of: object, in: line)
  }

  /// The line that stands at a place of an object, and what the object says of it; nil where there is
  /// none.
  static func line(
    _ text: Range<Int>, of object: JSONRecord, in line: Span<UInt8>
  ) -> (frame: LineReader.Frame, prefix: LinePrefix)? {
    let end = line.trimmingLineEnd(text)
    var outer = LinePrefix(offset: text.lowerBound)
    outer.needsKernel = true
    // The message of a daemon that was told to keep the program's name with it.
    let tag = line.end(of: "kernel:", at: text.lowerBound).map { line.skippingOneBlank(from: $0) }
    var prefix = LineReader.read(
      line.extracting(0..<end), from: min(tag ?? text.lowerBound, end), as: outer)
    let isKernel = object.origin == .kernel || tag != nil && !object.isOfOthers
    if !prefix.isKernels, isKernel { prefix.origin = .kernel }
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
    _ line: Span<UInt8>, _ text: Range<Int>, _ outer: JSONRecord
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
}

extension Span where Element == UInt8 {
  /// The end of a JSON string's text without the line end that is part of it.
  fileprivate func trimmingLineEnd(_ text: Range<Int>) -> Int {
    var end = text.upperBound
    while let escape = lineEnds.first(where: {
      let start = end - $0.utf8CodeUnitCount
      return start >= text.lowerBound && starts(with: $0, at: start)
        && (start == text.lowerBound || byte(at: start - 1) != .backslash)
    }) {
      end -= escape.utf8CodeUnitCount
    }
    return end
  }
}

/// How JSON writes a line's end; some stores escape texts before.
private let lineEnds: [StaticString] = ["\\n", "\\r", "\\\\n", "\\\\r"]
