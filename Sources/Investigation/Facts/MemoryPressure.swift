/// /proc/pressure/memory: the share of time in which tasks stood still for want of memory.
package struct MemoryPressure: Sendable, Equatable {
  /// At least one task.
  package let some: Averages
  /// All tasks at once; nil on a kernel that does not print it.
  package let full: Averages?

  /// Shares of the last 10, 60 and 300 seconds, from 0 to 1.
  package struct Averages: Sendable, Equatable {
    package let last10: Double
    package let last60: Double
    package let last300: Double

    package init(last10: Double, last60: Double, last300: Double) {
      self.last10 = last10
      self.last60 = last60
      self.last300 = last300
    }
  }

  package init(some: Averages, full: Averages?) {
    self.some = some
    self.full = full
  }

  /// Nil where the text holds no such figures.
  init?(parsing bytes: [UInt8]) {
    var averages: [String: Averages] = [:]
    for line in ProcText.lines(bytes) {
      let words = ProcText.words(line)
      guard words.count >= 4, let last10 = Self.share(words[1], "avg10="),
        let last60 = Self.share(words[2], "avg60="), let last300 = Self.share(words[3], "avg300=")
      else { continue }
      averages[String(decoding: words[0], as: UTF8.self)] = Averages(
        last10: last10, last60: last60, last300: last300)
    }
    guard let some = averages["some"] else { return nil }
    self.init(some: some, full: averages["full"])
  }

  /// `avg10=12.34`, in percent with two decimals.
  private static func share(_ word: ArraySlice<UInt8>, _ key: String) -> Double? {
    guard word.starts(with: key.utf8) else { return nil }
    let halves = word.dropFirst(key.utf8.count).split(
      separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard halves.count == 2, halves[1].count == 2, let whole = ProcText.integer(halves[0]),
      let hundredths = ProcText.integer(halves[1]), (0...100).contains(whole), hundredths >= 0
    else { return nil }
    return Double(whole * 100 + hundredths) / 10_000
  }
}
