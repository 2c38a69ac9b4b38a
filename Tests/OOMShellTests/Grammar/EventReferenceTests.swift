import Testing

@testable import OOMShell

@Suite struct EventReferenceTests {
  @Test(
    arguments: [
      ("3", [.number(3)]), ("2-5", [.range(2...5)]), ("2-2", [.range(2...2)]),
      ("2,4,7", [.number(2), .number(4), .number(7)]), ("last", [.last]), ("first", [.first]),
      (".", [.current]), ("1,3-4,last", [.number(1), .range(3...4), .last]), ("007", [.number(7)]),
    ] as [(String, [EventReference])])
  func reads(text: String, expected: [EventReference]) throws {
    #expect(try EventReference.parse(text) == expected)
  }

  @Test(arguments: [
    ("java", "'java' names no event"), ("", "'' names no event"), ("2,", "'2,' names no event"),
    ("-3", "'-3' names no event"), ("3-", "'3-' names no event"),
    ("1-2-3", "'1-2-3' names no event"),
    ("+3", "'+3' names no event"), ("0", "events are numbered from 1"),
    ("5-2", "'5-2' runs backwards"), ("٣", "'٣' names no event"),
    ("99999999999999999999", "'99999999999999999999' is too large for an event number"),
  ])
  func refuses(text: String, message: String) {
    #expect {
      try EventReference.parse(text)
    } throws: {
      ($0 as? GrammarFault)?.message == message
    }
  }

  @Test func aBackwardRangeIsTurnedRoundInTheHint() {
    #expect(throws: GrammarFault("'5-2' runs backwards", hint: "write 2-5")) {
      try EventReference.parse("5-2")
    }
  }

  @Test func resolvesAgainstTheSession() throws {
    let references = try EventReference.parse("last,2-4,3,first,.")
    #expect(try references.resolved(count: 9, view: [2, 8], current: 5) == [8, 2, 3, 4, 5])
  }

  @Test func failsForWhatIsNotThere() {
    func error(_ references: [EventReference], count: Int, view: [Int]) -> CommandError? {
      do throws(CommandError) {
        _ = try references.resolved(count: count, view: view, current: nil)
        return nil
      } catch {
        return error
      }
    }
    #expect(error([.number(99)], count: 12, view: [])?.message == "no event 99 (1-12)")
    #expect(error([.range(3...13)], count: 12, view: [])?.message == "no event 13 (1-12)")
    #expect(error([.last], count: 12, view: [])?.message == "no event is in view")
    #expect(error([.current], count: 12, view: [1])?.message == "no event was looked at yet")
    #expect(error([.number(1)], count: 0, view: [])?.message == "no events are loaded")
    #expect(error([.number(99)], count: 12, view: [])?.code == .failed)
  }
}
