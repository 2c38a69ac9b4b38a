package import KernelLog

/// A cgroup's path, read as the managers that make cgroups write it.
package struct CgroupPath: Sendable, Equatable {
  package let path: LogText
  /// What its components mean, the outermost first.
  package let layers: [Layer]

  /// One component of a path, and what it stands for.
  package struct Layer: Sendable, Equatable {
    package let kind: Kind
    /// What it is called: a unit without systemd's escapes, a container's or a pod's identifier.
    package let name: LogText
    /// Who makes such cgroups: `Docker`, `containerd`, …; nil where many do.
    package let maker: String?
    /// The class of service of a Kubernetes pod, where its path tells.
    package let qos: QoS?
    /// The component as it stands in the path.
    package let component: LogText
  }

  /// What a component stands for.
  package enum Kind: String, Sendable, CaseIterable {
    /// All pods of a node, or of one class of service.
    case pods
    case pod
    /// All containers of an engine.
    case engine
    case container
    /// The process that minds a container.
    case monitor
    case machine = "virtual-machine"
    case user, session, app, service, scope, slice
    /// A job of a batch system.
    case job
    case other
  }

  /// The class of service that Kubernetes gives a pod by its requests and limits.
  package enum QoS: String, Sendable, CaseIterable {
    case guaranteed, burstable
    case bestEffort = "besteffort"
  }

  package init(_ path: LogText) {
    self.path = path
    var layers: [Layer] = []
    for component in path.bytes.split(separator: UInt8(ascii: "/")).flatMap(Self.parts) {
      layers.append(CgroupForm.layer(component, below: layers))
    }
    self.layers = layers
  }

  /// runc writes `SLICE:PREFIX:NAME` for what systemd calls `SLICE/PREFIX-NAME.scope`, where the
  /// engine and the runtime do not agree on who makes cgroups.
  private static func parts(_ component: [UInt8].SubSequence) -> [[UInt8]] {
    let parts = component.split(separator: .colon, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].ends(with: ".slice"), !parts[1].isEmpty, !parts[2].isEmpty
    else { return [Array(component)] }
    return [Array(parts[0]), Array(parts[1]) + [UInt8(ascii: "-")] + parts[2] + ".scope".utf8]
  }

  /// The innermost component of a kind.
  package func last(_ kind: Kind) -> Layer? { layers.last { $0.kind == kind } }

  /// Whether Kubernetes made it.
  package var isKubernetes: Bool { layers.contains { $0.kind == .pods || $0.kind == .pod } }

  /// The class of service of its pod.
  package var qos: QoS? {
    guard let pod = last(.pod) else { return layers.last { $0.qos != nil }?.qos }
    return pod.qos ?? layers.last { $0.qos != nil }?.qos ?? .guaranteed
  }

  /// Whether its words say no more than its last component does: a unit of systemd, or nothing.
  package var isPlain: Bool {
    layers.allSatisfy { [.service, .scope, .slice, .other].contains($0.kind) }
  }

  /// What the path says in words; nil where it says nothing that the path itself does not.
  package var words: Sentence? {
    var told: [Sentence] = []
    for layer in layers.reversed() {
      guard let words = words(of: layer), !told.contains(words) else { continue }
      told.append(words)
    }
    return told.isEmpty ? nil : .list(told, separator: ", in ")
  }

  private func words(of layer: Layer) -> Sentence? {
    let maker: Sentence = layer.maker.map { " of \(Sentence([.text($0)]))" } ?? ""
    switch layer.kind {
    case .pod:
      guard isKubernetes, layer.maker == nil else { return "pod \(layer.name)\(maker)" }
      let qos: Sentence = qos.map { " (\(Sentence([.text($0.rawValue)])))" } ?? ""
      return "Kubernetes pod \(layer.name)\(qos)"
    case .container: return "container \(Self.short(layer.name))\(maker)"
    case .monitor: return "the minder of container \(Self.short(layer.name))\(maker)"
    case .machine: return "virtual machine \(layer.name)\(maker)"
    case .user: return "user \(layer.name)"
    case .session: return "login session \(layer.name)"
    case .app: return "application \(layer.name)"
    case .service: return "service \(layer.name)"
    case .scope: return "scope \(layer.name)"
    case .job: return "job \(layer.name)\(maker)"
    case .slice: return layers.count == 1 ? "slice \(layer.name)" : nil
    case .pods, .engine, .other: return nil
    }
  }

  /// The beginning of a container's identifier, as engines print it.
  private static func short(_ name: LogText) -> LogText {
    let isHex = name.bytes.count > 12 && name.bytes.allSatisfy { $0.hexValue != nil }
    return isHex ? LogText(Array(name.bytes.prefix(12))) : name
  }

  /// How many levels a cgroup lies above another: 0 for the same, nil where it does not lie above.
  package func depth(above other: CgroupPath) -> Int? {
    let own = path.bytes.split(separator: UInt8(ascii: "/"))
    let below = other.path.bytes.split(separator: UInt8(ascii: "/"))
    return below.starts(with: own) { $0.elementsEqual($1) } ? below.count - own.count : nil
  }
}

extension Collection<UInt8> where Self: BidirectionalCollection {
  func ends(with suffix: String) -> Bool {
    count >= suffix.utf8.count && self.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
  }
}
