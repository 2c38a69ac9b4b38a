#ifndef OOMSH_CPLATFORM_H
#define OOMSH_CPLATFORM_H

// What must not be Swift: signal handlers, which may only do what is async-signal-safe, and the
// system calls that the Glibc module does not show.

/// Signals whose arrival is remembered until somebody takes it.
enum platform_signal {
  PLATFORM_INTERRUPT,
  PLATFORM_CONTINUE,
  PLATFORM_RESIZE,
  PLATFORM_STOP,
  PLATFORM_SIGNAL_COUNT
};

/// Catches SIGINT, SIGCONT and SIGWINCH and makes a write to a closed pipe an error instead of a
/// death. Sees to it that no standard stream is closed. Returns 0 or an errno. Later calls do nothing.
int platform_signals_start(void);

/// The descriptor that becomes readable when a signal arrives, or -1 before the start.
int platform_signals_descriptor(void);

/// Empties that descriptor. What has arrived is still to be taken.
void platform_signals_drain(void);

_Bool platform_signal_is_pending(enum platform_signal kind);

/// Whether such a signal has arrived since the last time it was taken.
_Bool platform_signal_take(enum platform_signal kind);

/// Catches SIGTSTP (^Z) like the others, or leaves it to its default again.
void platform_catch_stop(_Bool caught);

/// Stops this process as ^Z does by default, and returns once it is continued.
void platform_stop_now(void);

/// A pipe whose ends no child inherits, reading end first, of a mebibyte where the system allows so
/// much. Returns 0 or an errno.
int platform_pipe(int ends[2]);

/// O_TMPFILE, whose number is not the same on every processor.
int platform_unnamed_file(void);

/// syslog(2): the kernel's ring buffer. Returns what the call returned, or the negated errno.
int platform_kernel_log(int action, char *buffer, int length);

#endif
