/// Sizes as people type them: `512M`, `1.5GiB`, `64kB`, `4096`.
package enum SizeText {
  /// Binary whatever the spelling, as the kernel means its `kB`.
  private static let units: [(name: String, shift: Int)] = [
    ("", 0), ("b", 0), ("k", 10), ("m", 20), ("g", 30), ("t", 40), ("p", 50),
  ]

  /// The bytes meant, rounded down where a fraction of a byte is left.
  package static func parse(_ text: String) throws(GrammarFault) -> Int64 {
    let isDigit: (Character) -> Bool = { ("0"..."9").contains($0) || $0 == "." }
    let figure = text.prefix(while: isDigit)
    var unit = text.dropFirst(figure.count).lowercased()
    for ending in ["ib", "b"] where unit.count > ending.count && unit.hasSuffix(ending) {
      unit.removeLast(ending.count)
      break
    }
    guard let number = Double(figure), let scale = units.first(where: { $0.name == unit }) else {
      throw GrammarFault(
        "\(Visible.quoted(text)) is no size", hint: "a size is 512M, 1.5G, 64kB or plain bytes")
    }
    let bytes = number * Double(1 << scale.shift)
    guard let whole = Int64(exactly: bytes.rounded(.down)) else {
      throw GrammarFault("\(Visible.quoted(text)) is too large for a size")
    }
    return whole
  }
}
