internal import Investigation
internal import KernelLog
internal import OOMReports
internal import Presentation

extension Command {
  static let why = Command(
    "why", .cause, "why the kernel chose that task: every score recomputed",
    parameters: [
      Parameter("EVENT", .events, .optional, "an event; the newest where left out"),
      Parameter("PID", .integer(0...Int.max), .optional, "why this task was spared"),
    ],
    examples: [
      Example("why", "the ranking at the newest event, and whether it leads to the victim"),
      Example("why 1 1", "why process 1 was not chosen at event 1"),
    ]
  ) { (state, arguments) throws(CommandError) in
    guard let number = try state.numbers(arguments.events("EVENT")).last else { return Document() }
    let report = try state.report(number).report
    let scores = try state.selection(of: number, report)
    let answer = SelectionAnswer(number, report, scores, state.settings.units)
    guard let pid = arguments.integer("PID") else { return answer.document }
    return answer.document(about: Int64(pid))
  }
}

extension ShellState {
  /// The scores of an event's tasks, with what other events of the session tell of them.
  func selection(
    of number: Int, _ report: OOMReport
  ) throws(CommandError) -> Result<Selection, BadnessRule.Obstacle> {
    let before = victimsJustBefore(number)
    do throws(BadnessRule.Obstacle) {
      return .success(try Selection(report, killedBefore: before))
    } catch {
      guard error == .noTotal, let total = try totalOfSameBoot(number, report) else {
        return .failure(error)
      }
      do throws(BadnessRule.Obstacle) {
        return .success(try Selection(report, total: total, killedBefore: before))
      } catch {
        return .failure(error)
      }
    }
  }

  /// Processes that events of the last seconds killed: while their memory is taken they are passed
  /// over.
  private func victimsJustBefore(_ number: Int) -> [Int64: Int] {
    let event = session.event(number)
    guard let uptime = event.time.uptimeMicros else { return [:] }
    var victims: [Int64: Int] = [:]
    let boot = session.events.boot(at: number - 1)
    for earlier in session.view where earlier != number {
      guard session.events.boot(at: earlier - 1) == boot,
        let time = session.events.time(at: earlier - 1).uptimeMicros,
        (0...10_000_000).contains(uptime - time)
      else { continue }
      let other = session.event(earlier)
      guard other.host == event.host, time < uptime || other.firstLine < event.firstLine else {
        continue
      }
      for victim in other.victims { victims[victim.pid] = earlier }
    }
    return victims
  }

  /// All memory as another report of the same boot prints it: RAM and swap seldom change.
  private func totalOfSameBoot(
    _ number: Int, _ report: OOMReport
  ) throws(CommandError) -> MemoryTotal? {
    guard report.boundary == Constraint.none else { return nil }
    let event = session.event(number)
    let near = session.view.filter { $0 != number }.sorted {
      abs($0 - number) < abs($1 - number)
    }
    for other in near.prefix(20) {
      let candidate = session.event(other)
      guard candidate.input == event.input, candidate.boot == event.boot,
        candidate.host == event.host
      else { continue }
      let neighbour = try self.report(other).report
      guard neighbour.boundary == Constraint.none else { continue }
      if let total = MemoryTotal(neighbour) { return total.borrowed(from: other) }
    }
    return nil
  }
}
