internal import KernelLog

/// The line that opens a report: which task allocated, what it asked for.
enum InvokedLine {
  static let grammar = LineGrammar(
    name: "invoked oom-killer",
    printedBy: "2.6.9 and later; dump_header() in mm/oom_kill.c",
    samples: [
      "oom-killer: gfp_mask=0x1d2",
      "oom-killer: gfp_mask=0xd0, order=1",
      "httpd invoked oom-killer: gfp_mask=0x201da, order=0, oomkilladj=0",
      "httpd invoked oom-killer: gfp_mask=0x201da, order=0, oom_adj=0, oom_score_adj=0",
      "java invoked oom-killer: gfp_mask=0x14200ca(GFP_HIGHUSER_MOVABLE), nodemask=(null),  "
        + "order=0, oom_score_adj=0",
      "java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=-1, oom_score_adj=0",
    ],
    read: { message, line, report in
      guard let start = start(of: message) else { return .other }
      guard report.report.invocation == nil else { return .other }
      var invocation = Invocation()
      if let comm = start.comm { invocation.comm = message.text(comm) }
      let request = request(message, start)
      invocation.put(request, of: message, isWhole: report.isWhole)
      report.report.invocation = Cited(invocation, line: line)
      report.hasBody = true
      report.section = .head
      if invocation.order == -1 { report.report.trigger = .sysrq }
      return request.isComplete ? .read : .torn
    })

  /// Where the request begins, and the task's name where the line has one.
  typealias Start = (comm: Range<Int>?, end: Int)

  /// Where the parts of a message begin; nil where it is not of this kind.
  ///
  /// The kernel's name is at most 15 bytes long: prose about the OOM killer is not taken for it.
  static func start(of message: Span<UInt8>) -> Start? {
    let request = "gfp_mask=".utf8.count
    if let end = message.end(of: nameless, at: 0) { return (nil, end - request) }
    if let end = endOfGluedWords(message) { return (nil, end - request) }
    let words: StaticString = " invoked oom-killer"
    let head = message.extracting(
      0..<min(message.count, Comm.longestReplaced + words.utf8CodeUnitCount))
    guard let name = head.last(words, before: head.count), message.mayBeComm(0..<name) else {
      return nil
    }
    let end = name + words.utf8CodeUnitCount
    guard end == message.count || message[end] == .colon else { return nil }
    return (0..<name, min(end + 1, message.count))
  }

  private static let nameless: StaticString = "oom-killer: gfp_mask="

  /// The end of the words that name nobody behind a frame of a call trace,
  /// `[__alloc_pages+623/795] __alloc_pages+0x26f/0x31b`: the newline between two messages of the
  /// kernel's is lost, and no frame goes on like this.
  private static func endOfGluedWords(_ message: Span<UInt8>) -> Int? {
    let bracket = message.skippingBlanks(from: 0)
    // Rows of the task table begin with a bracket too, and a blank or a digit behind it.
    guard message.byte(at: bracket) == .openBracket, let second = message.byte(at: bracket + 1),
      second != .space, !second.isDigit, let found = message.first(nameless)
    else { return nil }
    var size = found
    while let byte = message.byte(at: size - 1), byte.hexValue != nil { size -= 1 }
    guard size < found, message.starts(with: "/0x", at: size - 3) else { return nil }
    return found + nameless.utf8CodeUnitCount
  }

  /// An opening line of which a task's name, or a part of it, stands in the message before; nil where
  /// the two make none.
  ///
  /// A name may hold a newline, behind which dmesg and journalctl indent; a mail program breaks the
  /// line at a blank, a narrow console anywhere.
  static func joined(
    _ beginning: [UInt8], _ rest: Span<UInt8>, _ record: LogRecord
  ) -> [UInt8]? {
    // A line that names its task already lacks nothing, unless its name was broken.
    guard record.isBare, record.continuesName || start(of: rest)?.comm == nil else { return nil }
    let rest = LogText(rest).bytes
    let separators: [[UInt8]] =
      record.continuesName ? [[.newline]] : beginning.last == .space ? [[]] : [[.space], []]
    return separators.map { beginning + $0 + rest }.first { start(of: $0.span)?.comm != nil }
  }

  /// What the line says of the request, its texts as places in the message.
  struct Request {
    var mask: Range<Int>?
    var flags: Range<Int>?
    var nodemask: Range<Int>?
    var order: Int64?
    var oomAdj: Int64?
    var oomScoreAdj: Int64?
    /// Whether the line ends as the kernel ends it.
    var isComplete = false
  }

