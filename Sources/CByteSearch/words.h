// The words that the search looks for, one row each:
//
//   WORD(category, bucket, text, pivot)
//
// `pivot` is where in the text three bytes stand that are rare in logs: they alone are looked for,
// and only where they stand is the text compared. A bucket is one bit of the search's eight. Words
// may share a bucket, at the price that it also stops at some mixtures of their pivots' half bytes;
// two pivots that differ in one half byte only, or never occur mixed, cost nothing. No word may be longer than 32 bytes, hold a newline, or contain another's pivot before
// its own.
#define OOMSH_WORDS(WORD)                                                                          \
  /* "invoked oom-killer: ", "oom-kill:constraint=", "oom_kill_process" has none */                \
  WORD(OOMSH_CATEGORY_REPORT, 0, "oom-kill", 3)                                                    \
  /* "Out of memory: Kill(ed) process", "Memory cgroup out of memory: …", "Killed process" */      \
  WORD(OOMSH_CATEGORY_REPORT, 1, "Kill", 0)                                                        \
  WORD(OOMSH_CATEGORY_REPORT, 1, "Kernel panic - not syncing: ", 0)                                \
  /* "Out of memory: kill process", as 2.6.20 to 2.6.35 write it; "ll " is in every text */          \
  WORD(OOMSH_CATEGORY_REPORT, 5, "kill process ", 0)                                               \
  /* "Out of memory in UB 101: OOM killed process" */                                              \
  WORD(OOMSH_CATEGORY_REPORT, 4, "OOM killed process ", 0)                                         \
  /* "om-kill" and "Killed p" in journalctl's JSON, which writes a message that is no text in numbers */ \
  WORD(OOMSH_CATEGORY_REPORT, 0, "111,109,45,107,105,108,108", 8)                                  \
  WORD(OOMSH_CATEGORY_REPORT, 1, "75,105,108,108,101,100,32,112", 0)                               \
  /* earlyoom and nohang name the signal that they send */                                         \
  WORD(OOMSH_CATEGORY_OTHER_KILLER, 2, "SIGKILL", 2)                                               \
  WORD(OOMSH_CATEGORY_OTHER_KILLER, 2, "SIGTERM", 2)                                               \
  WORD(OOMSH_CATEGORY_OTHER_KILLER, 2, "lowmemorykiller", 8)                                       \
  /* systemd: "Main process exited, code=killed, status=9/KILL" */                                  \
  WORD(OOMSH_CATEGORY_OTHER_KILLER, 2, "=9/KILL", 1)                                               \
  /* systemd: "A process of this unit has been killed by the OOM killer." */                       \
  WORD(OOMSH_CATEGORY_OTHER_KILLER, 4, "by the OOM killer", 7)                                     \
  /* "systemd-oomd killed 3 process(es) in this unit." */                                          \
  WORD(OOMSH_CATEGORY_OTHER_KILLER, 3, "oomd kill", 1)                                             \
  WORD(OOMSH_CATEGORY_OTHER_KILLER, 4, "page allocation failure", 0)                               \
  WORD(OOMSH_CATEGORY_OTHER_KILLER, 4, "page allocation stalls", 0)                                \
  /* journalctl's text in place of a message that is not printable */                              \
  WORD(OOMSH_CATEGORY_OTHER_KILLER, 3, "B blob data]", 9)                                          \
  WORD(OOMSH_CATEGORY_CLOCK, 5, "setting system clock to", 18)                                     \
  WORD(OOMSH_CATEGORY_CLOCK, 6, "virtual machine fork", 3)                                         \
  WORD(OOMSH_CATEGORY_CLOCK, 6, "clocksource:", 4)                                                 \
  /* "nux" is in every browser's name, "x v" is not */                                             \
  WORD(OOMSH_CATEGORY_CLOCK, 7, "Linux version ", 4)                                               \
  WORD(OOMSH_CATEGORY_CLOCK, 7, "PM: suspend exit", 0)                                             \
  WORD(OOMSH_CATEGORY_CLOCK, 7, "PM: resume", 0)                                                   \
  /* searched for inside reports only, so the buckets are those of others */                       \
  WORD(OOMSH_CATEGORY_DETAIL, 2, "Task in ", 2)                                                    \
  WORD(OOMSH_CATEGORY_DETAIL, 2, "Tasks in ", 2)                                                   \
  WORD(OOMSH_CATEGORY_DETAIL, 3, "Memory limit reached of cgroup ", 5)                             \
  WORD(OOMSH_CATEGORY_DETAIL, 3, "Memory cgroup stats for ", 5)                                    \
  WORD(OOMSH_CATEGORY_DETAIL, 4, ": usage ", 0)                                                    \
  WORD(OOMSH_CATEGORY_DETAIL, 4, "no killable processes", 1)                                       \
  WORD(OOMSH_CATEGORY_DETAIL, 4, "Manual OOM execution", 7)                                         \
  WORD(OOMSH_CATEGORY_DETAIL, 4, "moom_callback", 3)
