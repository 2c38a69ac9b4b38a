internal import KernelLog

/// systemd-oomd kills whole control groups by pressure and swap use. That PID 1 names it in
/// "systemd-oomd killed 3 process(es) in this unit" is the same kill said again.
enum SystemdOomd {
  static let killer = OtherKiller(
    kind: .systemdOomd, author: .program("systemd-oomd"),
    samples: [
      "Killed /user.slice/a.scope due to memory used (8038662144) / total (8222932992) and swap "
        + "used (7400079360) / total (8221618176) being more than 90.00%",
      "Killed /a.slice due to memory pressure for /a.slice being 59.21% > 50.00% for > 20s with "
        + "reclaim activity",
    ],
    read: { message in
      guard let path = message.end(of: "Killed ", at: 0),
        let reason = message.last(" due to ", before: message.count), reason > path
      else { return nil }
      // A path may hold the words too, but the first place that can end one is taken: the reason
      // itself names a path.
      let end = message.first(" due to ", from: path) ?? reason
      var kill = OtherKill(.systemdOomd)
      kill.cgroup = message.text(path..<end)
      kill.reason = message.reason(from: end + 8)
      return kill
    })
}
