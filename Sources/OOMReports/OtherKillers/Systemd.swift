internal import KernelLog

/// systemd tells of a unit whose process was killed. It did not kill: of an OOM kill the kernel has the
/// report. That a process died of SIGKILL says less: anybody may have sent it.
enum Systemd {
  static let killer = OtherKiller(
    kind: .systemd, author: .program("systemd"),
    samples: [
      "web.service: A process of this unit has been killed by the OOM killer.",
      "web.service: Main process exited, code=killed, status=9/KILL",
      "web.service: main process exited, code=killed, status=9/KILL",
      "web.service: Failed with result 'oom-kill'.",
    ],
    read: { message in
      // A unit's name has no blank.
      guard let blank = message.first(.space), blank > 1, message[blank - 1] == .colon,
        let row = said.first(where: { message.starts(with: $0.words, at: blank + 1) })
      else { return nil }
      var kill = OtherKill(.systemd)
      kill.unit = message.text(0..<blank - 1)
      kill.reason = message.reason(from: blank + 1)
      kill.stage = row.stage
      return kill
    })

  /// What it says of one death, and in which order: the first and last since 243, the others in all
  /// versions, in small letters up to 234.
  private static let said: [(words: StaticString, stage: Int)] = [
    ("A process of this unit has been killed by the OOM killer", 0),
    ("Main process exited, code=killed, status=9/KILL", 1),
    ("main process exited, code=killed, status=9/KILL", 1),
    ("Failed with result 'oom-kill'", 2),
  ]
}
