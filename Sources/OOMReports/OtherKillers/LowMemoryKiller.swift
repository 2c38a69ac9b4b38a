internal import KernelLog

/// Android's low memory killer: a driver up to 4.9, a daemon (lmkd) of the same name since.
enum LowMemoryKiller {
  static let killer = OtherKiller(
    kind: .lowmemorykiller, author: .kernelOr("lowmemorykiller"),
    samples: [
      "lowmemorykiller: send sigkill to 1234 (com.app), adj 15, size 8000",
      "lowmemorykiller: Killing 'com.app' (1234), adj 1000,",
      "Kill 'com.app' (19087), uid 10247, oom_score_adj 500 to free 188964kB rss, 51364kB swap; "
        + "reason: min watermark is breached even after kill",
    ],
    read: { message in
      let text = message.end(of: "lowmemorykiller: ", at: 0) ?? 0
      var kill = OtherKill(.lowmemorykiller)
      if var cursor = message.end(of: "send sigkill to ", at: text) {
        guard let pid = message.integer(at: &cursor),
          let close = message.first("), adj ", from: cursor),
          message.starts(with: " (", at: cursor)
        else { return nil }
        kill.pid = pid
        kill.comm = message.text(cursor + 2..<close)
        kill.reason = message.reason(from: close + 3)
        return kill
      }
      guard
        let name = message.end(of: "Killing '", at: text) ?? message.end(of: "Kill '", at: text),
        let quote = message.first("' (", from: name)
      else { return nil }
      var cursor = quote + 3
      guard let pid = message.integer(at: &cursor), message.starts(with: ")", at: cursor) else {
        return nil
      }
      kill.pid = pid
      kill.comm = message.text(name..<quote)
      kill.reason = message.reason(from: message.end(of: "), ", at: cursor) ?? cursor + 1)
      return kill
    })
}
