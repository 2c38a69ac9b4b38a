import KernelLog
import OOMReports
import Testing

@testable import Investigation

@Suite struct CgroupPathTests {
  private static let id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  private static let uid = "6c3a5d9e-7f10-4b1c-9f55-8a1f1b3c7a10"
  private static let slice = "6c3a5d9e_7f10_4b1c_9f55_8a1f1b3c7a10"

  struct Case: Sendable, CustomTestStringConvertible {
    let path: String
    let words: String?
    var testDescription: String { path }
  }

  static let cases: [Case] = [
    ("/", nil), ("/system.slice", "slice system.slice"), ("/pinned", nil),
    ("/system.slice/nginx.service", "service nginx.service"),
    (
      #"/system.slice/system-postgresql.slice/postgresql@15-main\x2dold.service"#,
      "service postgresql@15-main-old.service"
    ),
    ("/user.slice/user-1000.slice/session-3.scope", "login session 3, in user 1000"),
    (
      "/user.slice/user-1000.slice/user@1000.service/app.slice/app-gnome-firefox-4242.scope",
      "application gnome-firefox-4242, in user 1000"
    ),
    ("/docker/\(id)", "container 0123456789ab of Docker"),
    ("/system.slice/docker-\(id).scope", "container 0123456789ab of Docker"),
    ("/system.slice/docker.service", "service docker.service"),
    ("/machine.slice/libpod-\(id).scope", "container 0123456789ab of Podman"),
    ("/machine.slice/libpod-conmon-\(id).scope", "the minder of container 0123456789ab of Podman"),
    (
      "/machine.slice/machine-libpod_pod_\(id).slice/libpod-\(id).scope",
      "container 0123456789ab of Podman, in pod \(id) of Podman"
    ),
    ("/lxc/web/system.slice/cron.service", "service cron.service, in container web of LXC"),
    ("/lxc.payload.web/init.scope", "container web of LXC"),
    (#"/machine.slice/machine-qemu\x2d3\x2ddb.scope"#, "virtual machine 3-db of libvirt"),
    ("/qemu.slice/101.scope", "virtual machine 101 of QEMU"),
    ("/slurm/uid_1000/job_77/step_0/task_0", "job 77 of Slurm, in user 1000"),
    // cgroupfs driver.
    (
      "/kubepods/burstable/pod\(uid)/\(id)",
      "container 0123456789ab, in Kubernetes pod \(uid) (burstable)"
    ),
    ("/kubepods/pod\(uid)/\(id)", "container 0123456789ab, in Kubernetes pod \(uid) (guaranteed)"),
    ("/kubepods/besteffort/pod\(uid)", "Kubernetes pod \(uid) (besteffort)"),
    // systemd driver.
    (
      "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod\(slice).slice/"
        + "cri-containerd-\(id).scope",
      "container 0123456789ab of containerd, in Kubernetes pod \(uid) (burstable)"
    ),
    (
      "/kubepods.slice/kubepods-pod\(slice).slice/crio-\(id).scope",
      "container 0123456789ab of CRI-O, in Kubernetes pod \(uid) (guaranteed)"
    ),
    (
      "/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod\(slice).slice/"
        + "docker-\(id).scope",
      "container 0123456789ab of Docker, in Kubernetes pod \(uid) (besteffort)"
    ),
    // runc's own form, where engine and kubelet do not agree on the driver.
    (
      "/system.slice/kubepods-burstable-pod\(slice).slice:cri-containerd:\(id)",
      "container 0123456789ab of containerd, in Kubernetes pod \(uid) (burstable)"
    ),
    // kind puts its node's kubelet below a slice of its own.
    (
      "/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod\(slice).slice/"
        + "cri-containerd-\(id).scope",
      "container 0123456789ab of containerd, in Kubernetes pod \(uid) (guaranteed)"
    ),
  ].map { Case(path: $0.0, words: $0.1) }

  @Test(arguments: cases)
  func saysWhoRunsIt(_ path: Case) {
    #expect(CgroupPath(LogText(path.path)).words?.text { "\($0.count)" } == path.words)
  }

  @Test func hostileNamesAreShownEscaped() {
    let path = CgroupPath(LogText("/system.slice/a\u{1b}[31m\\x0ab.service"))
    let words = path.words?.text { "\($0.count)" } ?? ""
    #expect(words.contains("a\\x1b[31m\\x0ab.service"))
    #expect(words.unicodeScalars.allSatisfy { $0.value >= 0x20 })
  }

  @Test(
    arguments: [
      ("/a", "/a", 0), ("/a", "/a/b/c", 2), ("/", "/a", 1), ("/a/b", "/a", nil),
      ("/a", "/ab", nil),
    ] as [(String, String, Int?)])
  func levels(_ limit: String, _ task: String, _ depth: Int?) {
    #expect(CgroupPath(LogText(limit)).depth(above: CgroupPath(LogText(task))) == depth)
  }
}

@Suite struct KubeletAdjTests {
  private let pod = CgroupPath(LogText("/kubepods/burstable/pod1/0123456789ab"))

  /// The kubelet's own formula, for requests of a node with 16 GiB.
  @Test(arguments: stride(from: Int64(1), through: 15, by: 1).map { $0 << 30 })
  func theRequestLiesInTheInterval(_ request: Int64) throws {
    let ram: Int64 = 16 << 30
    let adj = 1000 - 1000 * request / ram
    let found = try #require(KubeletAdj(adj, in: pod)?.request(ofNode: Bytes(ram)))
    #expect(found.contains(Bytes(request)))
    #expect(found.upperBound.count - found.lowerBound.count <= ram / 1000 + 1)
  }

  @Test(
    arguments: [
      (-997, .guaranteed, false), (1000, .bestEffort, false), (999, .burstable, true),
      (3, .burstable, true), (500, .burstable, true), (0, .burstable, false),
      (-500, .burstable, false),
    ] as [(Int64, CgroupPath.QoS?, Bool)])
  func classes(_ adj: Int64, _ qos: CgroupPath.QoS?, _ tellsRequest: Bool) throws {
    let found = try #require(KubeletAdj(adj, in: pod))
    #expect(found.qos == qos && (found.request != nil) == tellsRequest)
  }

  @Test func onlyTheKubeletsPathsTell() {
    #expect(KubeletAdj(500, in: CgroupPath(LogText("/docker/0123456789ab"))) == nil)
    #expect(KubeletAdj(500, in: CgroupPath(LogText("/kubepods/burstable"))) == nil)
  }

  @Test func aValueMayContradictThePath() throws {
    #expect(try #require(KubeletAdj(1000, in: pod)).contradicts(pod))
    #expect(try !#require(KubeletAdj(999, in: pod)).contradicts(pod))
    #expect(try !#require(KubeletAdj(-997, in: pod)).contradicts(pod))
  }
}
