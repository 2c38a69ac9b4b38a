/// Lines that fill a log between reports. Some of them speak of the OOM killer, as programs do.
package enum Noise {
  /// Lines of a form that make up at least so many bytes; talkative ones hold the words that the
  /// search looks for.
  package static func log(
    _ form: LogForm, bytes count: Int, isTalkative: Bool = true, from micros: Int64 = 1
  ) -> [UInt8] {
    let talk = isTalkative ? Self.talk : ["eth0: link up", "nothing to see here"]
    var records: [KernelRecord] = []
    for index in 0..<400 {
      let text = "usb 1-\(index): new device, \(talk[index % talk.count])"
      records.append(KernelRecord(level: 6, micros: micros, text: Array(text.utf8)))
    }
    let block = form.log(records, host: "web1")
    var log: [UInt8] = []
    while log.count < count { log += block }
    return log
  }

  private static let talk = [
    "eth0: link up", "see oom-kill in the manual", "Killing all", "Kill process 1",
    "Kernel panic is far", "java invoked oom-killer", "-k Ki Ke Kernel panic - not", "",
  ]

  /// Lines that other programs, or the kernel itself, print about such things; none is an event.
  package static let falseFriends = [
    "Oct 25 14:31:23 web1 java[77]: Out of memory: Killed process 77 (java) total-vm:9kB",
    "Oct 25 14:31:23 web1 sudo: root : COMMAND=/bin/grep 'invoked oom-killer:' /var/log/kern.log",
    "Oct 25 14:31:23 web1 systemd-oomd[512]: Killed /system.slice/x due to memory pressure",
    "Oct 25 14:31:23 web1 earlyoom[9]: sending SIGKILL to process 4075 \"x\": badness 684",
    "Oct 25 14:31:23 web1 systemd[1]: x.service: A process of this unit has been killed by the OOM "
      + "killer.",
    "Oct 25 14:31:23 web1 kernel: OOM killer disabled.",
    "Oct 25 14:31:23 web1 kernel: OOM killer enabled.",
    "Oct 25 14:31:23 web1 kernel: sysrq: OOM request ignored. No task eligible",
    "Oct 25 14:31:23 web1 kernel: memory: usage is fine, oom-kill: none",
    "Oct 25 14:31:23 web1 kernel: x: page allocation failure: order:4, mode:0x40cc0(GFP_KERNEL)",
    "Oct 25 14:31:23 web1 kernel: lowmemorykiller: Killing 'com.x' (77), adj 900,",
    "Oct 25 14:31:23 web1 kernel: Kernel panic - not syncing: VFS: Unable to mount root fs",
    "Oct 25 14:31:23 web1 kernel: BUG: Out of memory: Killed process 7 (x) in a message's middle",
    "Oct 25 14:31:23 web1 kernel: Kill process 7 (x) by hand",
    "Oct 25 14:31:23 web1 kernel: a program called invoked oom-killer is not one at all: 7",
    "<30>[   12.345678] Out of memory: Killed process 7 (x) total-vm:9kB, anon-rss:8kB",
    "user  :err   : [   12.345678] Out of memory: Killed process 7 (x) total-vm:9kB",
    "30,400,12345678,-;Out of memory: Killed process 7 (x) total-vm:9kB, anon-rss:8kB",
    "he said: Out of memory: Killed process 7 (x)",
    "Killing process 7 (x)", "Killed", "oom-kill:", "oom-kill:constraint=", "invoked oom-killer",
    "CUDA out of memory. Tried to allocate 2.00 GiB", "java.lang.OutOfMemoryError: Java heap space",
  ]
}
