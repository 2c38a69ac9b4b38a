internal import Investigation
internal import KernelLog
internal import OOMReports

/// Reads one input to its end and gathers its events; nothing of the session changes before it has
/// succeeded.
struct Loader {
  private let environment: Environment
  private let name: String
  private var events = EventStore()
  private var carriers: Set<Carrier> = []
  private var boots = BootCounter()
  private var kept: [Int: [UInt8]] = [:]
  private var keptBytes = 0
  private var head: [UInt8] = []

  /// How many bytes of reports are kept from an input that cannot be read again.
  private static let spool = 256 << 20

  /// What came of it.
  struct Loaded {
    var input: Input
    let events: EventStore
    let source: LoadedSource
    /// Why it is no input after all: it is packed, or no text.
    let fault: CommandError?
    /// Reports whose bytes could not be kept.
    let unkept: Int
  }

  init(_ name: String, in environment: Environment) {
    self.name = name
    self.environment = environment
  }

  /// Loads a file, or standard input for `-`.
  mutating func load(
    _ log: Environment.Log, index: Int, zone: Zone
  ) throws(Environment.Unreadable) -> Loaded {
    let clock = Clock(
      utcOffset: utcOffset(in: zone),
      referenceMicros: log.modifiedMicros ?? environment.clock().wallMicros)
    var scanner = ReportScanner(clock: clock, isWhole: false)
    var progress = Progress(name, size: log.size, in: environment)
    do throws(Environment.Unreadable) {
      while try unsafe scanner.scanChunk(
        reading: { (buffer) throws(Environment.Unreadable) in
          let count = try unsafe log.read(buffer)
          if head.isEmpty { head = unsafe Array(buffer.prefix(min(count, Unsuitable.headLength))) }
          return count
        },
        emit: { found, bytes in add(found, bytes, index, keeps: log.readAgain == nil) })
      {
        if environment.isInterrupted() { throw Environment.Unreadable.interrupted }
        progress.show(scanner.bytesRead)
      }
    } catch {
      progress.end()
      throw environment.isInterrupted() ? .interrupted : error
    }
    progress.end()
    let bytes = log.readAgain == nil ? LoadedSource.Bytes.kept(kept) : .file(log)
    return finish(
      scanner, LoadedSource(clock: clock, format: scanner.format ?? .lines, bytes: bytes))
  }

  /// Loads the running kernel's log.
  mutating func load(_ ring: Environment.Ring, index: Int, zone: Zone) -> Loaded {
    let clock = Clock.live(
      realtimeMicros: ring.realtime, boottimeMicros: ring.boottime,
      monotonicMicros: ring.monotonic, utcOffset: utcOffset(in: zone))
    var scanner = ReportScanner(clock: clock, isWhole: false)
    var offset = 0
    while unsafe scanner.scanChunk(
      reading: { buffer in
        let count = min(buffer.count, ring.bytes.count - offset)
        unsafe buffer.copyBytes(from: ring.bytes[offset..<offset + count])
        offset += count
        return count
      },
      emit: { found, bytes in add(found, bytes, index, keeps: true) })
    {}
    var loaded = finish(
      scanner, LoadedSource(clock: clock, format: scanner.format ?? .lines, bytes: .kept(kept)))
    loaded.input.isLive = true
    loaded.input.lostCount = ring.lost
    loaded.input.end = LogTime(
      uptimeMicros: ring.monotonic, wallMicros: ring.realtime, errorMicros: 0, basis: .live)
    return loaded
  }

  private func utcOffset(in zone: Zone) -> @Sendable (Int64) -> Int {
    let offset = environment.offset
    return { seconds in offset(zone, seconds * 1_000_000)?.seconds ?? 0 }
  }

  private mutating func add(
    _ found: ReportScanner.Found, _ bytes: Span<UInt8>, _ index: Int, keeps: Bool
  ) {
    let boot = boots.boot(of: found.report)
    events.append(
      Event(found.report, input: index, boot: boot, byteRange: found.byteRange))
    carriers.insert(found.carrier)
    guard keeps, keptBytes + bytes.count <= Self.spool else { return }
    kept[found.byteRange.lowerBound] = LogText(bytes).bytes
    keptBytes += bytes.count
  }

  private func finish(_ scanner: ReportScanner, _ source: LoadedSource) -> Loaded {
    var input = Input(name: name)
    input.carriers = Carrier.allCases.filter(carriers.contains)
    input.byteCount = scanner.bytesRead
    input.lineCount = scanner.lineCount
    input.bootCount = boots.count
    input.end = scanner.endTime
    input.otherKills = scanner.otherKills
    var unkept = 0
    if case .kept(let kept) = source.bytes { unkept = events.count - kept.count }
    return Loaded(
      input: input, events: events, source: source,
      fault: Unsuitable.fault(of: head, name, hasEvents: events.count > 0), unkept: unkept)
  }
}

/// The line that says how far a long load is; it appears after half a second.
private struct Progress {
  private let name: String
  private let size: Int?
  private let environment: Environment
  private let start: Int64
  private var shown: Int64 = 0
  private var chunks = 0

  init(_ name: String, size: Int?, in environment: Environment) {
    self.name = name
    self.size = size
    self.environment = environment
    start = environment.clock().wallMicros
  }

  mutating func show(_ bytes: Int) {
    chunks += 1
    guard chunks % 64 == 0 else { return }
    let now = environment.clock().wallMicros
    guard now - start > 500_000, now - shown > 100_000 else { return }
    shown = now
    let mebibytes = "\(bytes >> 20) MiB"
    let share = size.flatMap { $0 > 0 ? " of \($0 >> 20) MiB" : nil } ?? ""
    environment.progress("loading \(Visible.text(name)): \(mebibytes)\(share)")
  }

  func end() {
    if shown > 0 { environment.progress(nil) }
  }
}
