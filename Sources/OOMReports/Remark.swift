package import KernelLog

/// Something that the kernel says beside its kill.
package struct Remark: Sendable, Equatable {
  package let kind: Kind
  /// The process it speaks of, where it names one.
  package let pid: Int64?
  package let text: LogText
  package let line: Int

  package init(_ kind: Kind, pid: Int64?, text: LogText, line: Int) {
    self.kind = kind
    self.pid = pid
    self.text = text
    self.line = line
  }

  /// What it says.
  package enum Kind: String, Sendable, CaseIterable {
    /// The process uses the victim's memory too, and dies with it (2.6.37 to 4.3).
    case sharesMemory = "shares-memory"
    /// Init uses the victim's memory, which so cannot be taken (4.8 and later).
    case pinned
    /// The chosen process was dying already (5.9 and later).
    case alreadyExiting = "already-exiting"
    /// The kernel went on without its kill (RHEL 6).
    case spared
    /// The choice fell on init (up to 2.6.34).
    case isInit = "init"
    /// The choice fell on a task without memory (up to 2.6.34).
    case hasNoMemory = "no-mm"
    /// A process was reaped, so that it was killed: by this event or one before it (4.6 and later).
    case reaped = "reaped-process"
    /// The reaper could not take the memory (4.6 and later).
    case notReaped = "not-reaped"
    /// There is no reaper (4.6 to 4.14).
    case noReaper = "no-reaper"
    /// A page fault met the out-of-memory state without a kill and is tried again.
    case faultRetried = "fault-retried"
    /// So many kills were needed that the kernel only counts them (OpenVZ).
    case inRage = "in-rage"
    /// SysRq-f found nothing to kill, or the killer disabled.
    case requestIgnored = "request-ignored"
  }
}
