internal import OOMReports

/// Values of `vm.min_free_kbytes` that no machine is harmed by.
enum MinFreeBand {
  /// What the kernel itself sets at boot (`init_per_zone_wmark_min()`): the root of 16 times the
  /// memory in kB, from 128 to 262144; nil where that is less than 1024, as on a machine with less
  /// than 64 MiB. Huge pages make it raise the value later on.
  static func kernelChoice(ofRAM ram: Bytes) -> Int64? {
    let root = Int64((16 * Double(max(0, ram.kB))).squareRoot())
    return allowed(min(root, 262_144), ofRAM: ram)
  }

  /// The value if it is 1024 at least and 2 % of RAM at most.
  static func allowed(_ kB: Int64, ofRAM ram: Bytes) -> Int64? {
    kB >= 1024 && kB <= ram.kB / 50 ? kB : nil
  }
}
