import Foundation
import Platform

@testable import OOMShell

/// The machine on which transcripts run: files below one folder, a clock that stands still, no
/// terminal. What a script needs besides is in its headers.
///
/// - `root`: the captured machine that `sysctl` and `recommend` look at
/// - `ring`: a file that is taken for the running kernel's log, read three hours after boot
/// - `stdin`: a file that comes through standard input, and so only once
struct TranscriptMachine {
  let directory: URL
  let script: Script

  /// 2026-11-23 12:00 UTC: when every log was last written, and now.
  static let now: Int64 = 1_795_435_200_000_000
  private static let uptime: Int64 = 10_800_000_000

  /// A shell in UTC with 100 columns, unless the script's headers say otherwise.
  func makeShell() throws -> Shell {
    let environment = environment
    var state = ShellState(environment: environment)
    try state.settings.set("tz", to: script.header("tz") ?? "UTC", in: environment)
    try state.settings.set("width", to: script.header("width") ?? "100", in: environment)
    return Shell(state)
  }

  private var environment: Environment {
    var environment = Environment()
    let directory = directory.path
    let (ring, stdin) = (script.header("ring"), script.header("stdin"))
    environment.clock = { Environment.Moment(wallMicros: Self.now, uptimeMicros: Self.uptime) }
    environment.offset = Self.offset
    environment.readScript = { (path) throws(Environment.Unreadable) in
      // Paths begin in the transcripts' folder, so that no answer holds a path of this machine.
      let log = try Self.open("\(directory)/\(path)")
      return try log.readAgain?(0..<(log.size ?? 0)) ?? []
    }
    environment.openLog = { (path) throws(Environment.Unreadable) in
      guard path == "-" else { return try Self.open("\(directory)/\(path)") }
      return try Self.open("\(directory)/\(stdin ?? "nothing")", isStream: true)
    }
    environment.isDirectory = { FileTree.isDirectory("\(directory)/\($0)") }
    environment.matches = { pattern in
      FileTree.matches(of: "\(directory)/\(pattern)").map {
        String($0.dropFirst(directory.count + 1))
      }
    }
    environment.listFiles = { (path) throws(Environment.Unreadable) in
      try Self.translating { () throws(HostError) in
        try FileTree.files(below: "\(directory)/\(path)")
      }
    }
    environment.readRing = { () throws(Environment.Unreadable) in
      guard let ring, let text = FileManager.default.contents(atPath: "\(directory)/\(ring)") else {
        throw Environment.Unreadable("Operation not permitted")
      }
      return Environment.Ring(
        bytes: Array(text), lost: 0, realtime: Self.now, boottime: Self.uptime,
        monotonic: Self.uptime)
    }
    if let root = script.header("root") {
      environment.root = root
      environment.readMachine = { (paths) throws(Environment.Unreadable) in
        let files = paths.compactMap { path in
          FileManager.default.contents(atPath: "\(directory)/\(root)/\(path)")
            .map { (path, Array($0)) }
        }
        return Environment.Machine(
          files: Dictionary(uniqueKeysWithValues: files), isLive: false, name: root)
      }
    }
    return environment
  }

  @Sendable private static func offset(_ zone: Zone, _ micros: Int64) -> ZoneOffset? {
    switch zone {
    case .local, .utc: return ZoneOffset(seconds: 0, name: "UTC")
    case .offset(let seconds): return ZoneOffset(seconds: seconds, name: nil)
    case .named(let name):
      guard let zone = TimeZone(identifier: name) else { return nil }
      let date = Date(timeIntervalSince1970: Double(micros) / 1e6)
      return ZoneOffset(seconds: zone.secondsFromGMT(for: date), name: nil)
    }
  }

  /// A log as the real machine opens it, but for the time at which it was written.
  private static func open(
    _ path: String, isStream: Bool = false
  ) throws(Environment.Unreadable) -> Environment.Log {
    let file = try translating { () throws(HostError) in try LogFile(path: path) }
    let read: @Sendable (UnsafeMutableRawBufferPointer) throws(Environment.Unreadable) -> Int = {
      (buffer) throws(Environment.Unreadable) in
      try translating { () throws(HostError) in try unsafe file.read(into: buffer) }
    }
    if isStream {
      return unsafe Environment.Log(size: nil, modifiedMicros: nil, read: read, readAgain: nil)
    }
    return unsafe Environment.Log(
      size: file.identity.size, modifiedMicros: now, read: read,
      readAgain: { (range) throws(Environment.Unreadable) in
        try translating { () throws(HostError) in try file.readRange(range) }
      })
  }

  private static func translating<Result>(
    _ body: () throws(HostError) -> Result
  ) throws(Environment.Unreadable) -> Result {
    do throws(HostError) {
      return try body()
    } catch {
      throw Environment.Unreadable(error.reason, hint: error.hint)
    }
  }
}
