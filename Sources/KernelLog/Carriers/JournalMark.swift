/// Lines that journalctl puts between the messages: `-- Boot <id> --`, `-- Reboot --` (before
/// systemd 206), `-- Journal begins at …`, and with `-x` the catalog's `-- Subject: …`.
enum JournalMark {
  static let form = PrefixForm(
    name: "journalctl mark", begins: ByteSet("-"),
    samples: ["-- Boot 45ac3f53bd2c49a9b9ea92a6ad1a2b53 --x", "-- Reboot --x", "-- Subject: x"],
    read: { line, prefix in
      guard prefix.carrier == .plain, line.starts(with: "-- ", at: prefix.offset) else {
        return false
      }
      prefix.offset = line.count
      prefix.origin = .program
      prefix.isFinished = true
      return true
    })
}
