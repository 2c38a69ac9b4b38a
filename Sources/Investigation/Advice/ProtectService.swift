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
        events: Set(found.map(\.event)).sorted(), reason: reason,
        snippets: wasLargest ? [] : protection(evidence))
    ]
  }

  /// The least protection that would have spared each service in all of its events, as far as that
  /// is not nearly all there is: then it is the service that has to become smaller.
  private static func protection(_ evidence: Evidence) -> [Snippet] {
    var needed: [String: (unit: UnitPlace, value: Int64, events: Int, next: LogText?)] = [:]
    var order: [String] = []
    for candidate in evidence.machineShortages where !candidate.importantVictims.isEmpty {
      guard let unit = candidate.taskPath.flatMap(UnitPlace.init(serviceOn:)),
        let badness = candidate.scores?.badness, let chosen = candidate.scores?.chosen,
        let value = badness.sparingAdjustment(chosen)
      else { continue }
      let next = badness.candidates.first { $0.exclusion == nil && $0.row.pid != chosen.row.pid }
      let before = needed[unit.name]
      if before == nil { order.append(unit.name) }
      needed[unit.name] = (
        unit, min(value, before?.value ?? value), (before?.events ?? 0) + 1, next?.row.name
      )
    }
    return order.prefix(5).compactMap { needed[$0] }.filter { $0.value >= -900 }.map { item in
      // Rounded away from 0.
      let value = (item.value - 9) / 10 * 10
      let next: Sentence = item.next.map { "; \($0) would have been next" } ?? ""
      return item.unit.snippet(
        ["OOMScoreAdjust=\(value)"],
        [
          """
          with \(item.value) or less the kernel would not have chosen it in \
          \(item.events, "event")\(next); rounded to tens
          """
        ])
    }
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
    // Who dies in another's place, or with all its group, is not spared by its own setting.
    guard let choice = culprit?.selection.value else { return unprotectedVictims }
    switch choice {
    case .childSacrifice, .group, .allocatingTask: return []
    default: return unprotectedVictims
    }
  }

  private var unprotectedVictims: [Victim] {
    victims.filter { victim in
      AdviceRule.importantNames.contains(victim.comm) && adjustment(of: victim) == 0
    }
  }

  /// oom_score_adj from the kill line (5.4+) or the victim's row; nil where neither tells.
  private func adjustment(of victim: Victim) -> Int64? {
    victim.oomScoreAdj ?? report?.tasks?.rows.first { $0.pid == victim.pid }?.oomScoreAdj
  }
}
