internal import Presentation

/// One setting: its name, its legal values, and how it is read and written.
package struct Setting: Sendable {
  package let name: String
  package let summary: String
  /// The values that have a name.
  package let choices: [Choice]
  /// The other legal values, in words.
  package let others: String?
  package let value: @Sendable (Settings) -> String
  /// Sets it, and says whether the value is legal.
  let assign: @Sendable (inout Settings, String, Environment) -> Bool
}

extension Setting {
  /// Every setting, in the order in which `set` lists them.
  package static let all: [Setting] = [format, units, width, color, zone]

  /// The setting of a name; nil where there is none.
  package static func named(_ name: String) -> Setting? {
    all.first { $0.name == name }
  }

  /// The value of a shell that has just started.
  package var initial: String { value(Settings()) }

  /// All legal values in one line.
  package var legal: String {
    (choices.map(\.name) + (others.map { [$0] } ?? [])).joined(separator: ", ")
  }

  private static let format = Setting(
    name: "format", summary: "how answers are printed",
    choices: OutputFormat.all.map { Choice($0.name, $0.summary) }, others: nil,
    value: \.format,
    assign: { settings, text, _ in
      guard let format = OutputFormat.named(text) else { return false }
      settings.format = format.name
      return true
    })

  private static let units = Setting(
    name: "units", summary: "how sizes look in tables and text",
    choices: [
      Choice("binary", "rounded, in KiB, MiB, GiB"),
      Choice("kB", "exact, in the kernel's kB (1024 bytes)"),
      Choice("bytes", "exact, in bytes"),
    ], others: nil,
    value: \.units.rawValue,
    assign: { settings, text, _ in
      guard let units = SizeUnits(rawValue: text) else { return false }
      settings.units = units
      return true
    })

  private static let width = Setting(
    name: "width", summary: "columns that a table may take",
    choices: [Choice("auto", "as wide as the terminal, 80 where there is none")],
    others: "\(widths.lowerBound) to \(widths.upperBound)",
    value: { $0.width.map(String.init) ?? "auto" },
    assign: { settings, text, _ in
      if text == "auto" {
        settings.width = nil
        return true
      }
      guard let columns = Int(text), widths.contains(columns) else { return false }
      settings.width = columns
      return true
    })

  /// Narrower tables are unreadable, wider ones a mistake.
  private static let widths = 20...10_000

  private static let color = Setting(
    name: "color", summary: "whether answers are coloured",
    choices: [
      Choice("auto", "on a terminal, unless NO_COLOR is set"),
      Choice("always", "also into files and pipes"),
      Choice("never", "plain text"),
    ], others: nil,
    value: \.color.rawValue,
    assign: { settings, text, _ in
      guard let color = Settings.ColorChoice(rawValue: text) else { return false }
      settings.color = color
      return true
    })

  private static let zone = Setting(
    name: "tz", summary: "the time zone of shown times, and of typed ones that name none",
    choices: [
      Choice("local", "this machine's zone"),
      Choice("UTC", "Coordinated Universal Time"),
    ], others: "an offset such as +09:00, a name such as Asia/Seoul",
    value: \.zone.description,
    assign: { settings, text, environment in
      let zone = Zone(text)
      guard environment.offset(zone, environment.clock().wallMicros) != nil else { return false }
      settings.zone = zone
      return true
    })
}

extension Settings {
  /// Sets a setting by its name.
  ///
  /// - Throws: `usage`, with the nearest legal values.
  package mutating func set(
    _ name: String, to text: String, in environment: Environment
  ) throws(CommandError) {
    let setting = try Setting.find(name)
    guard setting.assign(&self, text, environment) else {
      throw .badSettingValue(text, of: setting)
    }
  }
}

extension Setting {
  /// The setting of that name.
  static func find(_ name: String) throws(CommandError) -> Setting {
    guard let setting = named(name) else {
      throw .unknownSetting(name, among: all.map(\.name))
    }
    return setting
  }
}
