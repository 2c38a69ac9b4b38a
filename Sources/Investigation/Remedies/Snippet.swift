/// A text for one place of the machine that the events come from, and what its figures were
/// computed from. oomsh shows it and writes it into a directory; it never applies it.
///
/// There is a snippet only where the evidence carries its figure. Where a part of the figure is in no
/// report, its name stands in the text, which the kernel then refuses; where the log does not name the
/// place, the place says in words what to look for. So nothing can be applied by accident.
package struct Snippet: Sendable, Equatable {
  package let kind: Kind
  package let place: Place
  /// Lines without a newline at the end. Of a log's names it holds only what `PlainName` lets pass.
  package let text: String
  /// A sentence for each figure.
  package let computedFrom: [Sentence]

  /// What reads the text.
  package enum Kind: String, Sendable, CaseIterable {
    case sysctl, systemd
    /// A unit that lives only as long as what made it.
    case transientUnit = "transient-unit"
    /// A container's `resources:`.
    case kubernetes
    /// The configuration of a node's kubelet.
    case kubelet
    /// A container of Docker or Podman.
    case container
    case kernelCommandLine = "kernel-command-line"
    case earlyoom, zram, journald
    /// The settings of the program itself.
    case application

    /// Whether it is a line for a shell, not for a file.
    package var isCommand: Bool { self == .transientUnit || self == .container }

    /// The entry of book advice that says how to apply it, and how to undo that.
    package var applyID: String { "apply.\(rawValue)" }
  }

  /// Where a text belongs.
  package struct Place: Sendable, Equatable {
    package let shown: Sentence
    /// Where `recommend --write` puts it, below its directory.
    package let path: String

    /// A file of the machine, by its absolute path.
    static func file(_ path: String) -> Place {
      Place(shown: Sentence([.text(path)]), path: String(path.drop { $0 == "/" }))
    }

    /// A place that has to be looked for.
    static func byHand(_ file: String, _ shown: Sentence) -> Place {
      Place(shown: shown, path: "by-hand/\(file)")
    }

    static let sysctl = Place.file("/etc/sysctl.d/60-oomsh.conf")
    /// Where most installers put it.
    static let kubelet = Place.byHand(
      "kubelet.yaml", "the node's KubeletConfiguration (/var/lib/kubelet/config.yaml)")
  }

  init(_ kind: Kind, _ place: Place, _ lines: [String], _ computedFrom: [Sentence]) {
    self.kind = kind
    self.place = place
    text = lines.joined(separator: "\n")
    self.computedFrom = computedFrom
  }

  /// A setting of /etc/sysctl.d.
  static func sysctl(_ name: String, _ value: Int64, _ computedFrom: Sentence) -> Snippet {
    Snippet(.sysctl, .sysctl, ["\(name) = \(value)"], [computedFrom])
  }

  /// What the text sets, by name: `vm.swappiness`, `MemoryMax`.
  package var settings: [String] {
    text.split(separator: "\n").compactMap { line in
      guard let first = line.first, first.isLetter,
        let end = line.firstIndex(where: { $0 == "=" || $0 == ":" })
      else { return nil }
      return String(line[..<end].filter { $0 != " " })
    }
  }
}
