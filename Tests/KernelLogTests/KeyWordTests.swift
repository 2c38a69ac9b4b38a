import CByteSearch
import KernelLog
import Testing
import TestSupport

/// The search against one that compares every word at every place.
@Suite struct KeyWordTests {
  private static let paths = [
    OOMSH_PATH_PLAIN, OOMSH_PATH_SSSE3, OOMSH_PATH_AVX2, OOMSH_PATH_AVX512,
  ]
  private static let everything: KeyWord.Categories = [.report, .otherKiller, .clock, .detail]

  private struct Answer: Equatable {
    var offset: Int?
    var category: KeyWord.Categories = []
    var newlines = 0
  }

  /// The rows of the table.
  private static let words: [(text: [UInt8], category: KeyWord.Categories)] = {
    var words: [(text: [UInt8], category: KeyWord.Categories)] = []
    var category: UInt32 = 0
    while let text = unsafe oomsh_key_word(words.count, &category) {
      words.append(
        (unsafe Array(String(cString: text).utf8), KeyWord.Categories(rawValue: category)))
    }
    return words
  }()

  private static func expected(
    _ bytes: [UInt8], _ categories: KeyWord.Categories, from: Int
  ) -> Answer {
    var newlines = 0
    for offset in bytes.indices.dropFirst(from) {
      for word in words where categories.contains(word.category) {
        if bytes[offset...].starts(with: word.text) {
          return Answer(offset: offset, category: word.category, newlines: newlines)
        }
      }
      newlines += bytes[offset] == .newline ? 1 : 0
    }
    return Answer(offset: nil, category: [], newlines: newlines)
  }

  /// Every path that this machine has gives the expected answer, however often it is asked on.
  private func check(_ bytes: [UInt8], _ categories: KeyWord.Categories, from: Int) {
    let expected = Self.expected(bytes, categories, from: from)
    for path in Self.paths {
      var found = oomsh_key()
      let hasPath = unsafe bytes.withUnsafeBufferPointer {
        unsafe oomsh_find_key_by(
          path, $0.baseAddress, $0.count, from, categories.rawValue, &found) != 0
      }
      guard hasPath else { continue }
      let answer = Answer(
        offset: found.offset < bytes.count ? found.offset : nil,
        category: KeyWord.Categories(rawValue: found.category), newlines: found.newlines)
      #expect(answer == expected, "\(path) \(categories) from \(from) in \(bytes.count)")
    }
    let key = bytes.span.nextKey(categories, from: from, to: bytes.count)
    let answer = Answer(offset: key.offset, category: key.category, newlines: key.newlines)
    #expect(answer == expected)
  }

  @Test func theTableKeepsItsRules() {
    #expect(Self.words.count >= 15)
    for word in Self.words {
      #expect(word.text.count <= KeyWord.longest)
      #expect(word.text.allSatisfy { $0 < 128 && $0 != .newline })
    }
    #expect(Self.words.reduce(into: []) { $0.formUnion($1.category) } == Self.everything)
  }

  @Test func everyWordAtEveryOffset() {
    for word in Self.words {
      for offset in 0..<100 {
        var bytes = [UInt8](repeating: .space, count: 200)
        for index in stride(from: 0, to: 200, by: 7) { bytes[index] = .newline }
        bytes.replaceSubrange(offset..<offset + word.text.count, with: word.text)
        check(bytes, word.category, from: 0)
        check(bytes, Self.everything, from: offset)
        check(bytes, Self.everything, from: offset + 1)
        check(bytes, Self.everything.subtracting(word.category), from: 0)
        check(Array(bytes[..<(offset + word.text.count)]), Self.everything, from: 0)
        check(Array(bytes[..<(offset + word.text.count - 1)]), Self.everything, from: 0)
      }
    }
  }

  @Test(arguments: 0..<40)
  func randomTexts(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let alphabet = Self.words.flatMap(\.text) + [.newline, .newline, 0, 0x80, 0xCB, 0xFF]
    var bytes: [UInt8] = []
    while bytes.count < 2000 {
      if random.number(0...20) == 0, let word = Self.words.randomElement(using: &random) {
        // Words, their beginnings and their ends, one right behind the other now and then.
        let cut = random.number(0...word.text.count)
        bytes += random.pick(word.text, Array(word.text[..<cut]), Array(word.text[cut...]))
      } else {
        bytes.append(alphabet.randomElement(using: &random) ?? .space)
      }
    }
    for _ in 0..<40 {
      let part = Array(bytes[random.number(0...1999)...])
      let categories = KeyWord.Categories(rawValue: UInt32(random.number(0...15)))
      check(part, categories, from: random.number(0...part.count))
    }
  }

  /// More newlines than a vector of bytes can count.
  @Test func newlinesBeyondAByte() {
    for count in [255 * 32, 256 * 32, 255 * 16 + 5, 40_000] {
      let bytes = [UInt8](repeating: .newline, count: count)
      check(bytes, Self.everything, from: 0)
      check(bytes + Array("Killed".utf8), .report, from: 3)
    }
  }
}
