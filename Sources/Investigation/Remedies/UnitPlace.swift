internal import KernelLog

/// A unit of systemd that a cgroup's path names, and where settings for it go.
struct UnitPlace {
  /// As systemd calls it, escapes included.
  let name: String
  /// The user whose own manager runs it; nil for the system's.
  private let uid: String?
  private let section: String

  /// The unit whose cgroup this is; nil where the path ends in no unit of this machine's systemd.
  init?(of path: LogText) {
    self.init(CgroupPath(path).layers[...])
  }

  /// The innermost service on the path.
  init?(serviceOn path: LogText) {
    let layers = CgroupPath(path).layers
    guard let end = layers.lastIndex(where: { $0.component.bytes.ends(with: ".service") }) else {
      return nil
    }
    self.init(layers[...end])
  }

  private init?(_ layers: ArraySlice<CgroupPath.Layer>) {
    // A unit inside a container is another systemd's, and Kubernetes keeps its slices itself.
    let foreign: [CgroupPath.Kind] = [.container, .engine, .monitor, .pod, .pods, .machine, .job]
    guard let last = layers.last, !layers.contains(where: { foreign.contains($0.kind) }),
      let name = PlainName(last.component)?.text,
      let section = Self.sections.first(where: { name.hasSuffix($0.suffix) })?.section,
      name != "init.scope"
    else { return nil }
    self.name = name
    self.section = section
    let manager = layers.dropLast().last { $0.component.bytes.starts(with: "user@".utf8) }
    uid = manager.flatMap { PlainName($0.name)?.text }
  }

  private static let sections = [
    (suffix: ".service", section: "Service"), (suffix: ".slice", section: "Slice"),
    (suffix: ".scope", section: "Scope"), (suffix: ".socket", section: "Socket"),
    (suffix: ".mount", section: "Mount"), (suffix: ".swap", section: "Swap"),
  ]

  /// A scope, or what systemd-run made: no file on disk outlives it.
  private var isTransient: Bool { section == "Scope" || name.hasPrefix("run-") }

  var isService: Bool { section == "Service" }

  /// A text that gives the unit these settings (`MemoryMax=640M`).
  func snippet(_ settings: [String], _ computedFrom: [Sentence]) -> Snippet {
    guard !isTransient else {
      let manager = uid == nil ? "" : "--user "
      return Snippet(
        .transientUnit,
        .byHand(
          "\(PlainName.fileName(LogText(name))).txt",
          """
          a shell, while \(Sentence([.text(name)])) runs: it is gone with its processes, so the lasting \
          limit belongs to what starts it, or to the slice above
          """),
        [
          "systemctl \(manager)set-property --runtime \\", "  '\(name)' \\",
          "  " + settings.joined(separator: " "),
        ],
        computedFrom)
    }
    return Snippet(.systemd, dropIn, ["[\(section)]"] + settings, computedFrom)
  }

  private var dropIn: Snippet.Place {
    let file = "systemd/user/\(name).d/60-oomsh.conf"
    guard let uid else { return .file("/etc/systemd/system/\(name).d/60-oomsh.conf") }
    return Snippet.Place(
      shown: "\(Sentence([.text("~/.config/\(file)")])) of user \(Sentence([.text(uid)]))",
      path: "home/\(uid)/.config/\(file)")
  }
}
