internal import KernelLog

/// A program or a part of the kernel that kills where memory is short, the OOM killer apart.
package struct OtherKiller: Sendable {
  package let kind: Kind
  /// Who must have logged the line.
  let author: Author
  /// Lines of this killer's, without what stands before the message.
  let samples: [String]
  /// Reads a message; nil where it tells of no kill.
  let read: @Sendable (_ message: Span<UInt8>) -> OtherKill?

  /// Which killer it is.
  package enum Kind: String, Sendable, CaseIterable {
    case systemdOomd = "systemd-oomd"
    case earlyoom, nohang, oomd, lowmemorykiller
    /// Which saw the kernel, or anybody, kill.
    case systemd
    case pageAllocationFailure = "page-allocation-failure"

    /// Whether a kill is logged once more for each signal.
    var repeatsItself: Bool { self == .earlyoom || self == .nohang }

    /// What one of them is, and what several are.
    package var nouns: (one: String, several: String) {
      switch self {
      case .pageAllocationFailure: ("page allocation failure", "page allocation failures")
      case .systemd: ("kill that systemd saw", "kills that systemd saw")
      default: ("kill by \(rawValue)", "kills by \(rawValue)")
      }
    }
  }

  /// Whose line it must be: anybody can quote one.
  enum Author: Sendable {
    /// A program with this name in its syslog tag or journal field.
    case program(StaticString)
    /// The kernel.
    case kernel
    /// The kernel, or a program that wrote into the kernel's log.
    case kernelLog
    /// Either: the kernel's own, or a program of this name.
    case kernelOr(StaticString)
  }
}
