import Testing

@testable import Presentation

@Suite struct TableLayoutTests {
  private func fixed(_ width: Int, dropOrder: Int = 0) -> TableLayout.Need {
    TableLayout.Need(natural: width, readable: width, least: width, dropOrder: dropOrder)
  }

  private func elastic(_ width: Int, dropOrder: Int = 0) -> TableLayout.Need {
    TableLayout.Need(natural: width, readable: 8, least: 3, dropOrder: dropOrder)
  }

  @Test func whatFitsIsLeftAlone() {
    #expect(TableLayout([fixed(4), elastic(30)], width: 36).widths == [4, 30])
    #expect(TableLayout([fixed(4), elastic(30)], width: .max).widths == [4, 30])
    #expect(TableLayout([], width: 10).widths == [])
  }

  @Test func theWidestIsShortenedFirst() {
    let needs = [fixed(4), elastic(30), elastic(10)]
    #expect(TableLayout(needs, width: 40).widths == [4, 22, 10])
    #expect(TableLayout(needs, width: 27).widths == [4, 9, 9])
    #expect(TableLayout(needs, width: 24).widths == [4, 8, 8])
  }

  @Test func thenColumnsGoByTheirOrder() {
    let needs = [fixed(4), elastic(30), fixed(6, dropOrder: 1), fixed(6, dropOrder: 2)]
    #expect(TableLayout(needs, width: 30).widths == [4, 8, 6, 6])
    #expect(TableLayout(needs, width: 29).widths == [4, 15, 6, nil])
    #expect(TableLayout(needs, width: 20).widths == [4, 14, nil, nil])
  }

  @Test func ofEqualsTheLastGoesFirst() {
    let needs = [fixed(4), fixed(6, dropOrder: 1), fixed(6, dropOrder: 1)]
    #expect(TableLayout(needs, width: 12).widths == [4, 6, nil])
  }

  @Test func inNeedColumnsAreShortenedBeyondWhatIsReadable() {
    let needs = [fixed(4), elastic(30), elastic(5), fixed(9, dropOrder: 1)]
    #expect(TableLayout(needs, width: 16).widths == [4, 4, 4, nil])
    #expect(TableLayout([fixed(4), elastic(30)], width: 12).widths == [4, 6])
    #expect(TableLayout([fixed(4), elastic(30)], width: 9).widths == [4, 3])
  }

  @Test func figuresAreNeverCut() {
    #expect(TableLayout([fixed(4), elastic(30)], width: 5).widths == [4, 3])
    #expect(TableLayout([fixed(20), fixed(20)], width: 10).widths == [20, 20])
  }

  @Test func oneColumnAlwaysStays() {
    let needs = [fixed(20, dropOrder: 1), fixed(20, dropOrder: 2)]
    #expect(TableLayout(needs, width: 10).widths == [20, nil])
  }
}

@Suite struct BarTests {
  @Test(arguments: [
    (1, "████████"), (0.5, "████"), (0, ""), (0.0001, "▏"), (0.14, "█▏"), (-1, ""), (7, "████████"),
    (.nan, ""),
  ])
  func blocks(_ share: Double, _ bar: String) {
    #expect(Bar.text(share: share, width: 8, isASCII: false) == bar)
  }

  @Test(arguments: [(1, "########"), (0.5, "####"), (0, ""), (0.0001, "#")])
  func ascii(_ share: Double, _ bar: String) {
    #expect(Bar.text(share: share, width: 8, isASCII: true) == bar)
  }
}
