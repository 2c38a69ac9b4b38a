internal import Investigation
internal import KernelLog
internal import OOMReports
internal import Presentation

extension Command {
  static let mem = Command(
    "mem", aliases: ["memory"], .look, "where an event's memory went, class by class",
    parameters: [Parameter("EVENT", .events, .optional, "an event; the newest where left out")],
    examples: [
      Example("mem", "the ledger of RAM at the newest event, or of its cgroup; zones and swap"),
      Example("mem 1", "at the first"),
    ]
  ) { (state, arguments) throws(CommandError) in
    guard let number = try state.numbers(arguments.events("EVENT")).last else { return Document() }
    let report = try state.report(number).report
    let units = state.settings.units
    let cgroup = report.memcg.flatMap { CgroupAnswer(number, report, $0, units) }
    let machine = report.memory.map { MachineAnswer($0, report, units) }
    let blocks = (cgroup?.memoryBlocks ?? []) + (machine?.blocks ?? [])
    guard !blocks.isEmpty else {
      let reason = report.status == .killOnly ? ": its kill line alone is in the log" : ""
      return Document([
        .note(
          .info,
          "event \(number) prints no memory figures\(reason); 'raw \(number)' shows what there is")
      ])
    }
    return Document(
      [.heading("Memory at event \(number)")] + blocks,
      record: .object([
        .init("event", .int(Int64(number))), .init("machine", machine?.record ?? .null),
        .init("cgroup", cgroup?.memoryRecord ?? .null),
      ]))
  }
}
