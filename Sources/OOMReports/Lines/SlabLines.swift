internal import KernelLog

/// The unreclaimable slab caches, printed only where they outweigh all user memory (4.15 and
/// later; `dump_unreclaimable_slab()`). Their KB are KiB.
enum SlabLines {
  static let header = LineGrammar(
    name: "slab header",
    printedBy: "4.15 and later; dump_unreclaimable_slab()",
    samples: [
      "Unreclaimable slab info:", "Name                      Used          Total",
      "excessive unreclaimable slab but cannot dump stats",
    ],
    read: { message, line, report in
      if message.starts(with: "Unreclaimable slab info:") {
        report.section = .slab
        report.hasBody = true
        return .read
      }
      if message.starts(with: "excessive unreclaimable slab but cannot dump stats") {
        report.note(.lost, line, message)
        return .known
      }
      return message.starts(with: "Name  ") && message.first("Used  ") != nil ? .known : .other
    })

  static let row = LineGrammar(
    name: "slab row",
    printedBy: "4.15 and later; dump_unreclaimable_slab()",
    samples: [
      "dentry                118273KB     118273KB", "a b                       1KB   2KB",
    ],
    read: { message, line, report in
      guard report.section ?? .slab == .slab, let row = row(message) else { return .other }
      report.withMemory(line) { memory in
        guard memory.slabCaches.last?.name != row.name, memory.slabCaches.count < 2000 else {
          return
        }
        memory.slabCaches.append(
          SlabCache(name: row.name, used: row.used, total: row.total, line: line))
      }
      return .read
    })

  /// Two sizes at the end; the name before them may hold blanks.
  private static func row(_ message: Span<UInt8>) -> (name: String, used: Bytes, total: Bytes)? {
    guard message.starts(with: "KB", at: message.count - 2),
      let usedEnd = message.last("KB ", before: message.count - 2)
    else { return nil }
    var totalStart = message.skippingBlanks(from: usedEnd + 3)
    var usedStart = usedEnd
    while usedStart > 0, message[usedStart - 1].isDigit { usedStart -= 1 }
    guard usedStart > 0, usedStart < usedEnd, message[usedStart - 1] == .space else { return nil }
    var nameEnd = usedStart
    while nameEnd > 0, message[nameEnd - 1] == .space { nameEnd -= 1 }
    guard let used = message.integer(at: &usedStart).flatMap({ Bytes(kB: $0) }),
      let total = message.integer(at: &totalStart).flatMap({ Bytes(kB: $0) }),
      totalStart == message.count - 2, nameEnd > 0,
      // The rest of a prefix that broke is no name.
      message.extracting(0..<nameEnd).first("] ") == nil
    else { return nil }
    return (message.ascii(0..<nameEnd), used, total)
  }
}
