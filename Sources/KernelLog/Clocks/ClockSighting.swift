/// A line as far as it tells about clocks.
package struct ClockSighting: Sendable {
  let stamp: Stamp
  package let carrier: Carrier
  let mark: ClockMark?
  package let host: LogText?
  /// Where it begins in the source.
  package let offset: Int

  /// Whether it is the kernel's first.
  package var isBanner: Bool { mark == .boot }

  package init(
    _ stamp: Stamp, _ carrier: Carrier, _ mark: ClockMark? = nil, host: LogText?, at offset: Int
  ) {
    self.stamp = stamp
    self.carrier = carrier
    self.mark = mark
    self.host = host
    self.offset = offset
  }

  /// What a record tells, which begins at an offset of the source; nil for a line without prefix.
  package init?(
    _ record: LogRecord, in bytes: Span<UInt8>, at offset: Int, _ names: inout RecentName
  ) {
    // A program's line without a stamp may as well be what stands around a log.
    guard !record.isBare, record.origin != .program || record.stamp != Stamp() else { return nil }
    var decoder = MessageDecoder()
    let isKernel = record.origin != .program
    self.init(
      record.stamp, record.carrier,
      isKernel ? decoder.withMessage(of: record, in: bytes) { ClockMark($0) } : nil,
      host: record.host.map { names.text($0, in: bytes) }, at: offset)
  }
}

extension LogFormat {
  /// What the records that begin in a range of some bytes tell about clocks; the bytes begin at
  /// `base` in the source, and the range at a record.
  package func sightings(
    in bytes: Span<UInt8>, _ range: Range<Int>, base: Int
  ) -> [ClockSighting] {
    var sightings: [ClockSighting] = []
    var names = RecentName()
    var offset = range.lowerBound
    while offset < range.upperBound {
      let record = record(at: offset, in: bytes)
      if let line = ClockSighting(record, in: bytes, at: base + offset, &names) {
        sightings.append(line)
      }
      offset = max(record.end, offset + 1)
    }
    return sightings
  }
}
