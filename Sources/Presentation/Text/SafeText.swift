/// The last wall between a log and the terminal: characters that could move the cursor, reorder
/// text, hide or forge it become visible escapes such as `\x1b` and `\u{202e}`.
///
/// A backslash stays as it is: systemd's cgroup names are full of `\x2d`, and doubling it would
/// spoil them for copying. So a shown `\x1b` may also stand for those four characters.
package enum SafeText {
  /// Text for one line: newlines and tabs are escaped too.
  package static func line(_ text: String) -> String {
    escaped(text, keepsNewlines: false)
  }

  /// Text of several lines: newlines are kept, everything else is as in `line`.
  package static func paragraphs(_ text: String) -> String {
    escaped(text, keepsNewlines: true)
  }

  /// More marks than any script stacks on one letter. Without a bound a name may draw over the
  /// lines above and below it.
  private static let markLimit = 8

  private static func escaped(_ text: String, keepsNewlines: Bool) -> String {
    let isPlain = text.utf8.allSatisfy {
      $0 >= 0x20 && $0 < 0x7f || $0 == 0x0a && keepsNewlines
    }
    if isPlain { return text }

    var safe = ""
    var previous: Unicode.Scalar = " "
    // A mark at the start of the text has no letter to stand on, and would join what is before.
    var marks = markLimit
    for scalar in text.unicodeScalars {
      let isNewline = scalar == "\n" && keepsNewlines
      marks = isNewline ? markLimit : scalar.isMark ? marks + 1 : 0
      let isHidden = scalar.isJoiner && previous.isASCII
      if !isNewline, scalar.isUnsafe || isHidden || marks > markLimit {
        safe += escape(scalar)
        previous = "}"
      } else {
        safe.unicodeScalars.append(scalar)
        previous = scalar
      }
    }
    return safe
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": return #"\n"#
    case "\t": return #"\t"#
    case "\r": return #"\r"#
    default: break
    }
    let digits = String(scalar.value, radix: 16)
    if scalar.value >= 0x80 { return #"\u{\#(digits)}"# }
    return #"\x\#(digits.count < 2 ? "0" : "")\#(digits)"#
  }
}

extension Unicode.Scalar {
  /// Whether the code point must not reach a terminal as it is: controls (C0, DEL, C1), the
  /// bidirectional controls, separators of lines, invisible fillers and tags, private use, and
  /// what has no meaning yet.
  var isUnsafe: Bool {
    if value < 0x300 { return value < 0x20 || (0x7f..<0xa0).contains(value) || value == 0xad }
    if (0xac00...0xd7a3).contains(value) || isJoiner { return false }
    if properties.isDefaultIgnorableCodePoint { return true }
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: return true
    case .privateUse, .unassigned, .surrogate: return true
    default: return false
    }
  }

  /// The two joiners and the variation selectors: invisible, but Persian and emoji are written
  /// with them. They mean nothing after ASCII, where they could only make two names look alike.
  fileprivate var isJoiner: Bool {
    value == 0x200c || value == 0x200d || (0xfe00...0xfe0f).contains(value)
  }

  fileprivate var isMark: Bool {
    if value < 0x300 { return false }
    let category = properties.generalCategory
    return category == .nonspacingMark || category == .enclosingMark
  }
}
