internal import KernelLog

/// What a source tells besides the kernel's kills, found in the records that are looked at for them.
struct SideFinds: Sendable {
  /// How the records came.
  private(set) var carriers: Set<Carrier> = []
  private var lastCarrier: Carrier?
  /// Kernel messages in whose place journalctl printed how long they are (`[65B blob data]`).
  private(set) var blobLines = 0
  /// What other killers did.
  private(set) var otherKills = OtherKillLog()
  /// What reads like a kill and is nobody's.
  private(set) var strayKills = StrayKills()
  private var decoder = MessageDecoder()

  private static let words: KeyWord.Categories = [.report, .otherKiller]

  /// Notes how a record came.
  mutating func note(_ carrier: Carrier) {
    // Nearly all come as the one before.
    if carrier != lastCarrier { carriers.insert(carrier) }
    lastCarrier = carrier
  }

  /// Notes a record in whose place another text stands.
  mutating func noteBlob(_ record: LogRecord, in window: LogWindow) {
    if record.origin == .kernel, window.withBytes({ $0.extracting(record.message).isBlob }) {
      blobLines += 1
    }
  }

  /// Notes the kills that a range of the window tells of, but for the one that was read there.
  mutating func noteStrayKills(
    in range: Range<Int>, line: Int, besides read: Int64? = nil, in window: LogWindow
  ) {
    var strayKills = self.strayKills
    window.withBytes { strayKills.note(in: $0, range, line: line, besides: read) }
    self.strayKills = strayKills
  }

  /// Notes what a record that is no key line tells of kills: of nobody's, and of another killer's.
  mutating func note(
    _ record: LogRecord, line: Int, in window: LogWindow, _ format: LogFormat, _ clock: Clock
  ) {
    noteStrayKills(in: record.start..<record.end, line: line, in: window)
    let isCandidate = window.withBytes { bytes in
      bytes.nextKey(Self.words, from: record.start, to: record.end).offset != nil
    }
    // In the aftermath of a kill every record is looked at; few hold a key word.
    guard !record.isCut, isCandidate else { return }
    var decoder = self.decoder
    var kill = window.withBytes { OtherKillers.read(record, in: $0, &decoder) }
    self.decoder = decoder
    kill?.line = line
    kill?.time = clock.time(of: record.stamp, record.carrier)
    kill?.host = window.host(of: record, format)
    if let kill { otherKills.add(kill) }
  }
}
