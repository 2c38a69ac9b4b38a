package import KernelLog

/// Who runs the processes of a cgroup, as far as its path tells.
package enum Workload: Sendable, Equatable {
  /// A pod or a container of Kubernetes.
  case kubernetes
  /// A container of Docker, Podman, CRI-O, containerd or LXC.
  case container
  /// A systemd service, by its unit name.
  case service(LogText)

  /// Nil where the path tells nothing, such as `/` or a login session.
  package init?(path: LogText) {
    let reading = CgroupPath(path)
    func has(_ kinds: CgroupPath.Kind...) -> Bool {
      reading.layers.contains { kinds.contains($0.kind) }
    }
    if reading.isKubernetes {
      self = .kubernetes
    } else if has(.container, .monitor, .engine) && !has(.machine) {
      self = .container
    } else if let unit = reading.layers.last(where: \.isService) {
      self = .service(unit.component)
    } else {
      return nil
    }
  }
}

extension CgroupPath.Layer {
  /// Whether it is a service of systemd; the manager of a user's units is no service of its own.
  fileprivate var isService: Bool {
    kind == .service && component.bytes.ends(with: ".service")
  }
}
