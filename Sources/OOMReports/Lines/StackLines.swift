internal import KernelLog

/// The call trace and the registers of the program that entered the kernel.
enum StackLines {
  static let grammar = LineGrammar(
    name: "call trace",
    printedBy: "all; dump_stack()",
    samples: [
      "Call Trace:", "Call trace:", " <TASK>", " dump_stack_lvl+0x44/0x5c",
      " [<ffffffff8111b2c9>] ? dump_header+0x1/0x2", "[c0003a40] [c0000ef0] .panic+0x10/0x20 (bad)",
      "[<c010de70>] (dump_backtrace+0x0/0x10c) from [<c01ab2f0>] (dump_header+0x30/0x60)",
      "[] out_of_memory+0x8e/0x2f3", "[oom_kill_process+0x10a/0x120] oom_kill_process+0x10a/0x120",
      "[<c010de70>] (show_stack) from [<c01ab2f0>] (dump_stack+0x18/0x1c)",
      " show_stack from dump_stack_lvl+0x40/0x4c",
      "Exception stack(0xf0f0dfa8 to 0xf0f0dff0)", "dfa0: 00000001 b6f0a3c8", "r7:c0a02008 r6:0000",
      "RIP: 0033:0x7f2f", "Code: 48 8b",
      "RAX: 0000000000000000 RBX: 0000000000000001 RCX: 0000000000000002",
      " ffff880712340000 0000000000000000 ffff8807deadbeef ffffffff8111b2c9",
    ],
    read: { message, line, report in
      report.noteSysrqWork(message, line)
      // The trace stands in a report's head; one behind that is of another warning.
      guard report.isInHead else { return .other }
      if let mark = mark(message) {
        report.traceSection = mark.opens ? mark.name : nil
        return .known
      }
      if words.contains(where: { message.starts(with: $0) }) || isARMRegisters(message) {
        return .known
      }
      if registers.contains(where: { message.starts(with: $0) }) || isNumberedRegister(message) {
        keep(register: message, line, &report)
        return .known
      }
      if let frame = frame(message, report.traceSection, line) {
        keep(frame, &report)
        return .known
      }
      return message.starts(with: "[<") || isStackWords(message) ? .known : .other
    })

  private static let words: [StaticString] = [
    "Call Trace:", "Call trace:", "Backtrace", "Stack:", "Exception ", "Instruction dump:",
    "Sched_ext: ", "Process ", "Modules linked in:", "Stack from ",
  ]

  /// What the registers of x86, arm, arm64 and ppc64 begin with.
  private static let registers: [StaticString] = [
    "RIP: ", "Code: ", "RSP: ", "RAX: ", "RDX: ", "RBP: ", "ORIG_RAX: ", "EIP: ", "EAX: ", "ESI: ",
    "DS: ", "FS: ", "CS: ", "pstate: ", "pc : ", "lr : ", "sp : ", "NIP: ", "NIP ", "REGS: ",
    "GPR", "MSR: ", "CFAR: ", "LR ",
  ]

  /// `R10: ` of x86, `x29: ` of arm64.
  private static func isNumberedRegister(_ message: Span<UInt8>) -> Bool {
    guard let letter = message.byte(at: 0),
      letter == UInt8(ascii: "R") || letter == UInt8(ascii: "x")
    else { return false }
    var cursor = 1
    guard message.integer(at: &cursor) != nil, cursor <= 3 else { return false }
    return message.starts(with: ": ", at: message.byte(at: cursor) == .space ? cursor + 1 : cursor)
      || message.starts(with: ": ", at: cursor)
  }

  /// `r7:c0a02008 r6:00000342`, which arm prints below a frame.
  private static func isARMRegisters(_ message: Span<UInt8>) -> Bool {
    var cursor = 1
    return message.byte(at: 0) == UInt8(ascii: "r") && message.integer(at: &cursor) != nil
      && cursor <= 3 && message.byte(at: cursor) == .colon
      && message.byte(at: cursor + 1)?.hexValue != nil
  }

  /// `<TASK>` and `</TASK>`.
  private static func mark(_ message: Span<UInt8>) -> (name: String, opens: Bool)? {
    guard message.byte(at: 0) == .less, let end = message.first(.greater), end < 12 else {
      return nil
    }
    let closes = message.byte(at: 1) == UInt8(ascii: "/")
    let name = message.ascii((closes ? 2 : 1)..<end)
    guard !name.isEmpty, name.allSatisfy({ $0.isUppercase || $0 == "_" }) else { return nil }
    return (name, !closes)
  }

