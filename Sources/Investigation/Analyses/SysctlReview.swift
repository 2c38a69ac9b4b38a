package import KernelLog
internal import OOMReports

/// What the machine's settings mean for OOM: each sysctl, promised memory, swap, counted kills.
package struct SysctlReview: Sendable, Equatable {
  package let settings: [Setting]
  package let commit: CommitReview
  package let swap: SwapReview
  /// Nil where the kernel's count is not known or there are no live events to compare it with.
  package let kills: KillAccount?

  /// Reviews the facts. `liveEvents` are all events of the running kernel's own log, whatever is in
  /// view; nil where that log is not loaded.
  package init(_ host: HostFacts, liveEvents: [Event]? = nil) {
    settings = SysctlMeanings.rows.map { Setting($0, host) }
    commit = CommitReview(host)
    swap = SwapReview(host)
    kills = liveEvents.flatMap { KillAccount(host, liveEvents: $0) }
  }

  /// One sysctl.
  package struct Setting: Sendable, Equatable {
    package let name: String
    package let value: Value
    /// What the value that is set does.
    package let meaning: String
    /// Which workload it fits.
    package let advice: String
    /// Said where the value is unusual or was not understood.
    package let remark: Remark?

    /// What a setting is set to.
    package enum Value: Sendable, Equatable {
      case missing
      case number(Int64)
      /// No number, or one that no kernel accepts there.
      case invalid(LogText)
    }
  }

  /// What is unusual, and how much it matters.
  package struct Remark: Sendable, Equatable {
    package let concern: Concern
    package let text: Sentence

    /// How much a remark matters, least first.
    package enum Concern: Int, Sendable, Comparable, CaseIterable {
      case note, warning, critical

      package static func < (left: Concern, right: Concern) -> Bool {
        left.rawValue < right.rawValue
      }
    }
  }
}

extension SysctlReview.Setting {
  fileprivate init(_ row: SysctlMeanings, _ host: HostFacts) {
    name = row.name
    advice = Prose.text(.sysctl, row.name) ?? ""
    guard let raw = host.sysctls[row.name] else {
      value = .missing
      meaning = Prose.text(.sysctl, "missing") ?? ""
      remark = nil
      return
    }
    guard let number = host.integer(row.name), row.legal.contains(number) else {
      value = .invalid(raw)
      meaning = Prose.text(.sysctl, "invalid") ?? ""
      remark = SysctlReview.Remark(
        concern: .warning, text: "\(raw) is no valid value of this setting")
      return
    }
    value = .number(number)
    meaning = Prose.text(.sysctl, row.meaning(number, host)) ?? ""
    remark = row.remark(number, host)
  }
}
