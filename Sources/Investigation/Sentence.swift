package import KernelLog
package import OOMReports

/// A generated sentence whose figures and names are still values, so that whoever shows it chooses
/// the units and nothing from a log reaches a terminal unescaped.
///
/// Written as a string literal: `"\(comm) was killed \(kills, "time")"`.
package struct Sentence: Sendable, Equatable {
  /// A piece of a sentence: words, or a value that is shown as the reader wants it.
  package enum Part: Sendable, Equatable {
    /// Words of our own.
    case text(String)
    /// A name or value that came from outside.
    case logText(LogText)
    case bytes(Bytes)
    case integer(Int64)
    /// Parts of one whole, such as 0.25 for a quarter; may exceed 1.
    case share(Double)
  }

  package let parts: [Part]

  package init(_ parts: [Part]) {
    self.parts = parts
  }

  /// The sentence as text, with sizes shown as the caller chooses.
  package func text(bytes: (Bytes) -> String) -> String {
    parts.map { part in
      switch part {
      case .text(let words): words
      case .logText(let text): text.description
      case .bytes(let amount): bytes(amount)
      case .integer(let number): String(number)
      case .share(let share): Self.percent(share)
      }
    }.joined()
  }

  /// `, 84 % of RAM`; nothing for more than the whole, which is a sum of unlike things: what a
  /// process maps may be charged to others.
  static func part(_ share: Double, of whole: Sentence) -> Sentence {
    share <= 1 ? ", \(share: share) of \(whole)" : ""
  }

  /// Whole percent, but for small shares, of which `0 %` would say nothing.
  private static func percent(_ share: Double) -> String {
    guard share.isFinite, abs(share) < 1e6 else { return "-" }
    if abs(share) >= 0.1 || share == 0 { return "\(Int((share * 100).rounded())) %" }
    let tenths = Int((abs(share) * 1000).rounded())
    return "\(share < 0 ? "-" : "")\(tenths / 10).\(tenths % 10) %"
  }
}

extension Sentence: ExpressibleByStringInterpolation {
  package init(stringLiteral words: String) {
    parts = [.text(words)]
  }

  package init(stringInterpolation: StringInterpolation) {
    parts = stringInterpolation.parts
  }

  /// Builds a sentence from a literal with values in it.
  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var parts: [Part] = []

    package init(literalCapacity: Int, interpolationCount: Int) {
      parts.reserveCapacity(2 * interpolationCount + 1)
    }

    /// Adds words.
    package mutating func appendLiteral(_ words: String) {
      if !words.isEmpty { parts.append(.text(words)) }
    }

    /// Adds a name from a log.
    package mutating func appendInterpolation(_ text: LogText) { parts.append(.logText(text)) }
    /// Adds an amount of memory.
    package mutating func appendInterpolation(_ amount: Bytes) { parts.append(.bytes(amount)) }
    /// Adds a number.
    package mutating func appendInterpolation(_ number: Int) {
      parts.append(.integer(Int64(number)))
    }
    /// Adds a number.
    package mutating func appendInterpolation(_ number: Int64) { parts.append(.integer(number)) }
    /// Adds a share, as a percentage.
    package mutating func appendInterpolation(share: Double) { parts.append(.share(share)) }
    /// Adds another sentence.
    package mutating func appendInterpolation(_ sentence: Sentence) { parts += sentence.parts }

    /// A count with its noun, which gets its plural `s` where the count is not 1.
    package mutating func appendInterpolation(_ count: Int, _ noun: StaticString) {
      parts.append(.integer(Int64(count)))
      parts.append(.text(" \(noun)\(count == 1 ? "" : "s")"))
    }
  }
}

extension Sentence {
  /// The sentences joined by a separator, for lists of names and figures.
  static func list(_ items: [Sentence], separator: String = ", ") -> Sentence {
    var parts: [Part] = []
    for item in items {
      if !parts.isEmpty { parts.append(.text(separator)) }
      parts += item.parts
    }
    return Sentence(parts)
  }
}
