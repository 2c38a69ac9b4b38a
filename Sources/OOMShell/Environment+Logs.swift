/// What commands need of the machine to read logs and facts.
extension Environment {
  /// A log that has been opened. It is read once from its beginning; parts of a file can be read
  /// again.
  @safe package struct Log: Sendable {
    /// Bytes; nil for a pipe.
    package let size: Int?
    /// When it was last written to, in microseconds since 1970 UTC.
    package let modifiedMicros: Int64?
    /// Reads the next bytes into a buffer: how many, 0 at the end.
    package let read: @Sendable (UnsafeMutableRawBufferPointer) throws(Unreadable) -> Int
    /// Reads a part again; nil for a pipe.
    package let readAgain: (@Sendable (Range<Int>) throws(Unreadable) -> [UInt8])?
    /// What unpacks it, known after the first read; nil where its bytes come as they stand.
    package var packing: @Sendable () -> String? = { nil }
    /// What the tool that reads it warned of; empty for nothing.
    package var complaint: @Sendable () -> String = { "" }
    /// How many of the `size` bytes have been read, where that is not what came out.
    package var consumed: @Sendable () -> Int? = { nil }

    package init(
      size: Int?, modifiedMicros: Int64?,
      read: @escaping @Sendable (UnsafeMutableRawBufferPointer) throws(Unreadable) -> Int,
      readAgain: (@Sendable (Range<Int>) throws(Unreadable) -> [UInt8])?
    ) {
      self.size = size
      self.modifiedMicros = modifiedMicros
      unsafe self.read = read
      self.readAgain = readAgain
    }
  }

  /// A file without a name: written, then read as a log.
  @safe package struct Scratch: Sendable {
    /// Puts bytes behind those before.
    package let write: @Sendable (UnsafeRawBufferPointer) throws(Unreadable) -> Void
    /// The file as a log of this name, last written at this time (microseconds since 1970 UTC).
    package let log: @Sendable (String, Int64) throws(Unreadable) -> Log

    package init(
      write: @escaping @Sendable (UnsafeRawBufferPointer) throws(Unreadable) -> Void,
      log: @escaping @Sendable (String, Int64) throws(Unreadable) -> Log
    ) {
      unsafe self.write = write
      self.log = log
    }
  }

  /// The running kernel's log, and its three clocks at the moment of reading.
  package struct Ring: Sendable {
    /// Records of /dev/kmsg, or lines of syslog(2).
    package let bytes: [UInt8]
    /// Records that were overwritten before they could be read.
    package let lost: Int
    /// Microseconds: wall clock, time since boot with and without suspended time.
    package let realtime: Int64
    package let boottime: Int64
    package let monotonic: Int64

    package init(bytes: [UInt8], lost: Int, realtime: Int64, boottime: Int64, monotonic: Int64) {
      self.bytes = bytes
      self.lost = lost
      self.realtime = realtime
      self.boottime = boottime
      self.monotonic = monotonic
    }
  }

  /// Files below /proc and /sys of this machine, or of one whose tree was captured.
  package struct Machine: Sendable {
    /// The content of each file that could be read, by the path that was asked for.
    package let files: [String: [UInt8]]
    /// Whether it is the running kernel's.
    package let isLive: Bool
    /// Where the files were taken from.
    package let name: String

    package init(files: [String: [UInt8]], isLive: Bool, name: String) {
      self.files = files
      self.isLive = isLive
      self.name = name
    }
  }
}
