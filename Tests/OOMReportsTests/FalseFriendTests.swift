import KernelLog
import TestSupport
import Testing

/// Lines that look like reports and are none.
@Suite struct FalseFriendTests {
  @Test(arguments: [
    "[   10.000000] OOM killer disabled.", "[   11.000000] OOM killer enabled.",
    "[   10.000000] x: page allocation failure: order:9, mode:0x40cc0(GFP_KERNEL|__GFP_COMP)",
    "[   10.000000] sysrq: OOM request ignored. No task eligible",
    "[   10.000000] sysrq: OOM request ignored because killer is disabled",
    "[   10.000000] Would have killed process 9 (java). But continuing instead.",
    "[   10.000000] oom_reaper: unable to reap pid:77 (java)",
    "[   10.000000] oom_kill_process: 12 callbacks suppressed",
    "Nov 22 23:21:05 host java[77]: java.lang.OutOfMemoryError: Java heap space",
    "Nov 22 23:21:05 host app[77]: CUDA out of memory. Tried to allocate 2.00 GiB",
    "Nov 22 23:21:05 host systemd[1]: a.service: Failed with result 'oom-kill'.",
    "Nov 22 23:21:05 host systemd[1]: a.service: A process of this unit has been killed by the OOM "
      + "killer.",
    "Nov 22 23:21:05 host app[7]: Out of memory: Killed process 9 (x) total-vm:1kB, anon-rss:1kB",
    "Nov 22 23:21:05 host app[7]: x invoked oom-killer: gfp_mask=0xcc0, order=0, oom_score_adj=0",
    "See 'Out of memory: Killed process 9 (x)' in the manual.",
    "> The line reads: Out of memory: Kill process 9 (x) score 1 or sacrifice child",
    "The oom-kill:constraint=CONSTRAINT_NONE part names the reason.",
    "grep -i 'killed process' /var/log/kern.log", "Killed process group 12 of the build",
    "containerd: TaskOOM event container_id=1 oom-kill", "memory: usage is high, limit soon",
    "[   10.000000] Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000009",
    "[   10.000000] Kernel panic - not syncing: VFS: Unable to mount root fs",
  ])
  func noEvent(_ line: String) {
    #expect(Scan.events(in: Array("\(line)\n\(line)\n".utf8)).isEmpty)
  }
}
