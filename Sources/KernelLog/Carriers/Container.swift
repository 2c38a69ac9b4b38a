/// Logs of containers as Kubernetes' runtimes write them (CRI): a container may print the kernel's
/// messages, as node agents do.
enum Container {
  static let form = PrefixForm(
    name: "CRI stream", begins: ByteSet("s"),
    samples: ["2026-10-25T14:31:23.074316789Z stdout F [   12.345678] x"],
    read: { line, prefix in
      guard prefix.expectsHost, let piece = Parts.stream(line, prefix.offset) else { return false }
      prefix.offset = piece.text
      prefix.innerStart = piece.text
      prefix.expectsHost = false
      prefix.needsKernel = true
      prefix.encoding = .dmesg
      prefix.carrier = .plain
      prefix.outerCarrier = .container
      if piece.isPart { prefix.wrapping = .containerParts }
      return true
    })
}
