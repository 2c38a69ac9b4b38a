import Platform
import Synchronization

@testable import OOMShell

/// A machine whose logs are texts, for what transcripts cannot show: clocks that go on, logs that
/// change, a user who cancels.
final class LogMachine: Sendable {
  private let state = Mutex(State())

  private struct State {
    var logs: [String: [UInt8]] = [:]
    var ring: [UInt8] = []
    var pipe: [UInt8] = []
    var stale: Set<String> = []
    var now: Int64 = 1_800_000_000_000_000
    var uptime: Int64 = 7_200_000_000
    var interruptsAfterReads: Int?
    var reads = 0
    var offset: @Sendable (Int64) -> Int = { _ in 0 }
    var written: [String: String] = [:]
  }

  func log(_ name: String, _ text: String) { log(name, bytes: Array(text.utf8)) }
  func log(_ name: String, bytes: [UInt8]) { state.withLock { $0.logs[name] = bytes } }
  func ring(_ text: String) { state.withLock { $0.ring = Array(text.utf8) } }
  func pipe(_ text: String) { state.withLock { $0.pipe = Array(text.utf8) } }
  /// The log has been written anew since it was opened.
  func makeStale(_ name: String) { state.withLock { _ = $0.stale.insert(name) } }
  func pass(seconds: Int64) {
    state.withLock {
      $0.now += seconds * 1_000_000
      $0.uptime += seconds * 1_000_000
    }
  }
  var now: Int64 { state.withLock { $0.now } }
  /// Files that were made, by their paths.
  var written: [String: String] { state.withLock { $0.written } }
  /// The user presses ^C after so many further reads; nil for never.
  func interrupt(afterReads count: Int?) {
    state.withLock {
      $0.interruptsAfterReads = count
      $0.reads = 0
    }
  }
  /// What the session's zone is from UTC, in seconds, at a second since 1970.
  func zone(_ offset: @escaping @Sendable (Int64) -> Int) { state.withLock { $0.offset = offset } }

  func makeShell() -> Shell { Shell(ShellState(environment: environment)) }

  private var environment: Environment {
    var environment = Environment()
    environment.clock = {
      self.state.withLock { Environment.Moment(wallMicros: $0.now, uptimeMicros: $0.uptime) }
    }
    environment.offset = { zone, micros in
      if zone == .utc { return ZoneOffset(seconds: 0, name: "UTC") }
      return self.state.withLock {
        ZoneOffset(seconds: $0.offset(micros / 1_000_000), name: nil)
      }
    }
    environment.isInterrupted = {
      self.state.withLock { state in
        state.interruptsAfterReads.map { state.reads > $0 } ?? false
      }
    }
    environment.openLog = { (name) throws(Environment.Unreadable) in
      if name == "-" { return self.log(name, self.state.withLock { $0.pipe }, isPipe: true) }
      guard let bytes = self.state.withLock({ $0.logs[name] }) else {
        throw Environment.Unreadable("no such file or directory")
      }
      return self.log(name, bytes, isPipe: false)
    }
    environment.writeFiles = { (directory, files) throws(Environment.Unreadable) in
      let refusal = self.state.withLock { state -> Environment.Unreadable? in
        let paths = files.map { "\(directory)/\($0.path)" }
        if let taken = paths.first(where: { state.written[$0] != nil }) {
          return Environment.Unreadable("\(taken): exists already", hint: "nothing was written")
        }
        for (path, file) in zip(paths, files) {
          state.written[path] = String(decoding: file.bytes, as: UTF8.self)
        }
        return nil
      }
      if let refusal { throw refusal }
    }
    environment.readRing = { () throws(Environment.Unreadable) in
      let (bytes, now, uptime) = self.state.withLock { ($0.ring, $0.now, $0.uptime) }
      guard !bytes.isEmpty else { throw Environment.Unreadable("Operation not permitted") }
      return Environment.Ring(
        bytes: bytes, lost: 0, realtime: now, boottime: uptime, monotonic: uptime)
    }
    return environment
  }

  /// A log that is read a little at a time.
  private func log(_ name: String, _ bytes: [UInt8], isPipe: Bool) -> Environment.Log {
    let offset = Mutex(0)
    let read: @Sendable (UnsafeMutableRawBufferPointer) throws(Environment.Unreadable) -> Int = {
      buffer in
      self.state.withLock { $0.reads += 1 }
      return offset.withLock { offset in
        let count = min(buffer.count, bytes.count - offset, 64 << 10)
        unsafe buffer.copyBytes(from: bytes[offset..<offset + count])
        offset += count
        return count
      }
    }
    if isPipe {
      return unsafe Environment.Log(size: nil, modifiedMicros: nil, read: read, readAgain: nil)
    }
    return unsafe Environment.Log(
      size: bytes.count, modifiedMicros: now, read: read,
      readAgain: { (range) throws(Environment.Unreadable) in
        guard !self.state.withLock({ $0.stale.contains(name) }) else {
          throw Environment.Unreadable(
            "has changed since it was loaded", hint: "load it again")
        }
        return Array(bytes[range])
      })
  }
}

/// Kill lines as kernels print them, which are events of their own.
enum KillLine {
  static func text(_ pid: Int, _ comm: String = "app", kB: Int = 1000) -> String {
    "Out of memory: Killed process \(pid) (\(comm)) total-vm:\(kB * 2)kB, anon-rss:\(kB)kB, "
      + "file-rss:0kB, shmem-rss:0kB, UID:1000 pgtables:60kB oom_score_adj:0"
  }

  /// `[ 120.500000] Out of memory: …`
  static func uptime(_ seconds: Int, _ pid: Int, _ comm: String = "app", kB: Int = 1000) -> String {
    "[\(seconds).500000] \(text(pid, comm, kB: kB))\n"
  }

  /// `2027-01-15T07:00:00+00:00 host kernel: Out of memory: …`
  static func iso(_ stamp: String, _ pid: Int, _ comm: String = "app", kB: Int = 1000) -> String {
    "\(stamp) host kernel: \(text(pid, comm, kB: kB))\n"
  }
}
