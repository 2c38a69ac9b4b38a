import Presentation
import Testing

private func parse(_ text: String) throws(JSONError) -> JSONValue {
  try JSONValue(parsing: Array(text.utf8))
}

@Suite struct JSONParsingTests {
  @Test(
    arguments: [
      ("null", .null), (" true\n", .bool(true)), ("false", .bool(false)), ("0", .int(0)),
      ("-0", .int(0)), ("-0.0", .double(-0.0)), ("12", .int(12)),
      ("9223372036854775807", .int(.max)), ("-9223372036854775808", .int(.min)),
      ("9223372036854775808", .double(9223372036854775808)), ("1.5", .double(1.5)),
      ("1e3", .double(1000)), ("1E+2", .double(100)), ("25e-1", .double(2.5)),
      ("[]", .array([])), ("[ 1 , [2] ]", .array([.int(1), .array([.int(2)])])),
      ("{ }", .object([])),
      (
        #"{"a":1,"a":{"b":null}}"#,
        .object([.init("a", .int(1)), .init("a", .object([.init("b", .null)]))])
      ),
      (#"{"time":   12.345678}"#, .object([.init("time", .double(12.345678))])),
    ] as [(String, JSONValue)])
  func values(_ text: String, _ value: JSONValue) throws {
    #expect(try parse(text) == value)
  }

  @Test(arguments: [
    (#""""#, ""), (#""한글""#, "한글"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
    (#""\u0041\uD55C""#, "A한"), (#""\ud83d\ude00""#, "😀"), (#""\ud83d""#, "\u{fffd}"),
    (#""\ude00x""#, "\u{fffd}x"), (#""\ud83d\u0041""#, "\u{fffd}A"),
    (#""\ud83d\n""#, "\u{fffd}\n"), (#""\ud83d\ud83d\ude00""#, "\u{fffd}😀"), (#""\u0000""#, "\0"),
  ])
  func strings(_ text: String, _ string: String) throws {
    #expect(try parse(text) == .string(string))
  }

  @Test func bytesThatAreNotUTF8AreRepaired() throws {
    #expect(try JSONValue(parsing: [0x22, 0x61, 0xff, 0x62, 0x22]) == .string("a\u{fffd}b"))
  }

  @Test(
    arguments: [
      ("", .unexpectedEnd, 0), ("  ", .unexpectedEnd, 2), ("nul", .unexpectedEnd, 3),
      ("nulx", .unexpectedByte, 3), ("1 2", .trailingBytes, 2), ("01", .unexpectedByte, 1),
      ("-", .unexpectedEnd, 1), ("1.", .unexpectedEnd, 2), (".5", .unexpectedByte, 0),
      ("1.e2", .unexpectedByte, 2), ("1e", .unexpectedEnd, 2), ("+1", .unexpectedByte, 0),
      ("NaN", .unexpectedByte, 0), ("1e999", .numberOutOfRange, 0), ("[1,]", .unexpectedByte, 3),
      ("[1", .unexpectedEnd, 2), ("[1 2]", .unexpectedByte, 3), (#"{"a"}"#, .unexpectedByte, 4),
      (#"{a:1}"#, .unexpectedByte, 1), (#"{"a":1,}"#, .unexpectedByte, 7),
      ("\"a", .unexpectedEnd, 2),
      ("\"a\nb\"", .controlCharacter, 2), (#""\x41""#, .badEscape, 1),
      (#""\u00g1""#, .badEscape, 5),
      (#""\u00"#, .unexpectedEnd, 5), ("'a'", .unexpectedByte, 0),
      ("\u{feff}1", .unexpectedByte, 0),
    ] as [(String, JSONError.Reason, Int)])
  func faults(_ text: String, _ reason: JSONError.Reason, _ offset: Int) {
    #expect(throws: JSONError(reason, at: offset)) { try parse(text) }
  }

  @Test func depthHasALimit() throws {
    let limit = JSONValue.depthLimit
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    _ = try parse(nested(limit))
    #expect(throws: JSONError(.tooDeep, at: limit)) { try parse(nested(limit + 1)) }
    #expect(throws: JSONError(.tooDeep, at: limit)) { try parse(nested(100_000)) }
    _ = try parse("[" + Array(repeating: "[[]]", count: 500).joined(separator: ",") + "]")
  }

  @Test func membersByName() throws {
    let value = try parse(#"{"pid":1,"pid":2,"list":[]}"#)
    #expect(value["pid"] == .int(2))
    #expect(value["none"] == nil)
    #expect(value["list"]?["x"] == nil)
  }

  @Test func errorsSayWhere() {
    #expect(JSONError(.trailingBytes, at: 7).description == "text after the value, at byte 7")
  }

  @Test func whatIsWrittenReadsBackTheSame() throws {
    var random = SeededGenerator(seed: 6)
    for _ in 0..<300 {
      let value = random.json(depth: 4)
      for pretty in [false, true] {
        #expect(try parse(value.encoded(pretty: pretty)) == value)
      }
    }
  }

  @Test func everyTornRecordIsAFault() {
    let text = Array(#"{"a":[1.5,"\ud83d\ude00",{"b":null}],"c":true}"#.utf8)
    for end in text.indices {
      #expect(throws: JSONError.self) { try JSONValue(parsing: Array(text[..<end])) }
    }
  }
}

extension SeededGenerator {
  fileprivate mutating func json(depth: Int) -> JSONValue {
    switch Int.random(in: 0..<(depth == 0 ? 5 : 7), using: &self) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &self))
    case 2: return .int(Int64(bitPattern: next()))
    case 3: return .double(Double.random(in: -1e9...1e9, using: &self))
    case 4: return .string(text(upTo: 5))
    case 5: return .array((0..<3).map { _ in json(depth: depth - 1) })
    default:
      return .object(
        (0..<3).map { _ in JSONValue.Member(text(upTo: 2), json(depth: depth - 1)) })
    }
  }
}
