internal import OOMReports

extension PageSize {
  /// What to say beside sizes that were pages; nil where the report proves what a page is.
  var doubt: String? {
    switch proof {
    case .assumed: "sizes assume pages of 4 KiB: nothing in this report tells the page size"
    case .pageTables where self.bytes != PageSize.assumed.bytes:
      "sizes take pages of \(self.bytes.kB) KiB: all page tables in the task table are multiples of it, "
        + "which pages of 4 KiB would explain by chance only"
    case .noLimit, .pageTables, .buddyLine, .victimRow, .zonesPresent, .registers: nil
    }
  }
}
