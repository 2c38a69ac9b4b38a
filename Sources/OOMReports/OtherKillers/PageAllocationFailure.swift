internal import KernelLog

/// An allocation that failed, or took very long, and killed nobody (`warn_alloc()`).
enum PageAllocationFailure {
  static let killer = OtherKiller(
    kind: .pageAllocationFailure, author: .kernel,
    samples: [
      "swapper: page allocation failure. order:1, mode:0x20",
      "python3: page allocation failure: order:4, mode:0x40cc0(GFP_KERNEL|__GFP_COMP), "
        + "nodemask=(null),cpuset=/,mems_allowed=0",
      "java: page allocation stalls for 10004ms, order:0, mode:0x14200ca(GFP_HIGHUSER_MOVABLE)",
    ],
    read: { message in
      guard let words = words(of: message) else { return nil }
      var kill = OtherKill(.pageAllocationFailure)
      kill.comm = message.text(0..<words.name)
      kill.reason = message.reason(from: words.reason)
      return kill
    })

  /// Where the name ends and where the request begins; a name is at most 15 bytes long.
  private static func words(of message: Span<UInt8>) -> (name: Int, reason: Int)? {
    let followers: [(words: StaticString, skipped: Int)] = [
      (": page allocation failure: ", 0), (": page allocation failure. ", 0),
      // "stalls for …" is part of the reason.
      (": page allocation stalls for ", "stalls for ".utf8.count),
    ]
    for follower in followers {
      let length = follower.words.utf8CodeUnitCount
      let head = message.extracting(0..<Swift.min(message.count, Comm.longest + length))
      guard let name = head.last(follower.words, before: head.count),
        message.first("order:", from: name + length) != nil
      else { continue }
      return (name, name + length - follower.skipped)
    }
    return nil
  }
}
