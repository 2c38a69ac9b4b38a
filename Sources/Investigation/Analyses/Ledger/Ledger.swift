package import OOMReports

/// One class of a ledger: how much of the whole it takes, and the lines that print its figures.
package struct LedgerLine: Sendable, Equatable {
  /// Its name in data, such as `slab_unreclaimable`.
  package let key: String
  /// What people call it.
  package let label: String
  /// Nil where the kernel prints the figure and this log has lost it.
  package let amount: Bytes?
  /// 1-based, in the order of the log.
  package let lines: [Int]

  init(_ key: String, _ label: String, _ amount: Bytes?, lines: [Int]) {
    self.key = key
    self.label = label
    self.amount = amount
    self.lines = lines
  }
}

extension [LedgerLine] {
  /// The classes that the log has lost, and the most that can be in them: what the others leave of the
  /// whole. Nil where it has lost none.
  func lost(of whole: Bytes) -> (labels: Sentence, most: Bytes)? {
    let missing = filter { $0.amount == nil }
    guard !missing.isEmpty else { return nil }
    let known = Bytes.sum(compactMap(\.amount)) ?? Bytes(0)
    return (
      .list(missing.map { Sentence([.text($0.label)]) }),
      Bytes(Swift.max(0, whole.count - Swift.min(known.count, whole.count)))
    )
  }
}

/// What is in none of a ledger's classes.
package enum LedgerGap: Sendable, Equatable {
  case known(Bytes)
  /// No more than this: a class is printed in part only.
  case atMost(Bytes, because: Sentence)
  /// A class is missing, or the figures contradict each other.
  case unknown(because: Sentence)

  /// The whole less its classes; classes that exceed the whole by less than `slack` were counted
  /// at another moment, and leave nothing.
  ///
  /// - Parameters:
  ///   - whole: All that the classes are of.
  ///   - lines: The classes, which do not overlap.
  ///   - slack: By how many bytes they may exceed the whole.
  ///   - partial: Why a class may hold more than is printed of it.
  init(of whole: Bytes, lines: [LedgerLine], slack: Int64, partial: Sentence?) {
    let missing = lines.filter { $0.amount == nil }
    guard missing.isEmpty else {
      self = .unknown(
        because: "the log has lost \(.list(missing.map { Sentence([.text($0.label)]) }))")
      return
    }
    guard let sum = Bytes.sum(lines.map(\.amount)) else {
      self = .unknown(because: "a figure is larger than any machine's memory")
      return
    }
    let rest = whole.count - sum.count
    if rest < -slack {
      self = .unknown(because: "the classes amount to \(Bytes(-rest)) more than there is")
    } else if let partial {
      self = .atMost(Bytes(max(0, rest)), because: partial)
    } else {
      self = .known(Bytes(max(0, rest)))
    }
  }

  /// The amount where it is exact.
  package var amount: Bytes? {
    if case .known(let amount) = self { amount } else { nil }
  }

  /// The most that it can be.
  package var bound: Bytes? {
    switch self {
    case .known(let amount), .atMost(let amount, _): amount
    case .unknown: nil
    }
  }
}

extension Bytes {
  /// The sum; nil where a summand is missing, below 0, or the sum does not fit.
  static func sum(_ figures: [Bytes?]) -> Bytes? {
    var total: Int64 = 0
    for figure in figures {
      guard let figure, figure.count >= 0 else { return nil }
      let sum = total.addingReportingOverflow(figure.count)
      guard !sum.overflow else { return nil }
      total = sum.partialValue
    }
    return Bytes(total)
  }

  /// A multiple; nil where it does not fit, or either is below 0.
  func times(_ factor: Int64) -> Bytes? {
    let product = count.multipliedReportingOverflow(by: factor)
    return product.overflow || factor < 0 || count < 0 ? nil : Bytes(product.partialValue)
  }
}
