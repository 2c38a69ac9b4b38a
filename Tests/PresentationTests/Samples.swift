import Presentation

/// Documents that the tests of all formats share.
enum Samples {
  /// What a process may call itself to fool a terminal, a spreadsheet or a page.
  static let hostileNames = [
    "\u{1b}[31mred\u{1b}[0m", "a\nb\tc\rd", "\u{202e}drowssap", "z\u{200b}ero", "tag\u{e0041}",
    "c1\u{9b}2J", "=1+1|cmd", "\"q\", x", "<b>*_`[x](y)`", ") score 1", "한글\u{7f}이름",
    "\u{301}mark", "\u{2028}line\u{feff}", "private\u{e000}", "-bash", "",
  ]

  static let events = Table(
    key: "events",
    columns: [
      Column("id", "id", .right),
      Column("time", "time"),
      Column("victim", "victim", canShrink: true),
      Column("pid", "pid", .right, dropOrder: 2),
      Column("rss", "anon-rss", .right),
      Column("cgroup", "cgroup", canShrink: true, dropOrder: 1),
    ],
    rows: [
      [
        .integer(1), .time(shown: "14:03:11", iso: "2026-11-22T14:03:11Z"), .text("mysqld"),
        .integer(4211), .bytes(1_610_612_736), .text("/system.slice/mysql.service"),
      ],
      [
        .integer(2), .time(shown: "+279.31", iso: nil), .text("한글프로세스"),
        .integer(77), .bytes(65536), .missing,
      ],
      [
        .integer(10), .time(shown: "15:00:00", iso: "2026-11-22T15:00:00Z"),
        .text("\u{1b}[2Jevil"), .missing, .missing, .text("/user.slice/user-1000.slice"),
      ],
    ])

  static let victim = Fields(
    key: "victim", title: "Victim",
    [
      Field("comm", "name", .text("mysqld"), line: 40),
      Field(
        "anon_rss", "anon-rss", .bytes(1_610_612_736),
        meaning: "memory that no file stands behind; only swap could have taken it", line: 41),
      Field("score", "score", .missing, meaning: "이 커널은 점수를 출력하지 않습니다"),
      Field(
        "cgroup", "cgroup", .text("/kubepods/burstable/pod0d8f/cri-containerd-77ab"), line: 39),
    ])

  static let top = Table(
    key: "top", title: "Victims",
    columns: [
      Column("victim", "victim", canShrink: true), Column("kills", "kills", .right),
      Column("share", "share", .right), Column("bar", ""),
    ],
    rows: [
      [.text("java"), .integer(8), .share(0.8), .bar(1)],
      [.text("node"), .integer(1), .share(0.125), .bar(0.125)],
      [.text("sh"), .integer(0), .share(0), .bar(0)],
    ])

  /// One of each kind of block.
  static let everything = Document([
    .heading("Event 1"),
    .prose("3 of 12 events since 2026-11-21.\n- first item that goes on for a while"),
    .note(.warning, "2 events have no wall-clock time."),
    .note(.critical, "The last kill was 5 minutes ago."),
    .fields(victim),
    .table(events),
    .table(top),
    .verbatim(["[  279.309665] Out of memory:  Killed\u{1b}[0m", "  indented"]),
  ])

  /// Every block holds every hostile name, in every place that a command may fill.
  static let hostile = Document(
    hostileNames.flatMap { name -> [Block] in
      [
        .heading(name), .prose(name), .note(.info, name), .verbatim([name]),
        .fields(
          Fields(
            key: name, title: name, [Field(name, name, .text(name), meaning: name, line: 1)])),
        .table(
          Table(
            key: name, title: name,
            columns: [Column(name, name, canShrink: true), Column("t", name, dropOrder: 1)],
            rows: [[.text(name), .time(shown: name, iso: name)]])),
      ]
    })

  static let empty = Document([
    .table(Table(key: "events", columns: events.columns, rows: [])),
    .table(Table(key: "nothing", columns: [], rows: [])),
    .fields(Fields(key: "none", [])),
    .prose(""), .verbatim([]),
  ])
}

/// Renders in a format that must exist.
func render(
  _ document: Document, _ name: String, width: Int = 80, theme: Theme = .plain,
  units: SizeUnits = .binary
) -> String {
  let options = RenderOptions(width: width, theme: theme, units: units)
  return OutputFormat.named(name)?.render(document, options) ?? "no format \(name)"
}

func render(_ block: Block, _ name: String, width: Int = 80, theme: Theme = .plain) -> String {
  render(Document([block]), name, width: width, theme: theme)
}
