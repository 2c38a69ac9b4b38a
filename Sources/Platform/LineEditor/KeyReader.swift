internal import Glibc

/// Turns what a terminal sends into characters and keys.
///
/// Bytes are read one at a time: what is typed ahead of `quit` belongs to the shell that we return
/// to.
struct KeyReader {
  /// What came from the terminal.
  enum Event: Equatable {
    /// A character, or a private one that stands for a key of `EditorKey`.
    case character(UInt32)
    /// ^C is pending.
    case interrupted
    /// Another signal is to be taken.
    case signalled
    /// The terminal has gone.
    case end
  }

  /// How long an escape sequence may pause before ESC was a key of its own.
  private static let escapePause: Int32 = 40
  /// How long a character of several bytes, or a paste, may pause.
  private static let longPause: Int32 = 2000
  private static let longestPaste = 1 << 20

  private static let pasteBegin = "[200~"
  private static let pasteEnd = Array("\u{1B}[201~".utf8)

  /// The keys that do something.
  var codes = KeyCodes()

  private let descriptor: Int32
  private var unread: [UInt8] = []
  private var pasted: [UInt8] = []
  private var hasSignal = false

  init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  /// Waits for the next character, key or signal.
  mutating func next() -> Event {
    while true {
      if hasSignal {
        hasSignal = false
        return .signalled
      }
      let first: UInt8
      switch read(milliseconds: -1) {
      case .byte(let byte): first = byte
      case .pause: continue
      case .other(let event): return event
      }
      if first == UInt8(ascii: "\u{1B}") {
        if let character = afterEscape() { return .character(character) }
      } else if let character = character(from: first) {
        return .character(character)
      }
    }
  }

  /// The next byte as it comes, for a terminal that libedit is told not to edit on.
  mutating func nextUndecoded() -> Event {
    while true {
      switch read(milliseconds: -1) {
      case .byte(let byte):
        if let character = character(from: byte) { return .character(character) }
      case .pause: continue
      case .other(let event): return event
      }
    }
  }

  /// What was pasted since this was asked last.
  mutating func takePasted() -> [UInt8] {
    defer { pasted = [] }
    return pasted
  }

  private enum Reading {
    case byte(UInt8)
    case pause
    case other(Event)
  }

  private mutating func read(milliseconds: Int32) -> Reading {
    if !unread.isEmpty { return .byte(unread.removeFirst()) }
    switch Signals.wait(for: descriptor, milliseconds: milliseconds) {
    case .interrupted: return .other(.interrupted)
    case .signalled: return .other(.signalled)
    case .timeout: return .pause
    case .readable: break
    }
    var byte: UInt8 = 0
    let got = SystemCall.retrying { unsafe Glibc.read(descriptor, &byte, 1) }
    if got.result == 1 { return .byte(byte) }
    return got.errno == EAGAIN || got.errno == EINTR ? .pause : .other(.end)
  }

  /// The next byte if it comes soon. A signal in between is left to the next call of `next()`.
  private mutating func soon(within milliseconds: Int32) -> UInt8? {
    while true {
      switch read(milliseconds: milliseconds) {
      case .byte(let byte): return byte
      case .other(.signalled): hasSignal = true
      case .pause, .other: return nil
      }
    }
  }

  /// The character to deliver after ESC was read; nil if a key that does nothing was swallowed.
  private mutating func afterEscape() -> UInt32? {
    guard let sequence = escapeSequence() else { return 0x1B }
    let name = String(decoding: sequence, as: UTF8.self)
    if name == Self.pasteBegin { readPaste() }
    return codes[name]
  }

  /// The whole control sequence that follows ESC. Nil, with its bytes still to be read, if it is
  /// none: ESC by itself, or Alt and a key.
  private mutating func escapeSequence() -> [UInt8]? {
    var bytes: [UInt8] = []
    while let byte = soon(within: Self.escapePause) {
      bytes.append(byte)
      switch (bytes.count, byte) {
      case (1, UInt8(ascii: "[")), (1, UInt8(ascii: "O")):
        continue
      case (1, _):
        unread.insert(contentsOf: bytes, at: 0)
        return nil
      case (2, UInt8(ascii: "[")) where bytes[0] == UInt8(ascii: "["):
        // The Linux console's function keys: one more letter follows.
        continue
      case (_, 0x40...0x7E):
        return bytes
      case (2..<32, 0x20...0x3F) where bytes[0] == UInt8(ascii: "["):
        continue
      default:
        unread.insert(contentsOf: bytes, at: 0)
        return nil
      }
    }
    unread.insert(contentsOf: bytes, at: 0)
    return nil
  }

  private mutating func readPaste() {
    let end = Self.pasteEnd
    while pasted.count < Self.longestPaste, let byte = soon(within: Self.longPause) {
      pasted.append(byte)
      if byte == end.last, pasted.suffix(end.count).elementsEqual(end) {
        pasted.removeLast(end.count)
        return
      }
    }
  }

  /// The character that a byte begins, its other bytes read; nil for one that no key means.
  private mutating func character(from first: UInt8) -> UInt32? {
    let length =
      switch first {
      case 0xC2...0xDF: 2
      case 0xE0...0xEF: 3
      case 0xF0...0xF4: 4
      default: 1
      }
    var bytes = [first]
    while bytes.count < length, let byte = soon(within: Self.longPause) {
      guard byte & 0xC0 == 0x80 else {
        unread.insert(byte, at: 0)
        break
      }
      bytes.append(byte)
    }
    let scalar = String(decoding: bytes, as: UTF8.self).unicodeScalars.first
    guard let scalar, scalar.value != 0, !(0x80..<0xA0).contains(scalar.value) else { return nil }
    return scalar.value
  }
}