  private static func keep(_ frame: StackFrame, _ report: inout ReportBuilder) {
    guard report.isWhole, report.report.trace.frames.count < CallTrace.longest,
      !frame.isSamePlace(as: report.report.trace.frames.last)
    else { return }
    report.report.trace.frames.append(frame)
  }

  private static func keep(
    register message: Span<UInt8>, _ line: Int, _ report: inout ReportBuilder
  ) {
    guard report.isWhole, report.report.trace.registers.count < 64 else { return }
    let text = message.text(0..<Swift.min(message.count, 200))
    guard report.report.trace.registers.last?.value != text else { return }
    report.report.trace.registers.append(Cited(text, line: line))
  }

  /// The digits of `<address>`; nil where none are left, since a page took them for markup, or where
  /// klogd put the function in their place.
  private static func address(_ message: Span<UInt8>, _ place: Range<Int>) -> String? {
    guard place.count < 24 else { return nil }
    let digits = message.ascii(place).filter { $0 != "<" && $0 != ">" }
    return !digits.isEmpty && digits.allSatisfy(\.isHexDigit) ? digits : nil
  }

  /// `[<address>] ? function+0x1/0x2 [module]`, without the address, or as arm and ppc64 write it.
  ///
  /// Arm prints a function and the place from where it was called: that is the frame.
  private static func frame(
    _ message: Span<UInt8>, _ section: String?, _ line: Int
  ) -> StackFrame? {
    var cursor = message.first(" from ").map { $0 + " from ".utf8.count } ?? 0
    var address: String?
    while message.byte(at: cursor) == .openBracket {
      guard let close = message.first(.closeBracket, from: cursor), close - cursor < 160 else {
        return nil
      }
      let place = cursor + 1..<close
      if let digits = Self.address(message, place) {
        address = digits
      } else if !place.isEmpty, message.extracting(place).first("+0x") == nil {
        return nil
      }
      cursor = message.skippingBlanks(from: close + 1)
    }
    if message.byte(at: cursor) == .openParenthesis { cursor += 1 }
    let isReliable = !message.starts(with: "? ", at: cursor)
    if !isReliable { cursor += 2 }
    let word = message.extracting(0..<message.endOfWord(from: cursor))
    guard let plus = word.last("+0x", before: word.count), plus > cursor,
      let slash = word.first("/0x", from: plus), let offset = word.hexadecimal(plus + 3..<slash)
    else { return nil }
    // A size that ends the message may be cut; the kernel ends no function's size otherwise either,
    // so a frame is taken as it stands.
    var end = slash + 3
    while word.byte(at: end)?.hexValue != nil { end += 1 }
    guard let size = word.hexadecimal(slash + 3..<end), offset <= size else { return nil }
    return StackFrame(
      function: word.text(cursor..<plus), offset: offset, size: size, address: address,
      isReliable: isReliable, module: module(message, from: word.count), section: section,
      line: line)
  }

  private static func module(_ message: Span<UInt8>, from start: Int) -> LogText? {
    let open = message.skippingBlanks(from: start)
    guard message.byte(at: open) == .openBracket,
      let close = message.first(.closeBracket, from: open)
    else { return nil }
    return message.text(open + 1..<close)
  }

  /// The raw words of the stack (up to 4.8): nothing but hexadecimal numbers of one width, on arm
  /// behind the end of their address.
  private static func isStackWords(_ message: Span<UInt8>) -> Bool {
    let address = message.endOfWord(from: 0)
    let isLabelled =
      address == 5 && message.byte(at: 4) == .colon
      && (0..<4).allSatisfy { message[$0].hexValue != nil }
    var cursor = isLabelled ? message.skippingBlanks(from: address) : 0
    var count = 0
    while cursor < message.count {
      let end = message.endOfWord(from: cursor)
      guard end - cursor == 8 || end - cursor == 16 else { return false }
      for offset in cursor..<end where message[offset].hexValue == nil { return false }
      cursor = message.skippingBlanks(from: end)
      count += 1
    }
    return count > 0
  }
}

extension Span where Element == UInt8 {
  fileprivate func hexadecimal(_ range: Range<Int>) -> Int64? {
    guard !range.isEmpty, range.count < 16 else { return nil }
    var value: Int64 = 0
    for offset in range {
      guard let digit = byte(at: offset)?.hexValue else { return nil }
      value = value << 4 | Int64(digit)
    }
    return value
  }
}
