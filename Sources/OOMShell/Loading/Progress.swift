/// The line that says how far a long load is; it appears after half a second.
struct Progress {
  private let name: String
  private let size: Int?
  private let environment: Environment
  private let start: Int64
  private var shown: Int64 = 0
  private var chunks = 0

  init(_ name: String, size: Int?, in environment: Environment) {
    self.name = name
    self.size = size
    self.environment = environment
    start = environment.clock().wallMicros
  }

  /// Says how many bytes have come, and how many of the size these were on the disk.
  mutating func show(_ bytes: Int, of consumed: Int?) {
    chunks += 1
    // A child process may take long for one chunk; a file never does.
    guard consumed != nil || size == nil || chunks % 64 == 0 else { return }
    let now = environment.clock().wallMicros
    guard now - start > 500_000, now - shown > 100_000 else { return }
    shown = now
    var line = "loading \(Visible.text(name)): \(bytes >> 20) MiB"
    if let size, size > 0 {
      line += consumed.map { ", \($0 * 100 / size) % of the file" } ?? " of \(size >> 20) MiB"
    }
    environment.progress(line)
  }

  func end() {
    if shown > 0 { environment.progress(nil) }
  }
}
