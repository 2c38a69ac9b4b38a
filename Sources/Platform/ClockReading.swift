internal import Glibc

/// The machine's clocks at one moment, in microseconds.
package struct ClockReading: Sendable, Equatable {
  /// Wall clock: since 1970-01-01 00:00 UTC.
  package let realtime: Int64
  /// Since boot, suspended time included.
  package let boottime: Int64
  /// Since boot without suspended time; near to what the kernel stamps its messages with.
  package let monotonic: Int64

  /// Creates a reading from known values.
  package init(realtime: Int64, boottime: Int64, monotonic: Int64) {
    self.realtime = realtime
    self.boottime = boottime
    self.monotonic = monotonic
  }

  /// Reads the clocks as near together as the scheduler allows.
  package static func now() -> ClockReading {
    var best = attempt()
    // A reading that was torn apart by a preemption took longer than its neighbours.
    for _ in 0..<4 {
      let other = attempt()
      if other.spread < best.spread { best = other }
    }
    return best.reading
  }

  private static func attempt() -> (spread: Int64, reading: ClockReading) {
    let before = nanoseconds(CLOCK_MONOTONIC)
    let realtime = nanoseconds(CLOCK_REALTIME)
    let boottime = nanoseconds(CLOCK_BOOTTIME)
    let after = nanoseconds(CLOCK_MONOTONIC)
    let reading = ClockReading(
      realtime: realtime / 1000, boottime: boottime / 1000,
      monotonic: (before + (after - before) / 2) / 1000)
    return (after - before, reading)
  }

  private static func nanoseconds(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
