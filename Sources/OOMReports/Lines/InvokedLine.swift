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
      let isComplete = readRequest(
        message, from: start.end, into: &invocation, isWhole: report.isWhole)
      report.report.invocation = Cited(invocation, line: line)
      report.hasBody = true
      report.section = .head
      if invocation.order == -1 { report.report.trigger = .sysrq }
      return isComplete ? .read : .torn
    })

  /// Where the request begins, and the task's name where the line has one; nil where the message
  /// is not of this kind.
  ///
  /// The kernel's name is at most 15 bytes long: prose about the OOM killer is not taken for it.
  static func start(of message: Span<UInt8>) -> (comm: Range<Int>?, end: Int)? {
    let request = "gfp_mask=".utf8.count
    if let end = message.end(of: nameless, at: 0) { return (nil, end - request) }
    if let end = endOfGluedWords(message) { return (nil, end - request) }
    let words: StaticString = " invoked oom-killer"
    let head = message.extracting(
      0..<min(message.count, KillLine.longestName + words.utf8CodeUnitCount))
    guard let name = head.last(words, before: head.count) else { return nil }
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

  private static func readRequest(
    _ message: Span<UInt8>, from start: Int, into invocation: inout Invocation, isWhole: Bool
  ) -> Bool {
    guard let mask = message.first("gfp_mask=", from: start).map({ $0 + 9 }) else { return false }
    var end = mask
    while let byte = message.byte(at: end), byte.hexValue != nil || byte == UInt8(ascii: "x") {
      end += 1
    }
    guard end > mask else { return false }
    // Only the oldest kernels, which name nobody, may end the line with the mask.
    let isBroken = end == message.count && invocation.comm != nil
    if !isBroken { invocation.gfpMask = isWhole ? message.ascii(mask..<end) : "" }
    if message.byte(at: end) == .openParenthesis,
      let close = message.first(.closeParenthesis, from: end)
    {
      if isWhole {
        invocation.gfpFlags = message.ascii(end + 1..<close).split(separator: "|").map(String.init)
      }
      end = close + 1
    }
    if let nodes = message.first("nodemask=", from: end).map({ $0 + 9 }) {
      if let nodesEnd = message.first(", ", from: nodes) {
        invocation.nodemask = isWhole ? message.ascii(nodes..<nodesEnd) : ""
      }
    }
    invocation.order =
      invocation.comm == nil
      ? message.figure("order=", from: end)
      : message.figure("order=", from: end, before: .comma)
    invocation.oomAdj =
      message.figure("oom_adj=", from: end) ?? message.figure("oomkilladj=", from: end)
    invocation.oomScoreAdj = message.figure("oom_score_adj=", from: end)
    var last = message.count - 1
    while last > end, message[last] == .space { last -= 1 }
    // The kernel ends no line with a comma, and only the oldest, which name nobody, with the mask.
    if invocation.order != nil { return message[last] != .comma }
    return invocation.comm == nil && end == message.count
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

  /// The number behind the first occurrence of a word.
  func figure(_ word: StaticString, from: Int = 0) -> Int64? {
    guard let found = first(word, from: from) else { return nil }
    var cursor = found + word.utf8CodeUnitCount
    return integer(at: &cursor)
  }
}
