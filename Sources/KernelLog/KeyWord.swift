internal import CByteSearch

/// A word that leads to a line worth reading, found without reading the lines around it.
///
/// The words themselves are the rows of `CByteSearch/words.h`. A word proves nothing: its line says
/// what it is.
package struct KeyWord: Equatable, Sendable {
  /// What a word's line may tell about.
  package struct Categories: OptionSet, Hashable, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) {
      self.rawValue = rawValue
    }

    /// A report of the kernel's OOM killer.
    package static let report = Self(rawValue: OOMSH_CATEGORY_REPORT.rawValue)
    /// Another killer, or an allocation that failed.
    package static let otherKiller = Self(rawValue: OOMSH_CATEGORY_OTHER_KILLER.rawValue)
    /// The machine's clocks: a boot, a resume, a clock that was set.
    package static let clock = Self(rawValue: OOMSH_CATEGORY_CLOCK.rawValue)
  }

  /// Where its first byte is; nil where there is no word.
  package let offset: Int?
  /// Its one category; empty where there is no word.
  package let category: Categories
  /// How many newlines were passed: before the word, or all where there is none.
  package let newlines: Int

  /// The bytes of the longest word, at least: so many bytes before the end of a search must be
  /// searched again together with what follows.
  package static let longest = 32
}

extension Span where Element == UInt8 {
  /// The next key word of some categories that lies in a range whole.
  ///
  /// Its cost does not depend on how many categories are asked for, only on how many words are
  /// found.
  package func nextKey(
    _ categories: KeyWord.Categories = .report, from: Int, to limit: Int
  ) -> KeyWord {
    var found = oomsh_key()
    unsafe withUnsafeBufferPointer { bytes in
      unsafe oomsh_find_key(bytes.baseAddress, limit, from, categories.rawValue, &found)
    }
    return KeyWord(
      offset: found.offset < limit ? found.offset : nil,
      category: KeyWord.Categories(rawValue: found.category), newlines: found.newlines)
  }
}
