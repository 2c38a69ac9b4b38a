internal import ArgumentParser
internal import KernelLog
internal import OOMShell
internal import Platform
internal import Presentation

/// `oomsh extract`: the events of logs as one JSON object a line, for programs.
struct Extract: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "oomsh extract",
    abstract: "Write the OOM events of logs as JSON, one object a line.")

  /// The first word of a command line that means this. A log of that name is `./extract`.
  static let word = "extract"

  @Argument(help: "Logs; - is standard input.")
  var files: [String]

  func run() throws(CommandError) {
    let output = Output()
    write(Extraction.header(version: Version.text), to: output)
    var faults: [CommandError] = []
    for path in files {
      do throws(CommandError) {
        try extract(path, to: output)
      } catch {
        faults.append(error)
      }
    }
    for fault in faults.dropLast() { output.deliver(.diagnostics(fault.text + "\n")) }
    if let fault = faults.last { throw fault }
  }

  /// Writes the records of one log, up to what is wrong with it.
  private func extract(_ path: String, to output: Output) throws(CommandError) {
    let extraction: Extraction
    do throws(HostError) {
      extraction = try events(of: path, to: output)
    } catch {
      throw .unreadable(path, error.reason)
    }
    if let fault = extraction.fault { throw fault }
    write(extraction.summary, to: output)
  }

  private func events(of path: String, to output: Output) throws(HostError) -> Extraction {
    let file = try LogFile(path: path)
    let clock = Clock(referenceMicros: file.identity.modified)
    var extraction = Extraction(source: path, clock: clock, tasks: .top(20))
    while try unsafe extraction.step(
      reading: { (buffer) throws(HostError) in try unsafe file.read(into: buffer) },
      write: { write($0, to: output) })
    {}
    return extraction
  }

  private func write(_ record: JSONValue, to output: Output) {
    output.deliver(.output(record.encoded() + "\n"))
  }
}
