internal import Glibc

/// What is written onto the terminal beside libedit, at once and unbuffered.
struct TerminalWriter {
  let descriptor: Int32
  private let understandsEscapes = Terminal.understandsEscapes

  init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  /// Writes all of a text. A terminal that has gone is noticed when it is read from.
  func write(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let put = SystemCall.retrying {
        unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
      }
      guard put.result > 0 else { return }
      rest = rest.dropFirst(put.result)
    }
  }

  /// Asks the terminal to mark where pasted text begins and ends, or no longer to.
  func bracketPastes(_ isOn: Bool) {
    if understandsEscapes { write(isOn ? "\u{1B}[?2004h" : "\u{1B}[?2004l") }
  }

  /// Makes the cursor's line empty, and everything below; or begins a new one.
  func clearLine() {
    write(understandsEscapes ? "\r\u{1B}[J" : "\r\n")
  }
}
