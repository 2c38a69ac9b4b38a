import KernelLog
import OOMReports
import Presentation
import TestSupport
import Testing

/// Logs that lie beside the checkout, with their facts. They are no part of the project: where they
/// are absent, the tests are skipped and say so.
@Suite(
  .enabled(
    if: Places.exists("\(Places.shared)/captures/expected.json"),
    "the folder ../shared with its logs is not there"))
struct SharedLogTests {
  private static func expected(_ folder: String) throws -> [JSONValue.Member] {
    let bytes = try #require(Places.bytes(at: "\(Places.shared)/\(folder)/expected.json"))
    guard case .object(let members) = try JSONValue(parsing: bytes) else { return [] }
    return members
  }

  /// journalctl's text forms lose bytes, or lines, of hostile names.
  private static func isLossy(_ form: String) -> Bool {
    form.hasPrefix("journal-short") || form.hasPrefix("journal-json") || form == "journal-verbose"
      || form == "journal-with-unit"
  }

  @Test(arguments: 0..<4)
  func captures(_ part: Int) throws {
    var problems: [String] = []
    var count = 0
    for (index, file) in try Self.expected("captures").enumerated() where index % 4 == part {
      let form = file.value["form"]?.text ?? ""
      guard file.value["full"] == .bool(true), !Self.isLossy(form) else { continue }
      let wanted = file.value["negative"] == .bool(true) ? [] : file.value["events"]?.items ?? []
      problems += try Self.problems(in: "captures/\(file.name)", wanted)
      count += 1
    }
    #expect(problems == [])
    #expect(count > 50)
  }

  @Test func corpus() throws {
    var problems: [String] = []
    for file in try Self.expected("corpus") {
      problems += try Self.problems(in: "corpus/\(file.name)", file.value.items ?? [])
    }
    #expect(problems == [])
  }

  /// What a file's events say other than they should.
  private static func problems(in file: String, _ wanted: [JSONValue]) throws -> [String] {
    guard let log = Places.bytes(at: "\(Places.shared)/\(file)") else { return [] }
    let reports = Scan.events(in: log).map(\.report)
    guard reports.count == wanted.count else {
      return ["\(file): \(reports.count) events, not \(wanted.count)"]
    }
    return zip(reports, wanted).enumerated().flatMap { index, pair in
      problems(of: pair.0, pair.1).map { "\(file), event \(index + 1): \($0)" }
    }
  }

  private static func problems(of report: OOMReport, _ wanted: JSONValue) -> [String] {
    var problems: [String] = []
    func check(_ name: String, _ have: Int64?, _ want: JSONValue?) {
      guard let want = want?.number, have != want else { return }
      problems.append("\(name) is \(have?.description ?? "missing"), not \(want)")
    }
    let victims = wanted["victims"]?.items ?? [wanted["victim"]].compactMap { $0 }
    let killed = victims.filter { victim in
      // What a kernel only announced is no victim.
      victim["pid"]?.number != nil && (report.victims.isEmpty ? wanted["report"] != nil : true)
    }
    if report.victims.count != killed.count {
      problems.append("\(report.victims.count) victims, not \(killed.count)")
    }
    for (victim, want) in zip(report.victims, killed) {
      check("pid", victim.pid, want["pid"])
      check("uid", victim.uid, want["uid"])
      check("total-vm", victim.totalVM?.kB, want["total_vm_kb"])
      check("anon-rss", victim.anonRSS?.kB, want["anon_rss_kb"])
      check("file-rss", victim.fileRSS?.kB, want["file_rss_kb"])
      check("shmem-rss", victim.shmemRSS?.kB, want["shmem_rss_kb"])
      check("pgtables", victim.pageTables?.kB, want["pgtables_kb"])
      check("score", victim.score, want["score"])
    }
    check("order", report.invocation?.value.order, wanted["order"])
    check("invoker", report.system?.value.pid, wanted["invoker"]?["pid"])
    check("rows", Int64(report.taskRowCount), wanted["task_rows"] ?? wanted["rows"])
    return problems
  }
}

extension JSONValue {
  fileprivate var items: [JSONValue]? {
    if case .array(let items) = self { items } else { nil }
  }

  fileprivate var text: String {
    if case .string(let text) = self { text } else { "" }
  }

  fileprivate var number: Int64? {
    if case .int(let number) = self { number } else { nil }
  }
}
