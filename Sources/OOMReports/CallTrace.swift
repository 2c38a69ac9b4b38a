package import KernelLog

/// What `dump_stack()` printed in a report's head.
package struct CallTrace: Sendable, Equatable {
  /// Innermost first, as printed.
  package var frames: [StackFrame] = []
  /// `RIP: …`, `Code: …`, `RAX: …`: the registers of the program that entered the kernel.
  package var registers: [Cited<LogText>] = []

  package init() {}

  /// No trace that the kernel prints has more.
  static let longest = 256
}

/// One function of a call trace.
package struct StackFrame: Sendable, Equatable {
  package let function: LogText
  /// How far inside the function, and how long it is, in bytes.
  package let offset: Int64
  package let size: Int64
  /// The address, hexadecimal, where the kernel prints it (up to 4.8 and 32-bit ones).
  package let address: String?
  /// Whether the unwinder is sure of it; a `?` stands before what was only found on the stack.
  package let isReliable: Bool
  package let module: LogText?
  /// `TASK`, `IRQ`, `NMI`, … between whose marks it stands.
  package let section: String?
  package let line: Int

  package init(
    function: LogText, offset: Int64, size: Int64, address: String?, isReliable: Bool,
    module: LogText?, section: String?, line: Int
  ) {
    self.function = function
    self.offset = offset
    self.size = size
    self.address = address
    self.isReliable = isReliable
    self.module = module
    self.section = section
    self.line = line
  }

  /// The function's name without what the compiler put behind it, as in `dump_header.isra.0`, and
  /// without the dot that ppc64 puts before it.
  package var functionName: Substring {
    function.description.split(separator: ".").first ?? ""
  }

  /// Whether both print one place of the code, as a frame and its double in the log do.
  func isSamePlace(as other: StackFrame?) -> Bool {
    function == other?.function && offset == other?.offset && address == other?.address
      && isReliable == other?.isReliable && section == other?.section
  }
}
