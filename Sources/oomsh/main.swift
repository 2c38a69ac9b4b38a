internal import KernelLog
internal import OOMShell
internal import Platform
internal import Presentation

func run() throws {
  let out = StandardOutput(descriptor: 1)
  func emit(_ v: JSONValue) { try? out.write(v.encoded() + "\n") }
  emit(Extraction.header(version: "dev"))
  for path in CommandLine.arguments.dropFirst(2) {
    let f = try LogFile(path: path)
    var e = Extraction(
      source: path, clock: Clock(referenceMicros: f.identity.modified), tasks: .top(20))
    while try unsafe e.step(
      reading: { (b) throws(HostError) in try unsafe f.read(into: b) }, write: emit)
    {}
    emit(e.summary)
  }
  try out.flush()
}
try run()
