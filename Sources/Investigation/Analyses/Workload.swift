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
    let components = path.bytes.split(separator: UInt8(ascii: "/"))
    if components.contains(where: { $0.starts(with: "kubepods".utf8) }) {
      self = .kubernetes
    } else if components.contains(where: Self.isContainer) {
      self = .container
    } else if let unit = components.last(where: Self.isService) {
      self = .service(LogText(Array(unit)))
    } else {
      return nil
    }
  }

  /// How container engines name the cgroups they make, as scopes of systemd or as plain groups.
  private static let containerPrefixes = [
    "docker-", "libpod-", "crio-", "cri-containerd-", "lxc.payload", "lxc.monitor", "nspawn-",
  ]
  private static let containerNames = ["docker", "lxc", "libpod_parent", "garden"]

  private static func isContainer(_ component: ArraySlice<UInt8>) -> Bool {
    containerNames.contains { component.elementsEqual($0.utf8) }
      || containerPrefixes.contains { component.starts(with: $0.utf8) }
        && !isService(component)
  }

  private static func isService(_ component: ArraySlice<UInt8>) -> Bool {
    let suffix = ".service"
    return component.count > suffix.utf8.count
      && component.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
  }
}
