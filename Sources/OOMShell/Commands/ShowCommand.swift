internal import Investigation
internal import KernelLog
internal import OOMReports
internal import Presentation

extension Command {
  static let show = Command(
    "show", .look, "show one event, and what each figure means",
    parameters: [Parameter("EVENT", .events, .zeroOrMore, "events; the newest where left out")],
    examples: [
      Example("show 1", "the first event"), Example("show last", "the newest event in view"),
    ]
  ) { (state, arguments) throws(CommandError) in
    var blocks: [Block] = []
    var records: [JSONValue] = []
    for number in try state.numbers(arguments.events("EVENT")) {
      let (event, report, carrier) = try state.report(number)
      let card = EventCard(event, report, TimeDisplay(state), seenIn: state.places(of: event))
      blocks += card.blocks
      let input = state.session.inputs[event.input]
      let end = LinePlace(event.lastLine, of: event, in: state.session)
      if let file = end.file {
        blocks.append(
          .note(
            .info,
            "the report begins in \(Visible.text(input.name)), which ends with line "
              + "\(input.lineCount), and goes on to line \(end.line) of \(Visible.text(file)): "
              + "line \(input.lineCount + 1) above is line 1 there"))
      }
      var source = EventRecord.Source(
        name: input.name, carrier: carrier.rawValue, byteRange: event.byteRange, boot: event.boot,
        others: event.otherPlaces.map { ($0, state.session.inputs[$0.input].name) })
      source.printed = (try? state.rawBytes(number)).flatMap {
        EventRecord.Source.printed(before: $0.span)
      }
      var named = report
      named.host = event.host
      records.append(EventRecord(named, source: source, tasks: .top(20)).json)
    }
    return Document(blocks, record: records.count == 1 ? records.first : .array(records))
  }
}

extension ShellState {
  /// Where an event was seen, as `journal, kern.log.1:120-180`, if in more than one place.
  fileprivate func places(of event: Event) -> [String] {
    guard !event.otherPlaces.isEmpty else { return [] }
    return ([event.place] + event.otherPlaces).map { place in
      let end = place.lastLine > place.firstLine ? "-\(place.lastLine)" : ""
      return "\(Visible.text(session.inputs[place.input].name)):\(place.firstLine)\(end)"
    }
  }
}
