import Testing

@testable import OOMShell

@Suite struct SizeTextTests {
  @Test(
    arguments: [
      ("0", 0), ("4096", 4096), ("1b", 1), ("64kB", 65_536), ("64k", 65_536), ("64KiB", 65_536),
      ("512M", 536_870_912), ("1.5G", 1_610_612_736), ("2TiB", 2_199_023_255_552), (".5k", 512),
      ("0.3", 0),
    ] as [(String, Int64)])
  func reads(text: String, bytes: Int64) throws {
    #expect(try SizeText.parse(text) == bytes)
  }

  @Test(arguments: ["", "G", "1X", "1.2.3M", "-1", "1 G", "ib", ".", "1e3"])
  func refuses(text: String) {
    #expect {
      try SizeText.parse(text)
    } throws: {
      ($0 as? GrammarFault)?.message == "'\(text)' is no size"
    }
  }

  @Test func refusesWhatNoMachineHolds() {
    #expect(throws: GrammarFault("'99999P' is too large for a size")) {
      try SizeText.parse("99999P")
    }
  }
}
