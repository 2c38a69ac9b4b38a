internal import KernelLog

/// One way in which a component of a cgroup's path is written, and what it stands for.
struct CgroupForm: Sendable {
  private let prefix: String
  private let suffix: String
  private let middle: Middle
  /// The kind of the component above; nil where any will do.
  private let parent: CgroupPath.Kind?
  private let kind: CgroupPath.Kind
  private let maker: String?
  private let qos: CgroupPath.QoS?

  /// What stands between prefix and suffix.
  enum Middle: Sendable {
    /// Nothing: the component is just this.
    case none
    case some, digits
    /// An identifier that may be written with `_` for `-`, which separates slices.
    case uid
  }

  init(
    _ prefix: String, _ middle: Middle, _ suffix: String, below parent: CgroupPath.Kind? = nil,
    _ kind: CgroupPath.Kind, _ maker: String? = nil, qos: CgroupPath.QoS? = nil
  ) {
    self.prefix = prefix
    self.suffix = suffix
    self.middle = middle
    self.parent = parent
    self.kind = kind
    self.maker = maker
    self.qos = qos
  }

  init(
    _ prefix: String, _ middle: Middle, below parent: CgroupPath.Kind? = nil,
    _ kind: CgroupPath.Kind, _ maker: String? = nil, qos: CgroupPath.QoS? = nil
  ) {
    self.init(prefix, middle, "", below: parent, kind, maker, qos: qos)
  }

  /// What a component stands for, given those above it.
  static func layer(_ component: [UInt8], below layers: [CgroupPath.Layer]) -> CgroupPath.Layer {
    let above = layers.last
    let text = unescaped(component[...])
    for form in CgroupForms.all {
      guard let name = form.name(in: text, below: above) else { continue }
      let isNamed = !name.isEmpty && form.kind != .service && form.kind != .slice
      return CgroupPath.Layer(
        kind: form.kind, name: LogText(isNamed ? name : text),
        maker: form.maker ?? (form.parent == .engine ? above?.maker : nil), qos: form.qos,
        component: LogText(component))
    }
    return CgroupPath.Layer(
      kind: .other, name: LogText(component), maker: nil, qos: nil, component: LogText(component))
  }

  /// What stands between the fixed parts; nil where the component is of another form.
  private func name(in component: [UInt8], below above: CgroupPath.Layer?) -> [UInt8]? {
    let length = component.count - prefix.utf8.count - suffix.utf8.count
    guard parent == nil || parent == above?.kind, length >= 0,
      component.starts(with: prefix.utf8), component.ends(with: suffix)
    else { return nil }
    let inner = component[prefix.utf8.count..<component.count - suffix.utf8.count]
    switch middle {
    case .none: return inner.isEmpty ? [] : nil
    case .some: return inner.isEmpty ? nil : Array(inner)
    case .digits: return inner.isEmpty || !inner.allSatisfy(\.isDigit) ? nil : Array(inner)
    case .uid:
      return inner.isEmpty ? nil : inner.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: "-") : $0 }
    }
  }

  /// The text without systemd's escapes, `\xNN`.
  static func unescaped(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var position = text.startIndex
    while position < text.endIndex {
      let rest = text[position...]
      if rest.count >= 4, rest.starts(with: #"\x"#.utf8), let high = text[position + 2].hexValue,
        let low = text[position + 3].hexValue, high << 4 | low != 0
      {
        result.append(high << 4 | low)
        position += 4
      } else {
        result.append(text[position])
        position += 1
      }
    }
    return result
  }
}
