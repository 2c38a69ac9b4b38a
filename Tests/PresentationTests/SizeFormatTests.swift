import Testing

@testable import Presentation

@Suite struct SizeFormatTests {
  @Test(arguments: [
    (0, "0 B"), (512, "512 B"), (1023, "1023 B"), (1024, "1 KiB"), (1025, "1.00 KiB"),
    (1536, "1.50 KiB"), (65536, "64 KiB"), (10_000, "9.77 KiB"), (10_235, "10.0 KiB"),
    (102_300, "99.9 KiB"), (102_360, "100 KiB"), (1_048_575, "1.00 MiB"), (1_047_552, "1023 KiB"),
    (1_610_612_736, "1.50 GiB"), (-1_610_612_736, "-1.50 GiB"), (-1, "-1 B"),
    (Int64.max, "8.00 EiB"), (Int64.min, "-8 EiB"),
  ])
  func binary(_ bytes: Int64, _ text: String) {
    #expect(SizeUnits.binary.text(bytes: bytes) == text)
  }

  @Test(arguments: [
    (0, "0 kB"), (1_610_612_736, "1572864 kB"), (-4096, "-4 kB"), (1000, "1000 B"),
    (Int64.min, "-9007199254740992 kB"),
  ])
  func kB(_ bytes: Int64, _ text: String) {
    #expect(SizeUnits.kB.text(bytes: bytes) == text)
  }

  @Test func bytes() {
    #expect(SizeUnits.bytes.text(bytes: 1_610_612_736) == "1610612736 B")
  }

  @Test func theWordsOfTheSetting() {
    #expect(SizeUnits.allCases.map(\.rawValue) == ["binary", "kB", "bytes"])
  }
}

@Suite struct SpanFormatTests {
  @Test(arguments: [
    (0, "0 s"), (-0.0, "0 s"), (12.98, "12.98 s"), (5, "5 s"), (59.994, "59.99 s"),
    (59.999, "1m"), (60, "1m"), (200, "3m 20s"), (3600, "1h"), (14_700, "4h 5m"),
    (273_600, "3d 4h"), (-90, "-1m 30s"), (0.45, "450 ms"), (0.00012, "120 µs"),
    (0.9999, "1 s"), (1e300, "115740740740d 17h"),
  ])
  func seconds(_ seconds: Double, _ text: String) {
    #expect(SpanFormat.text(seconds: seconds) == text)
  }

  @Test(arguments: [
    (0, "0%"), (1, "100%"), (0.125, "13%"), (0.0754, "7.5%"), (0.07, "7%"), (0.0001, "<0.1%"),
    (0.0996, "10%"), (0.09961, "10%"), (1.5, "150%"), (-0.25, "-25%"),
  ])
  func shares(_ share: Double, _ text: String) {
    #expect(SpanFormat.text(share: share) == text)
  }

  @Test func noNumberHasNoText() {
    #expect(SpanFormat.text(seconds: .nan) == nil)
    #expect(SpanFormat.text(share: .infinity) == nil)
  }
}
