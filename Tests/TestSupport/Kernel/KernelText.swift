package import KernelLog

/// The bytes of a kernel message, written as an interpolation in which names keep their bytes.
package struct KernelText: ExpressibleByStringInterpolation, Sendable {
  package var bytes: [UInt8]

  package init(stringLiteral value: String) {
    bytes = Array(value.utf8)
  }

  package init(stringInterpolation: StringInterpolation) {
    bytes = stringInterpolation.bytes
  }

  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var bytes: [UInt8] = []

    package init(literalCapacity: Int, interpolationCount: Int) {
      bytes.reserveCapacity(literalCapacity + 16 * interpolationCount)
    }

    package mutating func appendLiteral(_ literal: String) {
      bytes += literal.utf8
    }

    package mutating func appendInterpolation(_ name: LogText) {
      bytes += name.bytes
    }

    package mutating func appendInterpolation(_ value: some CustomStringConvertible) {
      bytes += value.description.utf8
    }

    /// A number as the kernel pads it: `%8lu` is `width: 8`.
    package mutating func appendInterpolation(_ value: Int, width: Int) {
      let digits = value.description
      bytes += repeatElement(UInt8(ascii: " "), count: max(0, width - digits.utf8.count))
      bytes += digits.utf8
    }
  }
}

/// One printk record: its text may have several lines.
package struct KernelRecord: Sendable {
  /// 3 for errors, 4 for warnings, 6 for information.
  package let level: Int
  /// Microseconds since boot.
  package let micros: Int64
  package let text: [UInt8]

  package init(level: Int, micros: Int64, text: [UInt8]) {
    self.level = level
    self.micros = micros
    self.text = text
  }

  /// The lines that a console prints of it.
  package var lines: [ArraySlice<UInt8>] {
    text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
  }
}
