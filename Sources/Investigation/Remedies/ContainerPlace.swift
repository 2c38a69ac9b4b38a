internal import KernelLog
internal import OOMReports

/// A container or a pod whose cgroup a path names. Logs hold identifiers only: names and the files
/// that made it are known to its manager.
struct ContainerPlace {
  private let path: CgroupPath
  private let layer: CgroupPath.Layer
  private let identifier: String

  /// Nil for a path that ends in neither, or whose identifier no manager would give.
  init?(of path: LogText) {
    let reading = CgroupPath(path)
    guard let layer = reading.layers.last, layer.kind == .container || layer.kind == .pod,
      let identifier = PlainName(layer.name)?.text, identifier.allSatisfy(Self.isOfIdentifier)
    else { return nil }
    self.path = reading
    self.layer = layer
    self.identifier = identifier
  }

  private static func isOfIdentifier(_ character: Character) -> Bool {
    character == "-" || character.isASCII && (character.isLetter || character.isNumber)
  }

  /// A text that gives it this limit; nil for a manager whose language this is not.
  func snippet(_ raise: LimitRaise) -> Snippet? {
    if path.isKubernetes { return resources(raise) }
    switch layer.maker {
    case "Docker": return update("docker", raise)
    case "Podman" where layer.kind == .container: return update("podman", raise)
    default: return nil
    }
  }

  /// A pod's limit is the sum of its containers' limits.
  private func resources(_ raise: LimitRaise) -> Snippet {
    let isGuaranteed = path.qos == .guaranteed
    let request = isGuaranteed ? raise.limit : raise.peak.roundedUpToMebibyte
    let pod = path.last(.pod).map { "\($0.name)" as Sentence } ?? "that the path does not name"
    let shown: Sentence =
      layer.kind == .pod
      ? """
      the manifest of the pod with uid \(pod): in its container, if it has one; else spread the \
      \(Bytes(raise.limit.count - raise.peak.count)) more over its containers, whose limits make up \
      the pod's. The log holds no names
      """
      : """
      the manifest of the pod with uid \(pod): in the container with id \
      \(Sentence([.text(short)])). The log holds no names
      """
    return Snippet(
      .kubernetes,
      Snippet.Place(
        shown: shown,
        path: "kubernetes/\(layer.kind == .pod ? "pod" : "container")-\(short).yaml"),
      [
        "resources:", "  requests:", "    memory: \"\(request.mebibytes)Mi\"", "  limits:",
        "    memory: \"\(raise.limit.mebibytes)Mi\"",
      ],
      raise.computedFrom + [
        isGuaranteed
          ? "the request equals the limit, which keeps the pod in its class (guaranteed)"
          : "the request is the highest usage seen, which the scheduler has to find room for"
      ])
  }

  private func update(_ engine: String, _ raise: LimitRaise) -> Snippet {
    let swap = swapOption(raise)
    return Snippet(
      .container,
      .byHand(
        "\(engine)-\(short).txt",
        """
        a shell on the container's host; what creates the container (a compose file's mem_limit, \
        --memory of \(Sentence([.text(engine)])) run) must say the same
        """),
      ["\(engine) update --memory=\(raise.limit.mebibytes)m \\", " \(swap.option) \(short)"],
      raise.computedFrom + [swap.reason])
  }

  /// `--memory-swap` bounds memory and swap together, so that it has to grow by as much.
  private func swapOption(_ raise: LimitRaise) -> (option: String, reason: Sentence) {
    let memcg = raise.report.memcg
    let old = memcg?.memory?.value.limit?.count ?? 0
    let beyond: Int64?? =
      if let swap = memcg?.swap?.value {
        .some(swap.limit?.count)
      } else if let both = memcg?.memorySwap?.value {
        .some(both.limit.map { max(0, $0.count - old) })
      } else {
        nil
      }
    switch beyond {
    case .some(let swap?):
      let both = Bytes(raise.limit.count + swap).roundedUpToMebibyte
      return (
        " --memory-swap=\(both.mebibytes)m",
        "memory and swap together: the same \(Bytes(swap)) of swap as before on top"
      )
    case .some(nil): return (" --memory-swap=-1", "swap had no limit, and keeps none")
    case nil:
      return ("", "the report tells no limit of swap; --memory-swap may have to be raised too")
    }
  }

  /// The beginning of a long identifier, as engines print and take it; a pod's whole uid.
  private var short: String {
    layer.kind == .container && identifier.count > 12 ? String(identifier.prefix(12)) : identifier
  }
}
