package import KernelLog

/// A named figure of a line, as printed, which a report has no place for.
package struct LineFigure: Sendable, Equatable {
  package let name: String
  package let text: LogText
}

extension Span where Element == UInt8 {
  /// The words behind some marks, up to a blank, a comma or a colon at their end; a mark that does
  /// not stand there gives none.
  func figures(_ marks: [(mark: StaticString, name: String)], from start: Int = 0) -> [LineFigure] {
    marks.compactMap { mark, name in
      guard let found = first(mark, from: start) else { return nil }
      let word = skippingBlanks(from: found + mark.utf8CodeUnitCount)
      var end = word
      while let byte = byte(at: end), byte != .space, byte != .comma { end += 1 }
      if end > word, byte(at: end - 1) == .colon { end -= 1 }
      return end > word ? LineFigure(name: name, text: text(word..<end)) : nil
    }
  }
}
