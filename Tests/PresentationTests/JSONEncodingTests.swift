import Presentation
import Testing

@Suite struct JSONEncodingTests {
  @Test(
    arguments: [
      (.null, "null"), (.bool(true), "true"), (.bool(false), "false"), (.int(0), "0"),
      (.int(.max), "9223372036854775807"), (.int(.min), "-9223372036854775808"),
      (.double(0.1), "0.1"), (.double(100), "100.0"), (.double(1e-7), "1e-07"),
      (.double(.nan), "null"), (.double(-.infinity), "null"), (.array([]), "[]"),
      (.object([]), "{}"), (.array([.int(1), .null]), "[1,null]"),
      (.object([.init("a", .int(1)), .init("b", .array([]))]), #"{"a":1,"b":[]}"#),
    ] as [(JSONValue, String)])
  func values(_ value: JSONValue, _ text: String) {
    #expect(value.encoded() == text)
  }

  @Test(arguments: [
    ("한글", #""한글""#), (#"a"b\c/"#, #""a\"b\\c/""#), ("a\nb\tc\rd", #""a\nb\tc\rd""#),
    ("\u{1b}\0\u{7f}", #""\u001b\u0000\u007f""#), ("\u{9b}\u{202e}", #""\u009b\u202e""#),
    ("\u{2028}\u{feff}", #""\u2028\ufeff""#), ("\u{e0041}", #""\udb40\udc41""#), ("😀", #""😀""#),
  ])
  func strings(_ string: String, _ text: String) {
    #expect(JSONValue.string(string).encoded() == text)
    #expect(JSONValue.object([.init(string, .null)]).encoded() == "{\(text):null}")
  }

  @Test func pretty() {
    let value = JSONValue.object([
      .init("a", .array([.int(1), .object([])])), .init("b", .array([])),
    ])
    #expect(
      value.encoded(pretty: true) == """
        {
          "a": [
            1,
            {}
          ],
          "b": []
        }
        """)
  }

  @Test func appends() {
    var bytes = Array("x=".utf8)
    JSONValue.array([.int(1)]).encode(into: &bytes)
    #expect(bytes == Array("x=[1]".utf8))
  }

  @Test func everyDoubleReadsBackTheSame() throws {
    var random = SeededGenerator(seed: 5)
    for _ in 0..<2000 {
      let number = Double(bitPattern: random.next())
      guard number.isFinite else { continue }
      let text = JSONValue.double(number).encoded()
      #expect(try JSONValue(parsing: Array(text.utf8)) == .double(number), "\(text)")
    }
  }

  @Test func manyRecords() throws {
    let record = JSONValue.object([
      .init("comm", .string("mysqld")), .init("pid", .int(4211)), .init("share", .double(0.25)),
    ])
    let text = JSONValue.array(Array(repeating: record, count: 10_000)).encoded()
    #expect(text.utf8.count == 10_000 * (record.encoded().utf8.count + 1) + 1)
  }
}
