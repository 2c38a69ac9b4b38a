/// Inputs that are no log as they stand, recognised by their first bytes.
enum Unsuitable {
  /// How much of the beginning is looked at, in bytes.
  static let headLength = 4096

  private static let kinds: [(magic: [UInt8], name: String, tool: String)] = [
    ([0x1F, 0x8B], "gzip", "zcat"), ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "xz", "xzcat"),
    ([0x28, 0xB5, 0x2F, 0xFD], "zstd", "zstdcat"), ([0x42, 0x5A, 0x68], "bzip2", "bzcat"),
  ]

  /// Why an input that begins so is no log; nil where it may be one.
  static func fault(of head: [UInt8], _ name: String, hasEvents: Bool) -> CommandError? {
    if head.starts(with: Array("LPKSHHRH".utf8)) {
      return CommandError(
        .unreadable, "\(Visible.quoted(name)) is a binary journal",
        hint: "journalctl --file FILE -o export _TRANSPORT=kernel | oomsh - -c events")
    }
    if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) {
      return CommandError(
        .unreadable, "\(Visible.quoted(name)) is UTF-16 text",
        hint: "turn it into UTF-8 on the way in: iconv -f UTF-16 -t UTF-8 FILE | oomsh - -c events")
    }
    guard let kind = kinds.first(where: { head.starts(with: $0.magic) }) else {
      return hasEvents || !head.contains(0) ? nil : noText(name)
    }
    return CommandError(
      .unreadable, "\(Visible.quoted(name)) is compressed with \(kind.name)",
      hint: "unpack it on the way in: \(kind.tool) FILE | oomsh - -c events")
  }

  private static func noText(_ name: String) -> CommandError {
    CommandError(
      .unreadable, "\(Visible.quoted(name)) is no text and holds no OOM report",
      hint: "load a log as text: dmesg, syslog, journalctl, /dev/kmsg")
  }
}
