package import OOMReports

/// What the kubelet's `oom_score_adj` tells of a container (`GetContainerOOMScoreAdjust()`).
package struct KubeletAdj: Sendable, Equatable {
  package let adj: Int64
  package let qos: CgroupPath.QoS?
  /// The container's memory request as a share of the node's RAM; nil where the value is a fixed
  /// one that tells no request.
  package let request: ClosedRange<Double>?

  /// Nil for a path that is not the kubelet's.
  ///
  /// A burstable container gets 1000 − ⌊1000 × request ÷ RAM⌋, kept between 3 and 999; −997 are
  /// guaranteed ones and critical pods, 1000 those that request nothing, −998 the pause containers.
  package init?(_ adj: Int64, in path: CgroupPath) {
    guard path.isKubernetes, path.last(.pod) != nil else { return nil }
    self.adj = adj
    switch adj {
    case -998, -997: qos = .guaranteed
    case 1000: qos = .bestEffort
    case 3...999: qos = .burstable
    default: qos = path.qos
    }
    switch adj {
    // The smallest value stands for every request above it, the largest for every one below.
    case 3: request = 0.997...1
    case 999: request = 0...0.002
    case 4...998: request = Double(1000 - adj) / 1000...Double(1001 - adj) / 1000
    default: request = nil
    }
  }

  /// The request in bytes, for a node of known RAM.
  package func request(ofNode ram: Bytes) -> ClosedRange<Bytes>? {
    request.map { share in
      let low = Bytes(Int64(share.lowerBound * Double(ram.count)))
      return low...Bytes(Int64(share.upperBound * Double(ram.count)))
    }
  }

  /// Whether the path says another class of service than the value does.
  package func contradicts(_ path: CgroupPath) -> Bool {
    guard let ofPath = path.qos, let qos, (3...1000).contains(adj) || adj == -997 else {
      return false
    }
    // Critical pods get the value of guaranteed ones whatever their class.
    return adj != -997 && ofPath != qos
  }
}
