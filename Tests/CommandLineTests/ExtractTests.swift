import Foundation
import Testing

@Suite struct ExtractTests {
  private static let kill =
    "[10.5] Out of memory: Killed process 7 (app) total-vm:2kB, anon-rss:1kB, file-rss:0kB, "
    + "shmem-rss:0kB, UID:0 pgtables:4kB oom_score_adj:0\n"

  @Test func whatIsNoLogIsRefused() throws {
    let folder = try Folder(["packed": "\u{1F}\u{0}\n", "good": Self.kill])
    let run = try Run(["extract", "packed"], in: folder.url)
    #expect(run.status == 4)
    #expect(run.diagnostics.hasPrefix("error: 'packed' is no text and holds no OOM report\nhint:"))
    #expect(!run.output.contains("summary"))
  }

  @Test func whatCannotBeReadHidesNothingElse() throws {
    let folder = try Folder(["packed": "a\u{0}b", "good": Self.kill])
    let run = try Run(["extract", "missing", "packed", "good"], in: folder.url)
    #expect(run.status == 4)
    #expect(run.diagnostics.contains("cannot read 'missing'"))
    #expect(run.diagnostics.contains("'packed' is no text"))
    #expect(run.output.contains("\"pid\":7") && run.output.contains("\"source\":\"good\""))
  }
}
