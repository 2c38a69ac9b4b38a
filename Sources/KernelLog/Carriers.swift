/// Every form in which kernel messages come.
enum Carriers {
  /// The elements of a line's prefix, tried in this order until none fits any more.
  static let prefixForms: [PrefixForm] = [
    Level.form, Level.decoded, Colour.form, Kmsg.form, Dmesg.dropped, Dmesg.stamp, Dmesg.caller,
    Syslog.rfc5424, Syslog.iso, Syslog.traditional, Syslog.hostAndTag, JournalShort.full,
    JournalShort.unix,
    JournalShort.monotonicHost,
  ]

  /// Forms whose records are not lines, recognised by their beginning; else the lines are read.
  static let formats: [LogFormat] = [
    DmesgJSON.format, JournalJSON.format, JournalExport.format, .lines,
  ]
}
