internal import KernelLog

/// nohang sends a signal to the process that it finds worst.
enum Nohang {
  static let killer = OtherKiller(
    kind: .nohang, author: .program("nohang"),
    samples: [
      "Sending SIGTERM to the victim; total response time: 7ms",
      "Sending SIGKILL to python3 (pid 1234)",
    ],
    read: { message in
      let start = message.skippingBlanks(from: 0)
      let verbs: [StaticString] = [
        "Sending SIGTERM to ", "Sending SIGKILL to ", "Send SIGTERM to ", "Send SIGKILL to ",
      ]
      guard let end = verbs.compactMap({ message.end(of: $0, at: start) }).first else { return nil }
      var kill = OtherKill(.nohang)
      if var digits = message.first("pid ", from: end).map({ $0 + 4 }) {
        kill.pid = message.integer(at: &digits)
      }
      kill.reason = message.reason(from: start)
      return kill
    })
}
