internal import CByteSearch

/// A line as printf was told to print it, to read its fields back.
///
/// It only reads lines whose names hold nothing odd: no comma, parenthesis, bracket, backslash or
/// number sign. What such a line says can be read in one way only, from its beginning to its end;
/// whoever meets another one has to look closer.
struct PrintFormat: Sendable {
  /// The fields of a line, in the order of the format.
  struct Fields: Sendable {
    static let most = 12
    fileprivate var all = InlineArray<12, oomsh_printed>(repeating: oomsh_printed())

    init() {}

    /// The place of a field; nil where the line does without it.
    @inline(__always)
    func place(_ index: Int) -> Range<Int>? {
      all[index].end > 0 ? all[index].start..<all[index].end : nil
    }

    /// The number of a field; nil where the line does without it.
    @inline(__always)
    func number(_ index: Int) -> Int64? {
      all[index].end > 0 ? all[index].number : nil
    }
  }

  private let steps: [oomsh_step]

  private static let kinds: [Unicode.Scalar: oomsh_field_kind] = [
    "d": OOMSH_FIELD_DIGITS, "i": OOMSH_FIELD_NUMBER, "n": OOMSH_FIELD_NODES,
    "c": OOMSH_FIELD_NAME, "w": OOMSH_FIELD_WORD, "s": OOMSH_FIELD_TEXT, "x": OOMSH_FIELD_MASK,
  ]

  /// - Parameter format: Texts and fields: `%d` is a number of digits, `%i` one that may be negative,
  ///   `%n` a list of nodes, `%c` the name of a task, `%w` one without blanks, `%s` a path or the names
  ///   of flags and `%x` a mask. What stands in braces may be left out, and begins with a text.
  init(_ format: String) {
    precondition(format.count { $0 == "%" } <= Fields.most, "a format has too many fields")
    steps = Self.steps(of: Array(format.unicodeScalars)[...])
  }

  private static func steps(of format: ArraySlice<Unicode.Scalar>) -> [oomsh_step] {
    var steps: [oomsh_step] = []
    var rest = format
    while !rest.isEmpty {
      if rest.first == "{" {
        let option = option(in: rest.dropFirst())
        var inner = Self.steps(of: option)
        inner[0].option = UInt8(inner.count)
        inner[0].fields = UInt8(option.count { $0 == "%" })
        steps += inner
        rest = rest[(option.endIndex + 1)...]
        continue
      }
      let text = rest.prefix(16).prefix { $0 != "%" && $0 != "{" }
      rest = rest[text.endIndex...]
      var step = oomsh_step()
      step.length = UInt8(text.count)
      unsafe withUnsafeMutableBytes(of: &step.text) { bytes in
        unsafe bytes.copyBytes(from: text.map { UInt8(ascii: $0) })
      }
      if rest.first == "%", let kind = kinds[rest[rest.startIndex + 1]] {
        step.field = UInt8(kind.rawValue)
        rest = rest.dropFirst(2)
      }
      steps.append(step)
    }
    return steps
  }

  /// What stands before the brace that closes an option; options may hold others.
  private static func option(
    in format: ArraySlice<Unicode.Scalar>
  ) -> ArraySlice<Unicode.Scalar> {
    var depth = 1
    return format.prefix { scalar in
      if scalar == "{" { depth += 1 } else if scalar == "}" { depth -= 1 }
      return depth > 0
    }
  }

  /// Reads the fields of the line that stands at an offset.
  ///
  /// - Returns: The offset behind what the format prints; nil where the line is another one.
  func read(_ bytes: Span<UInt8>, at offset: Int, _ fields: inout Fields) -> Int? {
    guard offset >= 0 else { return nil }
    let end = unsafe bytes.withUnsafeBufferPointer { bytes in
      unsafe steps.withUnsafeBufferPointer { steps in
        var all = fields.all.mutableSpan
        return unsafe all.withUnsafeMutableBufferPointer { fields in
          unsafe oomsh_read_printed(
            bytes.baseAddress, bytes.count, offset, steps.baseAddress, steps.count,
            fields.baseAddress)
        }
      }
    }
    return end == Int(bitPattern: OOMSH_NOT_PRINTED) ? nil : end
  }
}
