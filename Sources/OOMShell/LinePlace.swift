internal import Investigation

/// A line of an event's report: of the file in which the report begins, or, where a rotated log was
/// cut in the middle of it, of a later one.
struct LinePlace: CustomStringConvertible {
  /// The file's name, if it is not the one in which the report begins.
  let file: String?
  /// 1-based, in that file.
  let line: Int

  /// The place of a line that is counted from the beginning of the event's input.
  init(_ line: Int, of event: Event, in session: Session) {
    var input = event.input
    var line = line
    while let next = session.inputs[input].next, line > session.inputs[input].lineCount {
      line -= session.inputs[input].lineCount
      input = next
    }
    self.line = line
    file = input == event.input ? nil : session.inputs[input].name
  }

  var description: String { file.map { "\($0):\(line)" } ?? String(line) }
}
