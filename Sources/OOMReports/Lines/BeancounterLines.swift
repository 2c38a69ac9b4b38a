internal import KernelLog

/// Kills of OpenVZ, whose containers have a beancounter each ("UB") that limits their memory.
enum BeancounterLines {
  /// `rss` is of all kinds of pages, so that it is no figure of the victim's; the beancounter is no
  /// cgroup, so that the line tells no constraint.
  static let killed = LineGrammar(
    name: "OOM killed process",
    printedBy: "OpenVZ's 2.6.32 (042stab); oom_kill_process() in mm/oom_kill.c",
    samples: [
      "Out of memory in UB 101: OOM killed process 77 (java) score 0 vm:9kB, rss:8kB, swap:0kB"
    ],
    read: { message, line, report in
      guard let start = pid(of: message) else { return .other }
      var cursor = start.pid
      guard let pid = message.integer(at: &cursor), let name = message.end(of: " (", at: cursor),
        let close = message.last(") score ", before: message.count), close >= name,
        message.mayBeComm(name..<close)
      else { return .torn }
      var victim = Victim(pid: pid, comm: message.text(name..<close), line: line)
      cursor = close + ") score ".utf8.count
      let score = message.integer(at: &cursor)
      // The size behind it shows that the score is whole.
      if message.starts(with: " vm:", at: cursor) { victim.score = score }
      victim.totalVM = message.extracting(cursor..<message.count).kB(" vm:")
      let isWhole = message.first(", swap:", from: cursor) != nil
      if isWhole {
        victim.fingerprint = Fingerprint.of(message.extracting(start.verb..<message.count))
      }
      report.add(victim)
      return isWhole ? .read : .torn
    },
    aside: { message in
      message.figures([(" in UB ", "beancounter"), (", rss:", "rss"), (", swap:", "swap")])
    })

  /// Where the killer had to kill many, it prints no more than how many.
  static let rage = LineGrammar(
    name: "OOM killer in rage",
    printedBy: "OpenVZ's 2.6.32 (042stab)",
    samples: ["OOM killer in rage, 16 tasks killed in ub 101"],
    read: { message, line, report in
      guard message.starts(with: "OOM killer in rage, ") else { return .other }
      report.remark(.inRage, pid: nil, message, line)
      return .known
    },
    aside: { $0.figures([("rage, ", "tasks"), (" in ub ", "beancounter")]) })

  /// Where the verb and the pid of a kill begin; nil where a message is none.
  static func pid(of message: Span<UInt8>) -> (verb: Int, pid: Int)? {
    guard var cursor = message.end(of: "Out of memory", at: 0) else { return nil }
    if let container = message.end(of: " in UB ", at: cursor) {
      cursor = container
      while let byte = message.byte(at: cursor), byte != .colon, byte != .space { cursor += 1 }
    }
    guard let verb = message.end(of: ": ", at: cursor),
      let pid = message.end(of: "OOM killed process ", at: verb)
    else { return nil }
    return (verb, pid)
  }
}
