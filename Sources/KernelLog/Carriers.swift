/// Every form in which kernel messages come.
enum Carriers {
  /// The elements of a line's prefix, tried in this order until none fits any more.
  static let prefixForms: [PrefixForm] = [
    Level.form, Level.escaped, Colour.form, Kmsg.form, Dmesg.dropped, Viewer.bracketedTime,
    Dmesg.stamp, Dmesg.caller,
    Vendor.mediatek, Vendor.samsung, JournalMark.form, Syslog.rfc5424, Syslog.iso,
    Syslog.traditional, Syslog.ctime, Container.form, Relay.vmware, Viewer.stream,
    Syslog.hostAndTag, JournalShort.full, JournalShort.unix, JournalShort.monotonicHost,
    Level.decoded, Relay.talos, Android.logcat,
    Pstore.heading, Syslog.tagAlone,
  ]

  /// What may stand around a whole line whose beginning is none of these.
  static let wrappers: [Wrapper] = [
    JSONLine.object, JSONLine.member, JSONLine.element, JSONLine.fluentBit, Logfmt.pairs,
    Listing.number, Listing.pod,
    Relay.host, Listing.fileName, Table.row, Console.wrapper,
  ]

  /// Forms whose records are not lines, recognised by their beginning; else the lines are read.
  static let formats: [LogFormat] = [
    DmesgJSON.compact, DmesgJSON.format, JournalJSON.format, JournalExport.format,
    JournalVerbose.format, JSONText.format,
    JSONObjects.format,
  ]

  /// Forms of sources of which the first line says what is in the others; nil for others.
  static let headed: [@Sendable (_ head: Span<UInt8>) -> LogFormat?] = [
    { Sheet.format(in: $0) }
  ]
}
