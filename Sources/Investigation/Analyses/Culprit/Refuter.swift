internal import OOMReports

/// What would refute an answer. What the report itself holds of it takes certainty from the answer;
/// the rest only the machine can tell.
struct Refuter: ExpressibleByStringInterpolation {
  let text: Sentence
  /// What in the report speaks against the answer.
  let objections: [Objection]

  init(_ text: Sentence, _ objections: [Objection] = []) {
    self.text = text
    self.objections = objections
  }

  init(stringLiteral words: String) { self.init(Sentence(stringLiteral: words)) }

  init(stringInterpolation: Sentence.StringInterpolation) {
    self.init(Sentence(stringInterpolation: stringInterpolation))
  }

  /// Something in the report that an answer does not agree with.
  struct Objection {
    let weight: Weight
    let evidence: Culprit.Evidence

    init(_ weight: Weight, _ line: Int?, _ text: Sentence) {
      self.init(weight, Culprit.Evidence(line, text))
    }

    init(_ weight: Weight, _ evidence: Culprit.Evidence) {
      self.weight = weight
      self.evidence = evidence
    }

    /// How sure an answer can be all the same.
    enum Weight: Comparable {
      /// The refuter may hold: the answer is likely at most.
      case doubts
      /// The refuter holds, and only an error or a race of the figures would save the answer.
      case refutes
    }
  }

  /// How sure an answer is at most.
  var most: Culprit.Certainty {
    switch objections.map(\.weight).max() {
    case nil: .certain
    case .doubts: .likely
    case .refutes: .possible
    }
  }
}

extension [Refuter.Objection] {
  /// Invariants of every report that this one breaks: its figures cannot all be true.
  static func broken(
    _ checks: Set<String>, in report: OOMReport, _ weight: Refuter.Objection.Weight = .refutes
  ) -> Self {
    Trust.failures(of: checks, in: report).map { check in
      Refuter.Objection(
        weight, check.lines.first,
        "it does not hold that \(Sentence([.text(check.claim)])): \(check.text)")
    }
  }
}
