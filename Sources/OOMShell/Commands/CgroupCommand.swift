internal import Investigation
internal import KernelLog
internal import OOMReports
internal import Presentation

extension Command {
  static let cgroup = Command(
    "cgroup", .look, "the cgroup limit that was hit: at which level, used for what",
    parameters: [Parameter("EVENT", .events, .optional, "an event; the newest where left out")],
    examples: [
      Example("cgroup", "whose limit the newest event hit, what used it, who was in it"),
      Example("cgroup 1", "at the first event"),
    ]
  ) { (state, arguments) throws(CommandError) in
    guard let number = try state.numbers(arguments.events("EVENT")).last else { return Document() }
    let report = try state.report(number).report
    guard let memcg = report.memcg,
      let answer = CgroupAnswer(number, report, memcg, state.settings.units)
    else {
      let reason =
        report.status == .killOnly
        ? "its kill line alone is in the log" : "the log says nothing of a cgroup"
      return Document([.note(.info, "no cgroup is known of event \(number): \(reason)")])
    }
    return answer.document
  }
}
