internal import KernelLog

/// What events are ordered by: their wall-clock time, or that of the event before in their log.
///
/// Within a boot the uptime decides. The headers of a daemon that fell behind, or a clock that was
/// set back, date an event later than one that came after it.
struct EventMoments {
  private struct Place: Hashable {
    let boot: Boot
    let host: EventStore.NameID?
  }

  private struct Last {
    var uptime: Int64
    var moment: Int64
  }

  /// The moment of the newest event of each input.
  private var ofInputs: [Int: Int64] = [:]
  private var ofPlaces: [Place: Last] = [:]
  /// The place of the newest event, which mostly is that of the next one too.
  private var place: Place?
  private var last: Last?
  private var moment = Int64.min

  /// The moment of an event; they come in the order of their log.
  mutating func next(_ events: EventStore, _ index: Int) -> Int64 {
    let place = Place(boot: events.boot(at: index), host: events.host(at: index))
    if place != self.place { go(to: place) }
    moment = events.wallMicros(at: index) ?? moment
    guard let uptime = events.uptimeMicros(at: index) else { return moment }
    if let last, last.uptime <= uptime { moment = max(moment, last.moment) }
    last = Last(uptime: uptime, moment: moment)
    return moment
  }

  private mutating func go(to place: Place) {
    if let old = self.place {
      ofPlaces[old] = last
      ofInputs[old.boot.input] = moment
    }
    self.place = place
    last = ofPlaces[place]
    moment = ofInputs[place.boot.input] ?? .min
  }
}
