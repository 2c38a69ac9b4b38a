package import KernelLog

/// "CPU: n [UID: n] PID: n Comm: x [Kdump: loaded] Not tainted 6.1.0 #1 SMP PREEMPT_DYNAMIC"
package struct SystemLine: Sendable, Equatable {
  package var cpu: Int64?
  /// The effective user of the allocating task (6.11 and later).
  package var uid: Int64?
  /// The thread that allocated, which need not be in the task table: that lists leaders only.
  package var pid: Int64?
  package var comm: LogText?
  /// "Not tainted" or "Tainted: G        W".
  package var taint: LogText?
  package var isKdumpLoaded = false
  package var kernelRelease: LogText?
  /// What stands behind the release: the build's number, flags and, from a vendor, its own version.
  package var build: LogText?

  package init() {}

  /// The letters of what taints the kernel, without the blanks between them; empty where nothing
  /// does, nil where the line does not say.
  package var taintLetters: String? {
    guard let taint else { return nil }
    let bytes = taint.bytes
    guard bytes.starts(with: "Tainted:".utf8) else { return "" }
    return String(decoding: bytes.dropFirst(8).filter(\.isLetter), as: UTF8.self)
  }

  /// How the kernel preempts, such as `PREEMPT_DYNAMIC` or `PREEMPT(lazy)`; nil where the build
  /// does not say, as one without preemption.
  package var preemption: String? {
    guard let bytes = build?.bytes else { return nil }
    let words = bytes.split(separator: UInt8.space)
    let word = words.first { $0.starts(with: "PREEMPT".utf8) }
    // A word that ends the line may be cut, unless it ends as one.
    guard let word, word.endIndex < bytes.endIndex || word.last == .closeParenthesis else {
      return nil
    }
    return String(decoding: word, as: UTF8.self)
  }
}

/// "{comm} cpuset={name} mems_allowed={nodes}"
package struct CpusetLine: Sendable, Equatable {
  package let comm: LogText
  /// The last component of the cpuset's path, or `/`.
  package let name: LogText
  package let memsAllowed: String

  package init(comm: LogText, name: LogText, memsAllowed: String) {
    self.comm = comm
    self.name = name
    self.memsAllowed = memsAllowed
  }
}
