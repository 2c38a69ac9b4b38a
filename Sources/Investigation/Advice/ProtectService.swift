internal import KernelLog
internal import OOMReports

extension AdviceRule {
  /// A service that others depend on was killed at the neutral oom_score_adj 0.
  ///
  /// For machine-wide shortages only: within a cgroup the members compete among themselves.
  static let protectService = AdviceRule("protect-service") { evidence in
    let found = evidence.machineShortages.flatMap { candidate in
      candidate.importantVictims.map { (event: candidate.event.number, victim: $0) }
    }
    guard !found.isEmpty else { return [] }
    var names: [LogText] = []
    for victim in found.map(\.victim.comm) where !names.contains(victim) { names.append(victim) }
    let wasLargest = evidence.machineShortages.contains { candidate in
      guard let victim = candidate.importantVictims.first else { return false }
      return candidate.report?.largestTasks().first?.row.pid == victim.pid
    }
    var reason: [Sentence] = [
      "killed with oom_score_adj 0: \(Sentence.list(names.prefix(5).map { "\($0)" }))"
    ]
    if wasLargest {
      reason.append("it was the largest process itself at least once: bound it as well")
    }
    return [
      Recommendation(
        "protect-service", .medium, wasLargest ? .possible : .likely,
        events: Set(found.map(\.event)).sorted(), reason: reason)
    ]
  }

  /// Names, cut to the kernel's 15 bytes, that rarely belong to anything that may die.
  fileprivate static let importantNames: Set<LogText> = Set(
    [
      "mysqld", "mariadbd", "postgres", "postmaster", "mongod", "redis-server", "valkey-server",
      "oracle", "etcd", "consul", "vault", "memcached", "beam.smp", "slapd", "named", "unbound",
      "haproxy", "nginx", "httpd", "apache2", "keepalived", "corosync", "pacemakerd", "ceph-osd",
      "ceph-mon", "glusterfsd", "nfsd", "smbd", "sshd", "systemd", "systemd-journal",
      "systemd-logind", "systemd-udevd", "systemd-network", "systemd-resolve", "dbus-daemon",
      "dbus-broker", "NetworkManager", "rsyslogd", "auditd", "chronyd", "crond", "cron", "dockerd",
      "containerd", "crio", "kubelet", "kube-apiserver", "libvirtd", "Xorg", "gnome-shell",
    ].map { LogText($0) })
}

extension Evidence.Case {
  fileprivate var importantVictims: [Victim] {
    victims.filter { victim in
      AdviceRule.importantNames.contains(victim.comm) && adjustment(of: victim) == 0
    }
  }

  /// oom_score_adj from the kill line (5.4+) or the victim's row; nil where neither tells.
  private func adjustment(of victim: Victim) -> Int64? {
    victim.oomScoreAdj ?? report?.tasks?.rows.first { $0.pid == victim.pid }?.oomScoreAdj
  }
}
