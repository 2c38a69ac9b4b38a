internal import CPlatform
internal import Glibc
internal import Synchronization

/// A file without a name for bytes that have to be read again: it is gone with its owner, whatever
/// ends the process. Only a binary journal has a name as long as its owner lives.
package final class ScratchFile: Sendable {
  private let descriptor: Descriptor
  private let name = Mutex<TemporaryName?>(nil)

  /// Where such files are made: in TMPDIR, or else in /tmp.
  static var directory: String {
    EnvironmentVariables["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
  }

  package init() throws(HostError) {
    let directory = Self.directory
    do throws(HostError) {
      descriptor = try Descriptor(
        opening: directory, flags: O_RDWR | platform_unnamed_file(), mode: 0o600)
    } catch {
      descriptor = try Self.unlinked(in: directory)
    }
  }

  /// Where the file system has no files without a name.
  private static func unlinked(in directory: String) throws(HostError) -> Descriptor {
    var name = Array("\(directory)/oomsh-XXXXXX".utf8CString)
    let number = unsafe mkstemp(&name)
    guard number >= 0 else { throw HostError(errno: errno, path: directory) }
    _ = fcntl(number, F_SETFD, FD_CLOEXEC)
    _ = unsafe unlink(name)
    return Descriptor(number)
  }

  /// Puts bytes behind what was written before.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(HostError) {
    var written = 0
    while written < bytes.count {
      let put = SystemCall.retrying {
        unsafe Glibc.write(
          descriptor.number, bytes.baseAddress?.advanced(by: written), bytes.count - written)
      }
      guard put.result >= 0 else { throw HostError(errno: put.errno, path: "a temporary file") }
      written += put.result
    }
  }

  /// The file as a log, read from its beginning, under the name that the user is to see. It counts
  /// as written at this moment (microseconds since 1970).
  package func log(named name: String, modified: Int64) throws(HostError) -> LogInput {
    let (seconds, rest) = modified.quotientAndRemainder(dividingBy: 1_000_000)
    let time = timespec(tv_sec: Int(seconds), tv_nsec: Int(rest) * 1000)
    _ = unsafe futimens(descriptor.number, [time, time])
    guard lseek(descriptor.number, 0, SEEK_SET) == 0 else {
      throw HostError(errno: errno, path: name)
    }
    let copy = fcntl(descriptor.number, F_DUPFD_CLOEXEC, 0)
    guard copy >= 0 else { throw HostError(errno: errno, path: name) }
    let file = try LogFile(Descriptor(copy), named: name)
    try nameJournal(file)
    return try LogInput(file)
  }

  /// Gives a binary journal a name, under which its tool reads it. A file is named only once in its
  /// life.
  private func nameJournal(_ file: LogFile) throws(HostError) {
    let magic = SystemJournal.magic
    let head = try file.readRange(0..<min(file.identity.size, magic.count))
    guard head == magic else { return }
    name.withLock { name in
      name = name ?? TemporaryName(of: descriptor.number, in: Self.directory)
    }
  }
}
