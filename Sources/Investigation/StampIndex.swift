internal import KernelLog
internal import OOMReports

/// Events by what no carrier changes of a kill line, for those whose names do not come the same in
/// every log.
///
/// journalctl takes control characters and terminal sequences out of a name and leaves nothing in
/// their place, other forms turn a newline in it into a blank; so the text of the line differs there.
/// Its pid and sizes do not, nor does its stamp. Names of plain text need no such index, and nearly all
/// are.
struct StampIndex: Sendable {
  private var known: Known?

  /// Events whose name may come in other words, and all others, which only one of the former may be.
  private struct Known {
    var odd: [Key: [Int]] = [:]
    var plain: [Key: [Int]] = [:]
  }

  private enum Key: Hashable {
    case stamp(uptime: Int64, pid: Int64)
    case size(totalVM: Bytes, pid: Int64)

    static func all(of event: Event) -> [Key] {
      guard let victim = event.victim else { return [] }
      return [
        event.time.uptimeMicros.map { .stamp(uptime: $0, pid: victim.pid) },
        victim.totalVM.map { .size(totalVM: $0, pid: victim.pid) },
      ].compactMap(\.self)
    }
  }

  /// Notes an event that gets an index.
  mutating func add(_ event: Event, at index: Int) {
    guard known != nil else { return }
    let isOdd = event.victim?.comm.isOdd == true
    for key in Key.all(of: event) {
      if isOdd {
        known?.odd[key, default: []].append(index)
      } else {
        known?.plain[key, default: []].append(index)
      }
    }
  }

  /// Whether no event need be looked for whose victim's name is of plain text.
  var isIdle: Bool { known == nil }

  /// The newest event before `end` that is this one under a name that a carrier may have made of its
  /// name, or the other way round; nil where there is none. `logs` has the first file of each input's
  /// log.
  mutating func index(
    of event: Event, in events: EventStore, before end: Int, _ logs: [Int]
  ) -> Int? {
    guard let name = event.victim?.comm else { return nil }
    if known == nil {
      guard name.isOdd else { return nil }
      known = Known()
      for index in 0..<end { add(events[index], at: index) }
    }
    for key in Key.all(of: event) {
      func isSame(_ index: Int) -> Bool {
        let known = events[index]
        let isOneLog = logs[known.input] == logs[event.input]
        return known.victim?.mayBe(event.victim) == true
          && Sameness.holds(known, event, isOneLog: isOneLog)
      }
      let found =
        known?.odd[key]?.last(where: isSame)
        ?? (name.isOdd ? known?.plain[key]?.last(where: isSame) : nil)
      if let found { return found }
    }
    return nil
  }
}

extension Victim {
  /// Whether a carrier may have made one of two victims' names of the other's, and nothing else of
  /// their lines differs, as far as they are whole.
  fileprivate func mayBe(_ other: Victim?) -> Bool {
    guard let other, comm.isOdd || other.comm.isOdd else { return false }
    let (text, otherText) = (comm.printable, other.comm.printable)
    return zip(figures, other.figures).allSatisfy { $0 == $1 || $0 == nil || $1 == nil }
      && (text.isSubsequence(of: otherText) || otherText.isSubsequence(of: text))
  }

  private var figures: [Int64?] {
    [
      uid, totalVM?.count, anonRSS?.count, fileRSS?.count, shmemRSS?.count, pageTables?.count,
      oomScoreAdj,
    ]
  }
}

extension LogText {
  /// Whether a name has bytes that some carrier leaves out or writes in its own way.
  var isOdd: Bool { bytes.contains { $0 < 0x20 || $0 >= 0x7F || $0 == UInt8(ascii: "\\") } }

  /// The bytes that are the same in every carrier, but for those of a terminal sequence.
  fileprivate var printable: [UInt8] { bytes.filter { $0 > 0x20 && $0 < 0x7F } }
}

extension [UInt8] {
  /// Whether another text has these bytes in this order, among others.
  fileprivate func isSubsequence(of other: [UInt8]) -> Bool {
    var rest = self[...]
    for byte in other where byte == rest.first { rest = rest.dropFirst() }
    return rest.isEmpty
  }
}
