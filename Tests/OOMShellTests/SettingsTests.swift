import Presentation
import Testing

@testable import OOMShell

@Suite struct SettingsTests {
  private static let terminal = Environment.Terminal(isTerminal: true, width: 120, hasColor: true)

  @Test func namesAreUnique() {
    #expect(Set(Setting.all.map(\.name)).count == Setting.all.count)
  }

  /// Whatever a setting lists as legal can be set, and is then its value.
  @Test func everyChoiceCanBeSet() throws {
    for setting in Setting.all {
      for choice in setting.choices {
        var settings = Settings()
        try settings.set(setting.name, to: choice.name, in: Environment())
        #expect(setting.value(settings) == choice.name)
        #expect(!choice.summary.isEmpty)
      }
      #expect(setting.choices.contains { $0.name == setting.initial })
    }
  }

  @Test(arguments: [
    ("width", "20", "20"), ("width", "10000", "10000"), ("tz", "+09:00", "+09:00"),
    ("tz", "-0330", "-03:30"), ("tz", "Z", "UTC"),
  ])
  func otherLegalValues(name: String, text: String, shown: String) throws {
    var settings = Settings()
    try settings.set(name, to: text, in: Environment())
    #expect(Setting.named(name)?.value(settings) == shown)
  }

  @Test(arguments: [
    ("width", "19"), ("width", "10001"), ("width", "-1"), ("width", ""), ("tz", "Mars/Olympus"),
    ("tz", "+25:00"), ("format", "xml"), ("units", "MB"), ("color", "yes"), ("nothing", "x"),
  ])
  func refusesAndKeepsTheOldValue(name: String, text: String) {
    var settings = Settings()
    #expect(throws: CommandError.self) { try settings.set(name, to: text, in: Environment()) }
    #expect(settings == Settings())
  }

  @Test func zonesThatTheMachineKnowsCanBeSet() throws {
    var environment = Environment()
    environment.offset = { zone, _ in
      zone == .named("Asia/Seoul") ? ZoneOffset(seconds: 32_400, name: "KST") : nil
    }
    var settings = Settings()
    try settings.set("tz", to: "Asia/Seoul", in: environment)
    #expect(settings.zone == .named("Asia/Seoul"))
  }

  @Test func widthFollowsTheTerminal() {
    var settings = Settings()
    #expect(settings.renderOptions(on: Self.terminal).width == 120)
    #expect(settings.renderOptions(on: Environment.Terminal()).width == 80)
    #expect(settings.renderOptions(on: Environment.Terminal(width: 120)).width == 80)
    settings.width = 40
    #expect(settings.renderOptions(on: Self.terminal).width == 40)
  }

  @Test func colorFollowsTheTerminalUnlessItIsSet() {
    var settings = Settings()
    #expect(settings.renderOptions(on: Self.terminal).theme.isColored)
    #expect(!settings.renderOptions(on: Environment.Terminal()).theme.isColored)
    settings.color = .always
    #expect(settings.renderOptions(on: Environment.Terminal()).theme.isColored)
    settings.color = .never
    #expect(!settings.renderOptions(on: Self.terminal).theme.isColored)
  }

  @Test func drawsInASCIIWhereTheTerminalHasNoMore() {
    let terminal = Environment.Terminal(isTerminal: true, isUTF8: false)
    #expect(Settings().renderOptions(on: terminal).theme.isASCII)
  }

  @Test(arguments: [(0, "+00:00"), (32_400, "+09:00"), (-12_600, "-03:30"), (-1800, "-00:30")])
  func offsetsAreShownAsNumbers(seconds: Int, shown: String) {
    #expect(ZoneOffset(seconds: seconds, name: nil).numeric == shown)
  }

  @Test(
    arguments: [
      ([:], true), (["LANG": "C"], false), (["LANG": "POSIX"], false), (["LANG": ""], true),
      (["LANG": "C.UTF-8"], true), (["LANG": "de_DE.utf8@euro"], true),
      (["LANG": "de_DE.ISO-8859-1"], false), (["LANG": "C.UTF-8", "LC_ALL": "C"], false),
      (["LANG": "C", "LC_CTYPE": "en_US.UTF-8"], true),
    ] as [([String: String], Bool)])
  func theLocaleDecidesAboutUTF8(variables: [String: String], expected: Bool) {
    #expect(Environment.Terminal.isUTF8 { variables[$0] } == expected)
  }
}
