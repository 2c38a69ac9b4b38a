internal import KernelLog

/// Meta's oomd kills control groups and says so in the kernel's log: three pressures, the group,
/// its size, and which of its rules asked for it.
enum FacebookOomd {
  static let killer = OtherKiller(
    kind: .oomd, author: .kernelLog,
    samples: [
      "oomd kill: 81.28 80.05 42.78 system.slice/a.service 1999 ruleset:[x] detectorgroup:[y] "
        + "killer:[z] v2"
    ],
    read: { message in
      guard var cursor = message.end(of: "oomd kill: ", at: 0) else { return nil }
      for _ in 0..<3 {
        guard message.byte(at: cursor)?.isDigit == true else { return nil }
        cursor = message.skippingBlanks(from: message.endOfWord(from: cursor))
      }
      let end = message.endOfWord(from: cursor)
      guard end > cursor else { return nil }
      var kill = OtherKill(.oomd)
      kill.cgroup = message.text(cursor..<end)
      kill.reason = message.reason(from: message.skippingBlanks(from: end))
      return kill
    })
}
