internal import ArgumentParser
internal import KernelLog
internal import OOMShell
internal import Platform
internal import Presentation

/// `oomsh extract`: the events of logs as one JSON object a line, for programs.
struct Extract: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "oomsh extract",
    abstract: "Write the OOM events of logs as JSON, one object a line.",
    discussion: """
      The same bytes give the same records: without --ref-time a stamp without a year
      gives no date, and without --tz a stamp without a zone is taken for UTC, with the
      error that this may have. Each log is read alone: a report that rotation cut in
      two is two records; join the files with cat, oldest first.

      oomsh extract kern.log > events.ndjson
      oomsh extract --ref-time=mtime --tz=local --tasks=all kern.log
      oomsh extract --own=64M:128M big.log     one piece of a file that was cut
      oomsh events.ndjson                      asks the records questions
      """)

  /// The first word of a command line that means this. A log of that name is `./extract`.
  static let word = "extract"

  @Argument(help: "Logs; - is standard input.")
  var files: [String]

  @Option(help: "Rows of each task table: all, none or top=N.")
  var tasks: String?

  @Option(help: "The host of logs that name none.")
  var host: String?

  @Option(help: "When the logs were last written, for stamps without a year; mtime asks the file.")
  var refTime: String?

  @Option(help: "The zone of stamps that print none: UTC, +09:00, Asia/Seoul.")
  var tz: String?

  @Option(help: "Give only the reports that begin in START:END, in bytes. Takes one log.")
  var own: String?

  @Option(help: "How many bytes behind END to read for the ends of its reports.")
  var readAhead: String?

  func run() throws(CommandError) {
    let options = try options()
    let zones = ZoneSwitch()
    if let zone = options.zone, zones.offset(zone, at: 0) == nil {
      throw CommandError(
        .usage, "--tz: there is no time zone \(Visible.quoted(zone.description))",
        hint: "it is UTC, +09:00 or a name such as Asia/Seoul")
    }
    let output = Output()
    write(Extraction.header(version: Version.text), to: output)
    var faults: [CommandError] = []
    for path in files {
      do throws(CommandError) {
        try extract(path, options, zones, to: output)
      } catch {
        faults.append(error)
      }
    }
    for fault in faults.dropLast() { output.deliver(.diagnostics(fault.text + "\n")) }
    if let fault = faults.last { throw fault }
  }

  private func options() throws(CommandError) -> ExtractionOptions {
    var options = ExtractionOptions()
    if let tasks { try options.setTasks(tasks) }
    if let host { options.host = LogText(host) }
    if let refTime { try options.setReference(refTime) }
    if let tz { options.setZone(tz) }
    if let readAhead { try options.setReadAhead(readAhead) }
    if let own {
      guard files.count == 1 else {
        throw CommandError(
          .usage, "--own takes one log, not \(files.count)", hint: "run extract once for each")
      }
      try options.setOwn(own)
    } else if readAhead != nil {
      throw CommandError(.usage, "--read-ahead means nothing without --own START:END")
    }
    return options
  }

  /// Writes the records of one log, up to what is wrong with it.
  private func extract(
    _ path: String, _ options: ExtractionOptions, _ zones: ZoneSwitch, to output: Output
  ) throws(CommandError) {
    let extraction: Extraction
    let damage: HostError?
    do throws(HostError) {
      (extraction, damage) = try events(of: path, options, zones, to: output)
    } catch {
      throw .unreadable(path, error.reason)
    }
    // Without a summary the output says that it was cut short.
    if let damage { throw .damaged(path, damage.reason, hint: damage.hint, done: "written") }
    if let fault = extraction.fault { throw fault }
    write(extraction.summary, to: output)
    if let warning = extraction.warning { output.deliver(.diagnostics("warning: \(warning)\n")) }
  }

  /// Writes the events of a log, up to where it is damaged.
  private func events(
    of path: String, _ options: ExtractionOptions, _ zones: ZoneSwitch, to output: Output
  ) throws(HostError) -> (extraction: Extraction, damage: HostError?) {
    let file = try LogInput(path: path)
    var clock = Clock()
    switch options.reference {
    case .none: break
    case .modified: clock.referenceMicros = file.modified
    case .moment(let micros): clock.referenceMicros = micros
    }
    if let zone = options.zone {
      clock.isZoneGiven = true
      clock.utcOffset = { zones.offset(zone, at: $0 * 1_000_000)?.seconds ?? 0 }
    }
    var extraction = Extraction(source: PathText.shown(path), clock: clock, options: options)
    var bytesRead = 0
    var damage: HostError?
    while try unsafe extraction.step(
      reading: { (buffer) throws(HostError) in
        do throws(HostError) {
          let count = try unsafe file.read(into: buffer)
          bytesRead += count
          return count
        } catch {
          guard bytesRead > 0, error.code != .interrupted else { throw error }
          damage = error
          return 0
        }
      },
      write: { write($0, to: output) })
    {}
    return (extraction, damage)
  }

  private func write(_ record: JSONValue, to output: Output) {
    output.deliver(.output(record.encoded() + "\n"))
  }
}
