/// Every form, tried in this order: what a manager writes in full before what systemd writes of any
/// unit.
enum CgroupForms {
  static let all = kubernetes + containers + machines + jobs + people + units

  /// The kubelet with the systemd driver writes slices, with the cgroupfs driver plain names; kind
  /// puts `kubelet` before both.
  private static let kubernetes: [CgroupForm] = [
    CgroupForm("kubepods-burstable-pod", .uid, ".slice", .pod, qos: .burstable),
    CgroupForm("kubepods-besteffort-pod", .uid, ".slice", .pod, qos: .bestEffort),
    CgroupForm("kubepods-pod", .uid, ".slice", .pod, qos: .guaranteed),
    CgroupForm("kubepods-burstable.slice", .none, .pods, qos: .burstable),
    CgroupForm("kubepods-besteffort.slice", .none, .pods, qos: .bestEffort),
    CgroupForm("kubepods.slice", .none, .pods),
    CgroupForm("kubelet-kubepods-burstable-pod", .uid, ".slice", .pod, qos: .burstable),
    CgroupForm("kubelet-kubepods-besteffort-pod", .uid, ".slice", .pod, qos: .bestEffort),
    CgroupForm("kubelet-kubepods-pod", .uid, ".slice", .pod, qos: .guaranteed),
    CgroupForm("kubelet-kubepods-burstable.slice", .none, .pods, qos: .burstable),
    CgroupForm("kubelet-kubepods-besteffort.slice", .none, .pods, qos: .bestEffort),
    CgroupForm("kubelet-kubepods.slice", .none, .pods),
    CgroupForm("kubepods", .none, .pods),
    CgroupForm("burstable", .none, below: .pods, .pods, qos: .burstable),
    CgroupForm("besteffort", .none, below: .pods, .pods, qos: .bestEffort),
    CgroupForm("pod", .uid, below: .pods, .pod),
  ]

  /// Container engines, as scopes of systemd and as plain groups.
  private static let containers: [CgroupForm] = [
    CgroupForm("cri-containerd-", .some, ".scope", .container, "containerd"),
    CgroupForm("containerd-", .some, ".scope", .container, "containerd"),
    CgroupForm("nerdctl-", .some, ".scope", .container, "containerd"),
    CgroupForm("crio-conmon-", .some, ".scope", .monitor, "CRI-O"),
    CgroupForm("crio-conmon-", .some, .monitor, "CRI-O"),
    CgroupForm("crio-", .some, ".scope", .container, "CRI-O"),
    CgroupForm("crio-", .some, .container, "CRI-O"),
    CgroupForm("docker-", .some, ".scope", .container, "Docker"),
    CgroupForm("libpod-conmon-", .some, ".scope", .monitor, "Podman"),
    CgroupForm("libpod-payload-", .some, .container, "Podman"),
    CgroupForm("libpod-", .some, ".scope", .container, "Podman"),
    CgroupForm("libpod-", .some, .container, "Podman"),
    CgroupForm("machine-libpod_pod_", .some, ".slice", .pod, "Podman"),
    CgroupForm("user-libpod_pod_", .some, ".slice", .pod, "Podman"),
    CgroupForm("libpod_pod_", .some, .pod, "Podman"),
    CgroupForm("libpod_parent", .none, .engine, "Podman"),
    CgroupForm("conmon", .none, .engine, "Podman"),
    CgroupForm("docker", .none, .engine, "Docker"),
    CgroupForm("buildkit", .none, below: .engine, .engine, "BuildKit"),
    CgroupForm("buildx", .none, below: .engine, .engine, "BuildKit"),
    CgroupForm("ecs", .none, .engine, "Amazon ECS"),
    CgroupForm("ecstasks-", .some, ".slice", .pod, "Amazon ECS"),
    CgroupForm("k8s.io", .none, .engine, "containerd"),
    CgroupForm("garden", .none, .engine, "Garden"),
    CgroupForm("mesos", .none, .engine, "Mesos"),
    CgroupForm("lxc.payload.", .some, .container, "LXC"),
    CgroupForm("lxc.monitor.", .some, .monitor, "LXC"),
    CgroupForm("lxc.payload", .none, .engine, "LXC"),
    CgroupForm("lxc", .none, .engine, "LXC"),
    CgroupForm("systemd-nspawn@", .some, ".service", .container, "systemd-nspawn"),
    CgroupForm("nspawn-", .some, ".scope", .container, "systemd-nspawn"),
    CgroupForm("machine-lxc-", .some, ".scope", .container, "libvirt"),
  ]

  private static let machines: [CgroupForm] = [
    CgroupForm("machine-qemu-", .some, ".scope", .machine, "libvirt"),
    CgroupForm("machine-", .some, ".scope", .container, "systemd-machined"),
    CgroupForm("", .some, ".libvirt-qemu", .machine, "libvirt"),
    CgroupForm("qemu.slice", .none, .engine, "QEMU"),
    CgroupForm("", .digits, ".scope", below: .engine, .machine),
    // What an engine's group holds is a container, by whatever name.
    CgroupForm("", .some, below: .engine, .container),
    // The cgroupfs driver gives containers their identifier alone.
    CgroupForm("", .some, ".scope", below: .pod, .container),
    CgroupForm("", .some, below: .pod, .container),
  ]

  private static let jobs: [CgroupForm] = [
    CgroupForm("job_", .digits, .job, "Slurm"),
    CgroupForm("uid_", .digits, .user),
    CgroupForm("slurmstepd.scope", .none, .other),
    CgroupForm("step_", .some, below: .job, .other),
    CgroupForm("container_", .some, .container, "YARN"),
    CgroupForm("htcondor", .none, .other),
    CgroupForm("nomad.slice", .none, .other),
  ]

  private static let people: [CgroupForm] = [
    CgroupForm("user-", .digits, ".slice", .user),
    CgroupForm("user@", .digits, ".service", .user),
    CgroupForm("session-", .some, ".scope", .session),
    CgroupForm("app-flatpak-", .some, ".scope", .app),
    CgroupForm("app-", .some, ".scope", .app),
    CgroupForm("snap.", .some, ".scope", .app),
    CgroupForm("vte-spawn-", .some, ".scope", .app),
  ]

  /// Units of systemd.
  private static let units: [CgroupForm] = [
    CgroupForm("", .some, ".service", .service),
    CgroupForm("init.scope", .none, .other),
    CgroupForm("", .some, ".scope", .scope),
    CgroupForm("", .some, ".slice", .slice),
    CgroupForm("", .some, ".socket", .service),
    CgroupForm("", .some, ".mount", .service),
    CgroupForm("", .some, ".swap", .service),
  ]
}
