internal import KernelLog
internal import OOMReports

/// Inputs that are no log as they stand, recognised by their first bytes.
enum Unsuitable {
  /// How much of the beginning is looked at, in bytes.
  static let headLength = 16 << 10

  private static let compressed: [(magic: [UInt8], name: String)] = [
    ([0x1F, 0x8B], "gzip"), ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "xz"),
    ([0x28, 0xB5, 0x2F, 0xFD], "zstd"), ([0x42, 0x5A, 0x68], "bzip2"),
  ]

  /// Whether the head of a mail, or of a part of it, says so, in whatever case, or a report's first
  /// line shows it.
  private static func isQuotedPrintable(_ head: [UInt8]) -> Bool {
    if head.span.first(" oom-killer: gfp_mask=3D0x") != nil { return true }
    let field = Array("content-transfer-encoding: quoted-printable".utf8)
    var start = 0
    while start < head.count {
      let isField =
        head.count - start >= field.count
        && field.indices.allSatisfy { head[start + $0] | 0x20 == field[$0] }
      if isField { return true }
      guard let newline = head[start...].firstIndex(of: .newline) else { return false }
      start = newline + 1
    }
    return false
  }

  /// Whether a head of many lines has no newline: a console's has returns before newlines, or two of
  /// them where a line is written over.
  private static func endsLinesWithReturns(_ head: [UInt8]) -> Bool {
    !head.contains(.newline) && head.lazy.filter { $0 == .carriageReturn }.count > 20
  }

  /// What turns a source round that runs backwards; nil where nothing simple does.
  private static func turning(_ format: LogFormat, _ head: [UInt8]) -> String? {
    let header = format.headerLines
    // tac glues the last line to the one before where it has no newline.
    if header > 0 {
      return "(head -n \(header) FILE; tail -n +\(header + 1) FILE | sed '$a\\' | tac)"
    }
    if format.isLines { return "sed '$a\\' FILE | tac" }
    let first = head.first { $0 > UInt8(ascii: " ") }
    let isJSON = first == UInt8(ascii: "[") || first == UInt8(ascii: "{")
    return isJSON ? "jq -c 'if type == \"array\" then .[] else . end' FILE | tac" : nil
  }

  /// Why an input that begins so, once unpacked, is no log; nil where it may be one.
  static func fault(
    of head: [UInt8], _ name: String, hasEvents: Bool, _ scanner: ReportScanner
  ) -> CommandError? {
    if scanner.isReversed, hasEvents {
      return CommandError(
        .unreadable, "the lines of \(Visible.quoted(name)) run backwards, the newest first",
        hint: turning(scanner.format ?? .lines, head).map {
          "turn them round on the way in: \($0) | oomsh -"
        } ?? "have it written oldest first, as journalctl does without -r")
    }
    // Its figures would be read wrongly.
    if isQuotedPrintable(head) {
      return CommandError(
        .unreadable,
        "\(Visible.quoted(name)) is a mail in quoted-printable, which breaks lines and figures",
        hint:
          "decode it on the way in: perl -MMIME::QuotedPrint -0pe '$_ = decode_qp($_)' FILE | oomsh -"
      )
    }
    if endsLinesWithReturns(head) {
      return CommandError(
        .unreadable, "the lines of \(Visible.quoted(name)) end with carriage returns alone",
        hint: "turn them into newlines on the way in: tr '\\r' '\\n' < FILE | oomsh -")
    }
    if hasEvents { return nil }
    if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) {
      return CommandError(
        .unreadable, "\(Visible.quoted(name)) is UTF-16 text",
        hint: "turn it into UTF-8 on the way in: iconv -f UTF-16 -t UTF-8 FILE | oomsh - -c events")
    }
    if head.starts(with: Array("LPKSHHRH".utf8)) {
      return CommandError(
        .unreadable, "\(Visible.quoted(name)) is a binary journal inside something else",
        hint: "unpack it, and load the journal's file itself")
    }
    if let kind = compressed.first(where: { head.starts(with: $0.magic) }) {
      return CommandError(
        .unreadable, "\(Visible.quoted(name)) is still compressed, with \(kind.name)",
        hint: "unpack it on the way in: \(kind.name) -dc FILE | oomsh -")
    }
    guard head.contains(0) else { return nil }
    return CommandError(
      .unreadable, "\(Visible.quoted(name)) is no text and holds no OOM report",
      hint: "load a log as text: dmesg, syslog, journalctl, /dev/kmsg")
  }
}
