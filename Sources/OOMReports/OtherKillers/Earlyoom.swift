internal import KernelLog

/// earlyoom kills the process with the highest oom_score before the kernel has to.
enum Earlyoom {
  static let killer = OtherKiller(
    kind: .earlyoom, author: .program("earlyoom"),
    samples: [
      "sending SIGTERM to process 30551 uid 1000 \"chrome\": oom_score 900, VmRSS 1234 MiB",
      "sending SIGKILL to process 30551 \"chrome\": badness 900, VmRSS 1234 MiB",
    ],
    read: { message in
      let verbs: [StaticString] = ["sending SIGTERM to process ", "sending SIGKILL to process "]
      guard var cursor = verbs.compactMap({ message.end(of: $0, at: 0) }).first,
        let pid = message.integer(at: &cursor)
      else { return nil }
      var kill = OtherKill(.earlyoom)
      kill.pid = pid
      // Behind the name, which may hold a quote, come its figures.
      if let open = message.first(UInt8(ascii: "\""), from: cursor),
        let close = message.first("\": oom_score ", from: open + 1)
          ?? message.first("\": badness ", from: open + 1)
      {
        kill.comm = message.text(open + 1..<close)
        kill.reason = message.reason(from: close + 3)
      }
      return kill
    })
}
