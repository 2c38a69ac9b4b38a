/// Reads the regular files out of a tar archive as it streams by. Nothing is extracted: a member is
/// bytes under a name, and links, devices and directories are passed over, so that no name can lead
/// anywhere.
///
/// POSIX ustar and pax, GNU long names and base-256 sizes.
struct TarReader {
  /// What a header says of a regular file.
  struct Member {
    /// As it stands in the archive.
    let name: String
    let size: Int
    /// Seconds since 1970 UTC.
    let modified: Int64
  }

  /// Why an archive ends early.
  enum Fault: Error {
    case unreadable(Environment.Unreadable)
    /// It ends inside a member, or a header's sum is wrong.
    case damaged
  }

  private static let block = 512
  /// Longer names, and more fields, are nobody's.
  private static let longestExtension = 1 << 20

  private let log: Environment.Log
  private var buffer = [UInt8](repeating: 0, count: 256 << 10)
  private var available = 0..<0
  /// Bytes of the archive read so far.
  private(set) var bytesRead = 0
  /// What is left of the member that was given away last, and of the padding behind it.
  private var left = 0
  private var padding = 0

  init(_ log: Environment.Log) { self.log = log }

  /// The next regular file; nil at the end.
  mutating func next() throws(Fault) -> Member? {
    var longName: String?
    var fields: [String: String] = [:]
    while true {
      try skip(left + padding)
      (left, padding) = (0, 0)
      guard let header = try take(Self.block, orEnd: true) else { return nil }
      if header.allSatisfy({ $0 == 0 }) { return nil }
      guard Self.hasRightSum(header), let size = Self.number(header[124..<136]), size >= 0 else {
        throw .damaged
      }
      left = size
      padding = (Self.block - size % Self.block) % Self.block
      switch header[156] {
      case UInt8(ascii: "L"): longName = Self.text(try takeExtension()[...])
      case UInt8(ascii: "x"): fields = Self.fields(try takeExtension())
      case 0, UInt8(ascii: "0"), UInt8(ascii: "7"):
        if let size = fields["size"].flatMap({ Int($0) }), size >= 0 {
          left = size
          padding = (Self.block - size % Self.block) % Self.block
        }
        let modified = Self.number(header[136..<148]) ?? 0
        return Member(
          name: fields["path"] ?? longName ?? Self.name(header), size: left,
          modified: Int64(modified))
      case UInt8(ascii: "K"), UInt8(ascii: "g"): continue
      default: (longName, fields) = (nil, [:])
      }
    }
  }

  /// Gives the bytes of the member that `next` gave, piece by piece.
  mutating func read<Failure>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void,
    failing: (Failure) -> Fault
  ) throws(Fault) {
    while left > 0 {
      if available.isEmpty, try !fill() { throw .damaged }
      let piece = available.prefix(left)
      do throws(Failure) {
        try unsafe buffer.withUnsafeBufferPointer { (bytes) throws(Failure) in
          let part = unsafe UnsafeBufferPointer(rebasing: bytes[piece])
          try unsafe body(UnsafeRawBufferPointer(part))
        }
      } catch {
        throw failing(error)
      }
      left -= piece.count
      available = piece.upperBound..<available.upperBound
    }
  }

  private mutating func takeExtension() throws(Fault) -> [UInt8] {
    guard left <= Self.longestExtension, let bytes = try take(left, orEnd: false) else {
      throw .damaged
    }
    left = 0
    return bytes
  }

  /// So many bytes; nil at the end of the archive, where it may end.
  private mutating func take(_ count: Int, orEnd mayEnd: Bool) throws(Fault) -> [UInt8]? {
    var bytes: [UInt8] = []
    while bytes.count < count {
      if available.isEmpty, try !fill() {
        if mayEnd, bytes.isEmpty { return nil }
        throw .damaged
      }
      let piece = available.prefix(count - bytes.count)
      bytes += buffer[piece]
      available = piece.upperBound..<available.upperBound
    }
    return bytes
  }

  private mutating func skip(_ count: Int) throws(Fault) {
    var rest = count
    while rest > 0 {
      if available.isEmpty, try !fill() { throw .damaged }
      let piece = available.prefix(rest)
      rest -= piece.count
      available = piece.upperBound..<available.upperBound
    }
  }

  private mutating func fill() throws(Fault) -> Bool {
    do throws(Environment.Unreadable) {
      let count = try unsafe buffer.withUnsafeMutableBufferPointer {
        (bytes) throws(Environment.Unreadable) in
        try unsafe log.read(UnsafeMutableRawBufferPointer(bytes))
      }
      available = 0..<count
      bytesRead += count
      return count > 0
    } catch {
      throw .unreadable(error)
    }
  }
}

extension TarReader {
  /// The sum of a header's bytes, its own field taken for blanks.
  private static func hasRightSum(_ header: [UInt8]) -> Bool {
    var sum = 0
    for (index, byte) in header.enumerated() { sum += (148..<156).contains(index) ? 32 : Int(byte) }
    return number(header[148..<156]) == sum
  }

  /// Octal digits, or, with the highest bit set, a binary number of 63 bits at the most.
  private static func number(_ field: ArraySlice<UInt8>) -> Int? {
    guard let first = field.first else { return nil }
    if first & 0x80 != 0 {
      guard field.dropLast(8).dropFirst().allSatisfy({ $0 == 0 }), first == 0x80 else { return nil }
      let value = field.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      return Int(exactly: value).flatMap { $0 < 1 << 60 ? $0 : nil }
    }
    let digits = field.drop { $0 == 0x20 }.prefix { $0 != 0 && $0 != 0x20 }
    return digits.isEmpty ? 0 : Int(text(digits), radix: 8)
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }

  private static func name(_ header: [UInt8]) -> String {
    let prefix = text(header[345..<500])
    let name = text(header[0..<100])
    // GNU's own form uses these bytes otherwise.
    let isPOSIX = header[262] == 0
    return prefix.isEmpty || !isPOSIX ? name : "\(prefix)/\(name)"
  }

  /// The fields of a pax header: `LENGTH KEY=VALUE\n`.
  private static func fields(_ bytes: [UInt8]) -> [String: String] {
    var fields: [String: String] = [:]
    var rest = bytes[...]
    while let blank = rest.firstIndex(of: 0x20),
      let length = Int(text(rest[..<blank])), length > blank - rest.startIndex + 1,
      length <= rest.count
    {
      let record = rest[rest.index(after: blank)..<rest.startIndex + length - 1]
      if let equals = record.firstIndex(of: UInt8(ascii: "=")) {
        fields[text(record[..<equals])] = text(record[record.index(after: equals)...])
      }
      rest = rest.dropFirst(length)
    }
    return fields
  }
}