  /// The request that stands behind `start` (`start(of:)`).
  static func request(_ message: Span<UInt8>, _ start: Start) -> Request {
    var printed = PrintFormat.Fields()
    if let plain = plainRequest(message, at: 0, &printed), plain.end == message.count {
      return plain.request
    }
    var request = Request()
    guard
      let mask = message.end(of: " gfp_mask=", at: start.end)
        ?? message.first("gfp_mask=", from: start.end).map({ $0 + 9 })
    else { return request }
    var end = mask
    while let byte = message.byte(at: end),
      byte.isDigit || byte == UInt8(ascii: "x") || (byte | 0x20) &- 0x61 < 6
    {
      end += 1
    }
    guard end > mask else { return request }
    // Only the oldest kernels, which name nobody, may end the line with the mask.
    let follower = message.byte(at: end)
    let isWhole = follower == .comma || follower == .openParenthesis
    if follower == nil ? start.comm == nil : isWhole { request.mask = mask..<end }
    if message.byte(at: end) == .openParenthesis,
      let close = message.first(.closeParenthesis, from: end)
    {
      request.flags = end + 1..<close
      end = close + 1
    }
    if let nodes = message.first("nodemask=", from: end).map({ $0 + 9 }) {
      request.nodemask = message.first(", ", from: nodes).map { nodes..<$0 }
    }
    request.order =
      start.comm == nil
      ? message.lastFigure("order=", from: end)
      : message.figure("order=", from: end, before: .comma)
    request.oomAdj =
      message.figure("oom_adj=", from: end, before: .comma)
      ?? message.lastFigure("oom_adj=", from: end) ?? message.lastFigure("oomkilladj=", from: end)
    request.oomScoreAdj = message.lastFigure("oom_score_adj=", from: end)
    // Only the oldest kernels, which name nobody, end the line with the order, or with the mask.
    request.isComplete =
      start.comm == nil
      ? request.order != nil || end == message.count
      : request.order != nil && message.endsInFigure
        && (request.oomAdj != nil || request.oomScoreAdj != nil)
    return request
  }

  /// With what the line begins.
  static let plainName = PrintFormat("%w")

  /// The line as most kernels print it: from 2.6.36 on, with the names of the flags from 4.6 on, and
  /// with the nodes, behind which some versions print one blank more, up to 4.19.
  private static let plain = PrintFormat(
    "%w invoked oom-killer: gfp_mask=%x{(%s)}{, nodemask=%n}, { }order=%d, oom_score_adj=%i")

  /// The name and the request of a line that holds nothing odd, and its end in some bytes in which it
  /// stands at an offset; nil for another line. There may be more behind the end.
  @inline(__always)
  static func plainRequest(
    _ bytes: Span<UInt8>, at start: Int, _ printed: inout PrintFormat.Fields
  ) -> (comm: Range<Int>, request: Request, end: Int)? {
    guard let end = plain.read(bytes, at: start, &printed), let comm = printed.place(0) else {
      return nil
    }
    let request = Request(
      mask: printed.place(1), flags: printed.place(2), nodemask: printed.place(3),
      order: printed.number(4), oomScoreAdj: printed.number(5), isComplete: true)
    return (comm, request, end)
  }
}

extension Invocation {
  /// Takes a request over; of one that is not kept whole, only whether its texts are there.
  fileprivate mutating func put(
    _ request: InvokedLine.Request, of message: Span<UInt8>, isWhole: Bool
  ) {
    gfpMask = request.mask.map { isWhole ? message.ascii($0) : "" }
    if isWhole, let flags = request.flags {
      gfpFlags = message.ascii(flags).split(separator: "|").map(String.init)
    }
    nodemask = request.nodemask.map { isWhole ? message.ascii($0) : "" }
    order = request.order
    oomAdj = request.oomAdj
    oomScoreAdj = request.oomScoreAdj
  }
}

extension Span where Element == UInt8 {
  /// The number behind the first occurrence of a word.
  /// Nil where what the kernel prints behind it is not there: digits may be cut off.
  func figure(_ word: StaticString, from: Int = 0, before follower: UInt8) -> Int64? {
    guard let found = first(word, from: from) else { return nil }
    var cursor = found + word.utf8CodeUnitCount
    let value = integer(at: &cursor)
    return byte(at: cursor) == follower ? value : nil
  }

  /// The number behind the first occurrence of a word that the kernel ends the line with: nil where
  /// something else was printed right behind it.
  func lastFigure(_ word: StaticString, from: Int = 0) -> Int64? {
    guard let found = first(word, from: from) else { return nil }
    var cursor = found + word.utf8CodeUnitCount
    let value = integer(at: &cursor)
    return byte(at: cursor)?.isBlank ?? true ? value : nil
  }

  /// Whether a digit is the last that the message says, so that more of them may be cut off.
  var endsInFigure: Bool { lastDigit != nil }

  /// The offset of the digit that the message ends with, but for blanks.
  private var lastDigit: Int? {
    var last = count - 1
    while last >= 0, self[last].isBlank { last -= 1 }
    return last >= 0 && self[last].isDigit ? last : nil
  }

  /// The message without the figure that it ends with.
  var withoutLastFigure: LogText {
    guard var end = lastDigit else { return text(0..<count) }
    while end > 0, self[end - 1].isDigit { end -= 1 }
    return text(0..<end)
  }

  /// The number behind the first occurrence of a word.
  func figure(_ word: StaticString, from: Int = 0) -> Int64? {
    guard let found = first(word, from: from) else { return nil }
    var cursor = found + word.utf8CodeUnitCount
    return integer(at: &cursor)
  }
}

extension UInt8 {
  /// Whether it parts words or lines.
  fileprivate var isBlank: Bool { self == .space || self == .tab || self == .newline }
}
