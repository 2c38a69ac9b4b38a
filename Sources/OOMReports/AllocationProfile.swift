package import KernelLog

/// The kernel's own largest allocations by the code that made them (6.10 and later).
package struct AllocationProfile: Sendable, Equatable {
  package let line: Int
  /// Whether profiling is turned on, which 6.18 and later say; off, the figures are old.
  package var isOn: Bool?
  package var sites: [AllocationSite] = []

  package init(line: Int) {
    self.line = line
  }
}

/// One place in the kernel's code, and what it has allocated.
package struct AllocationSite: Sendable, Equatable {
  /// As printed, rounded to three digits: `4.50 GiB`.
  package let sizeText: String
  package let calls: Int64
  /// The source file and its line: `mm/filemap.c:1951`.
  package let place: LogText
  package let module: LogText?
  package let function: LogText
  package let line: Int

  package init(
    sizeText: String, calls: Int64, place: LogText, module: LogText?, function: LogText, line: Int
  ) {
    self.sizeText = sizeText
    self.calls = calls
    self.place = place
    self.module = module
    self.function = function
    self.line = line
  }

  /// About how much it is: what was printed, taken as exact.
  package var size: Bytes? {
    let parts = sizeText.split(separator: " ")
    guard parts.count == 2, let value = Double(parts[0]), value.isFinite, value >= 0 else {
      return nil
    }
    let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"]
    guard let power = units.firstIndex(of: String(parts[1])) else { return nil }
    let bytes = value * Double(Int64(1) << (10 * power))
    return bytes < Double(Bytes.addressable) ? Bytes(Int64(bytes)) : nil
  }
}
