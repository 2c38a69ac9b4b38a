package import KernelLog
package import OOMReports

/// One line of /proc/swaps.
package struct SwapDevice: Sendable, Equatable {
  /// The device or file; the kernel writes blanks in it as `\040`.
  package let name: LogText
  package let kind: Kind
  package let size: Bytes
  package let used: Bytes
  /// Higher ones are used first; nil where the line is cut before it.
  package let priority: Int64?

  /// What the swap lies on.
  package enum Kind: Sendable, Equatable {
    case partition, file
    /// Compressed memory: what is swapped to it goes on taking RAM.
    case zram
    /// A type that this version of the kernel should not print.
    case other
  }

  package init(name: LogText, kind: Kind, size: Bytes, used: Bytes, priority: Int64?) {
    self.name = name
    self.kind = kind
    self.size = size
    self.used = used
    self.priority = priority
  }

  /// Reads /proc/swaps; lines that are no swap device are passed over.
  static func parse(_ bytes: [UInt8]) -> [SwapDevice] {
    ProcText.lines(bytes).compactMap { line in
      let words = ProcText.words(line)
      guard words.count >= 4, words[0].first == UInt8(ascii: "/"),
        let size = ProcText.integer(words[2]).flatMap(Bytes.init(kB:)),
        let used = ProcText.integer(words[3]).flatMap(Bytes.init(kB:))
      else { return nil }
      return SwapDevice(
        name: LogText(Array(words[0])), kind: Kind(name: words[0], type: words[1]), size: size,
        used: used, priority: words.count > 4 ? ProcText.integer(words[4]) : nil)
    }
  }
}

extension SwapDevice.Kind {
  fileprivate init(name: ArraySlice<UInt8>, type: ArraySlice<UInt8>) {
    self =
      if name.starts(with: "/dev/zram".utf8) || name.starts(with: "/zram".utf8) {
        .zram
      } else if type.elementsEqual("partition".utf8) {
        .partition
      } else if type.elementsEqual("file".utf8) {
        .file
      } else {
        .other
      }
  }
}
