internal import Investigation
internal import KernelLog
internal import Presentation

extension Command {
  static let raw = Command(
    "raw", .look, "print an event's lines as they stand in the log",
    parameters: [
      Parameter("EVENT", .events, .zeroOrMore, "events; the newest where left out"),
      .flag("numbers", "with the number of each line"),
    ],
    examples: [
      Example("raw last", "the lines of the newest event, escaped where they are not text"),
      Example("raw 1 --numbers", "with their line numbers"),
    ]
  ) { (state, arguments) throws(CommandError) in
    var blocks: [Block] = []
    let numbers = try state.numbers(arguments.events("EVENT"))
    for number in numbers {
      var lines: [String] = []
      let event = state.session.event(number)
      let bytes = try state.rawBytes(number)
      if bytes.isEmpty { _ = try state.report(number) }
      let isNumbered = arguments.has("numbers")
      for (offset, line) in bytes.lines.enumerated() {
        let place = LinePlace(event.firstLine + offset, of: event, in: state.session)
        lines.append(isNumbered ? "\(place): \(line)" : line)
      }
      if numbers.count > 1 { blocks.append(.heading("Event \(number)")) }
      blocks.append(.verbatim(lines))
    }
    return Document(blocks)
  }
}

extension [UInt8] {
  /// The lines without their ends, as text: bytes that are no UTF-8 become `\xNN`.
  fileprivate var lines: [String] {
    var lines = split(separator: UInt8.newline, omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map { line in
      let end = line.last == UInt8.carriageReturn ? line.dropLast() : line
      return LogText(Array(end)).readable
    }
  }
}
