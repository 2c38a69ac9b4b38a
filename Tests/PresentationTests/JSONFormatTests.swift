import Presentation
import Testing

@Suite struct JSONFormatTests {
  @Test func everything() {
    #expect(
      render(Samples.everything, "json", theme: .color, units: .kB)
        == #"{"victim":{"comm":"mysqld","anon_rss":1610612736,"score":null,"#
        + #""cgroup":"/kubepods/burstable/pod0d8f/cri-containerd-77ab"},"#
        + #""events":[{"id":1,"time":"2026-11-22T14:03:11Z","victim":"mysqld","pid":4211,"#
        + #""rss":1610612736,"cgroup":"/system.slice/mysql.service"},"#
        + #"{"id":2,"time":null,"victim":"한글프로세스","pid":77,"rss":65536,"cgroup":null},"#
        + #"{"id":10,"time":"2026-11-22T15:00:00Z","victim":"\u001b[2Jevil","pid":null,"#
        + #""rss":null,"cgroup":"/user.slice/user-1000.slice"}],"#
        + #""top":[{"victim":"java","kills":8,"share":0.8},"#
        + #"{"victim":"node","kills":1,"share":0.125},{"victim":"sh","kills":0,"share":0.0}],"#
        + #""text":["3 of 12 events since 2026-11-21.\n- first item that goes on for a while"],"#
        + #""notes":[{"severity":"warning","text":"2 events have no wall-clock time."},"#
        + #"{"severity":"critical","text":"The last kill was 5 minutes ago."}],"#
        + #""lines":["[  279.309665] Out of memory:  Killed\u001b[0m","  indented"]}"# + "\n")
  }

  @Test func theRecordComesFirst() {
    let document = Document([.prose("x")], record: .array([.int(1)]))
    #expect(render(document, "json") == "[1]\n")
  }

  @Test func emptyDocuments() {
    #expect(render(Document(), "json") == "{}\n")
    #expect(render(Samples.empty, "json") == #"{"events":[],"nothing":[],"none":{}}"# + "\n")
  }

  @Test func namesAreNeverGivenTwice() {
    let columns = [Column("a", "a"), Column("a", "b")]
    let table = Table(key: "t", columns: columns, rows: [[.integer(1), .integer(2)]])
    let fields = Fields(key: "t", [Field("k", "", .missing), Field("k", "", .flag(true))])
    let notes = Table(key: "notes", columns: [], rows: [])
    let document = Document([.table(table), .fields(fields), .table(notes), .note(.info, "n")])
    #expect(
      render(document, "json")
        == #"{"t":[{"a":1,"a_2":2}],"t_2":{"k":null,"k_2":true},"notes_2":[],"#
        + #""notes":[{"severity":"info","text":"n"}]}"# + "\n")
  }

  @Test func hostileNamesKeepTheirExactValue() throws {
    for name in Samples.hostileNames {
      let table = Table(key: "t", columns: [Column("c", "c")], rows: [[.text(name)]])
      let text = render(.table(table), "json")
      let value = try JSONValue(parsing: Array(text.utf8))
      #expect(value["t"] == .array([.object([.init("c", .string(name))])]))
    }
  }

  @Test func numbersThatJSONCannotSayAreNull() {
    let fields = Fields(
      key: "f",
      [Field("a", "", .seconds(.nan)), Field("b", "", .share(.infinity)), Field("c", "", .bar(1))])
    #expect(render(.fields(fields), "json") == #"{"f":{"a":null,"b":null}}"# + "\n")
  }
}
