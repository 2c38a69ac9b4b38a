package import KernelLog
package import OOMReports

/// Something that was loaded: a file, a pipe or the running kernel's log.
package struct Input: Sendable, Equatable {
  /// As the user named it.
  package let name: String
  package var isLive: Bool
  /// How its records came, by what was looked at.
  package var carriers: [Carrier]
  package var byteCount: Int
  package var lineCount: Int
  package var bootCount: Int
  package var eventCount: Int
  package var killCount: Int
  /// Events that another input, or the same one before, holds too.
  package var duplicateCount: Int
  /// Events without a wall-clock time.
  package var unplacedCount: Int
  /// Records that the kernel's ring buffer dropped before they were read.
  package var lostCount: Int
  /// What other killers than the kernel's did, and what allocations failed.
  package var otherKills: OtherKillLog
  /// The newest time in it, or when it was read if it is live.
  package var end: LogTime

  package init(name: String, isLive: Bool = false) {
    self.name = name
    self.isLive = isLive
    carriers = []
    byteCount = 0
    lineCount = 0
    bootCount = 0
    eventCount = 0
    killCount = 0
    duplicateCount = 0
    unplacedCount = 0
    lostCount = 0
    otherKills = OtherKillLog()
    end = LogTime()
  }
}
