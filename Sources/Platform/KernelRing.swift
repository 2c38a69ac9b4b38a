internal import CPlatform
internal import Glibc

/// What the running kernel's ring buffer held.
package struct KernelRingText: Sendable, Equatable {
  /// The two ways in which the kernel hands it out.
  package enum Form: Sendable, Equatable {
    /// Records of /dev/kmsg: `4,1234,279318982,-;text`.
    case kmsg
    /// Lines of syslog(2): `<4>[  279.318982] text`.
    case syslog
  }

  /// How the text is written.
  package let form: Form
  /// The records, each with a line feed at its end.
  package let bytes: [UInt8]
  /// How many records were overwritten while they were being read.
  package let lostRecords: Int
}

/// The ring buffer in which the running kernel keeps its messages.
package enum KernelRing {
  private static let device = "/dev/kmsg"

  /// Reads everything that is in the ring now, from /dev/kmsg or else through syslog(2).
  package static func read() throws(HostError) -> KernelRingText {
    do throws(HostError) {
      return try readRecords(from: Descriptor(opening: device, flags: O_RDONLY | O_NONBLOCK))
    } catch {
      guard error.code != .interrupted else { throw error }
      // Containers often have no /dev/kmsg; some have one that is /dev/null or a FIFO.
      return try readSyslog()
    }
  }

  /// Reads records until there are no more. Each read(2) gives exactly one.
  static func readRecords(from ring: borrowing Descriptor) throws(HostError) -> KernelRingText {
    guard try ring.status(named: device).isKernelMessageDevice else {
      throw HostError(.unsuitable, path: device, reason: "is not the kernel's message device")
    }
    var bytes: [UInt8] = []
    var record = [UInt8](repeating: 0, count: 16 * 1024)
    var sequence = RecordSequence()
    while true {
      guard !Signals.isInterrupted else { throw .interrupted }
      do throws(HostError) {
        guard let count = try ring.read(into: &record, named: device), count > 0 else { break }
        sequence.note(record[..<count])
        bytes += record[..<count]
        if record[count - 1] != UInt8(ascii: "\n") { bytes.append(UInt8(ascii: "\n")) }
      } catch {
        // The reader was overtaken; the next read goes on with the oldest record that is left.
        guard error.code == .brokenPipe else { throw error }
      }
    }
    return KernelRingText(form: .kmsg, bytes: bytes, lostRecords: sequence.lost)
  }

  private static func readSyslog() throws(HostError) -> KernelRingText {
    let (readAll, sizeOfBuffer): (Int32, Int32) = (3, 10)
    let size = platform_kernel_log(sizeOfBuffer, nil, 0)
    guard size >= 0 else { throw refusal(errno: -size) }
    var text = [CChar](repeating: 0, count: Int(max(size, 1)))
    let count = unsafe platform_kernel_log(readAll, &text, Int32(text.count))
    guard count >= 0 else { throw refusal(errno: -count) }
    return KernelRingText(
      form: .syslog, bytes: text[..<Int(count)].map(UInt8.init(bitPattern:)), lostRecords: 0)
  }

  private static func refusal(errno number: Int32) -> HostError {
    guard number == EPERM || number == EACCES else {
      return HostError(
        .failed, path: "the kernel's ring buffer", reason: SystemCall.message(for: number),
        hint: "in a container, run this on the host, or load a file")
    }
    return denial(isRestricted: setting("/proc/sys/kernel/dmesg_restrict") != "0")
  }

  /// The refusal by permission: by the sysctl, or else by what a container or a sandbox leaves out.
  static func denial(isRestricted: Bool) -> HostError {
    HostError(
      .denied, path: "the kernel's ring buffer",
      reason: isRestricted
        ? "only root may read it here (kernel.dmesg_restrict)"
        : "this process may not read it, though kernel.dmesg_restrict = 0: a container or a sandbox?",
      hint: """
        run oomsh with sudo; or `sudo dmesg > oom.log` and `load oom.log`; or join the group \
        adm or systemd-journal, which may read the same messages in the journal
        """)
  }

  private static func setting(_ path: String) -> String? {
    guard let bytes = try? LiveHost().readFile(path) else { return nil }
    return String(decoding: bytes.prefix { $0 > UInt8(ascii: " ") }, as: UTF8.self)
  }
}

/// Finds the records that are missing from the numbers of those that are there.
struct RecordSequence {
  private(set) var lost = 0
  private var expected: Int?

  /// Takes note of a record's number, the second field of `4,1234,279318982,-;text`.
  mutating func note(_ record: ArraySlice<UInt8>) {
    let fields = record.split(separator: UInt8(ascii: ","), maxSplits: 2)
    guard fields.count > 1, let number = Int(String(decoding: fields[1], as: UTF8.self)) else {
      return
    }
    if let expected, number > expected { lost += number - expected }
    expected = number + 1
  }
}

extension stat {
  /// Character device 1:11.
  fileprivate var isKernelMessageDevice: Bool {
    st_mode & S_IFMT == S_IFCHR && st_rdev == 1 << 8 | 11
  }
}
