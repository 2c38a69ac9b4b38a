internal import Presentation

extension Command {
  static let set = Command(
    "set", .shell, "show or change how answers look",
    parameters: [
      Parameter("NAME", .setting, .optional, "a setting; all of them where it is left out"),
      Parameter("VALUE", .settingValue, .optional, "its new value; shows the old one without"),
    ],
    examples: [
      Example("set", "every setting with its value"),
      Example("set units", "the unit of sizes, with the legal ones"),
      Example("set units kB", "sizes in the kernel's kB from now on"),
    ]
  ) { (state, arguments) throws(CommandError) in
    guard let name = arguments.text("NAME") else { return SetAnswer.list(state.settings) }
    guard let value = arguments.text("VALUE") else {
      return SetAnswer.one(try Setting.find(name), in: state.settings)
    }
    try state.settings.set(name, to: value, in: state.environment)
    return Document()
  }
}

/// What `set` shows.
private enum SetAnswer {
  static func list(_ settings: Settings) -> Document {
    Document([
      .table(
        Table(
          key: "settings",
          columns: [
            Column("name", "setting"), Column("value", "value"),
            Column("summary", "meaning", canWrap: true),
          ],
          rows: Setting.all.map {
            [.text($0.name), .text($0.value(settings)), .text($0.summary)]
          })),
      .prose("'set NAME' lists the legal values."),
    ])
  }

  static func one(_ setting: Setting, in settings: Settings) -> Document {
    let rows: [[Cell]] =
      setting.choices.map { [.text($0.name), .text($0.summary)] }
      + (setting.others.map { [[.text($0), .text("")]] } ?? [])
    return Document([
      .fields(
        Fields(
          key: "setting",
          [
            Field("name", "setting", .text(setting.name), meaning: setting.summary),
            Field("value", "value", .text(setting.value(settings))),
            Field("initial", "at start", .text(setting.initial)),
          ])),
      .table(
        Table(
          key: "legal",
          columns: [Column("value", "legal value"), Column("summary", "meaning", canWrap: true)],
          rows: rows)),
    ])
  }
}
