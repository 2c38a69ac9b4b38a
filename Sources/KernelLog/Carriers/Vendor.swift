/// What the kernels of phones put behind the stamp: the processor and the task that logged.
enum Vendor {
  /// `(0)[1234:comm]`, as MediaTek's kernels print it.
  static let mediatek = PrefixForm(
    name: "processor and task", begins: ByteSet("(-. "), mayFollowStamp: true,
    samples: ["[   12.345678] (0)[1234:kswapd0]x", "[   12.345678]-(3)[0:swapper/3]x"],
    read: { line, prefix in
      guard prefix.hasUptime else { return false }
      var cursor = prefix.offset
      while let byte = line.byte(at: cursor), byte == .space || byte == .minus || byte == .dot {
        cursor += 1
      }
      guard line.byte(at: cursor) == .openParenthesis else { return false }
      let processor = line.end(ofDigitsAt: cursor + 1)
      guard processor > cursor + 1, let task = line.end(of: ")[", at: processor) else {
        return false
      }
      let pid = line.end(ofDigitsAt: task)
      guard pid > task, line.byte(at: pid) == .colon,
        let close = line.first(.closeBracket, from: pid, within: 18)
      else { return false }
      prefix.offset = line.skippingOneBlank(from: close + 1)
      prefix.isFinished = true
      return true
    })

  /// `I[0:  swapper/0:    1] `, as Samsung's kernels print it.
  static let samsung = PrefixForm(
    name: "processor, task and pid", begins: ByteSet("[EIWND "), mayFollowStamp: true,
    samples: [
      "[   12.345678] I[0:      swapper/0:    1] x", "[   12.345678]  [3: kswapd0:   82] x",
    ],
    read: { line, prefix in
      guard prefix.hasUptime else { return false }
      var cursor = line.skippingBlanks(from: prefix.offset)
      if line.byte(at: cursor) != .openBracket { cursor += 1 }
      guard line.byte(at: cursor) == .openBracket else { return false }
      let processor = line.end(ofDigitsAt: cursor + 1)
      guard processor > cursor + 1, line.byte(at: processor) == .colon,
        let colon = line.first(.colon, from: processor + 1, within: 24)
      else { return false }
      let pid = line.skippingBlanks(from: colon + 1)
      let end = line.end(ofDigitsAt: pid)
      guard end > pid, line.byte(at: end) == .closeBracket else { return false }
      prefix.offset = line.skippingOneBlank(from: end + 1)
      prefix.isFinished = true
      return true
    })
}
