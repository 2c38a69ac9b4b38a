#define _GNU_SOURCE

#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static volatile sig_atomic_t pending[PLATFORM_SIGNAL_COUNT];

// The flags are the truth; the pipe only wakes a poll that began before the flag was set.
static int wake_pipe[2] = {-1, -1};

static int kind_of(int signal) {
  switch (signal) {
  case SIGINT: return PLATFORM_INTERRUPT;
  case SIGCONT: return PLATFORM_CONTINUE;
  case SIGWINCH: return PLATFORM_RESIZE;
  default: return PLATFORM_STOP;
  }
}

static void remember(int signal) {
  int saved = errno;
  pending[kind_of(signal)] = 1;
  ssize_t written = write(wake_pipe[1], "", 1);
  (void)written;
  errno = saved;
}

static void ignore(int signal) { (void)signal; }

/// No SA_RESTART where a system call has to end: libedit would swallow ^C otherwise.
static void handle(int signal, void (*handler)(int), int flags) {
  struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, NULL);
}

static _Bool is_ignored(int signal) {
  struct sigaction action;
  return sigaction(signal, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

/// A standard stream that was closed would be the next file that is opened: our pipe would be read
/// as commands. Something takes its place on which every use fails as on a closed one.
static void occupy_standard_streams(void) {
  for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++) {
    if (fcntl(stream, F_GETFD) != -1 || errno != EBADF) continue;
    int opened = open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    (void)opened;
  }
}

int platform_signals_start(void) {
  if (wake_pipe[0] >= 0) return 0;
  occupy_standard_streams();
  if (pipe2(wake_pipe, O_CLOEXEC | O_NONBLOCK) != 0) return errno;
  // Whoever started this process with ^C ignored (nohup, a script's background job) meant it.
  if (!is_ignored(SIGINT)) handle(SIGINT, remember, 0);
  handle(SIGCONT, remember, SA_RESTART);
  handle(SIGWINCH, remember, SA_RESTART);
  // A handler and not SIG_IGN, since child processes would inherit SIG_IGN.
  handle(SIGPIPE, ignore, SA_RESTART);
  return 0;
}

int platform_signals_descriptor(void) { return wake_pipe[0]; }

void platform_signals_drain(void) {
  char bytes[64];
  while (read(wake_pipe[0], bytes, sizeof bytes) > 0) continue;
}

_Bool platform_signal_is_pending(enum platform_signal kind) { return pending[kind] != 0; }

_Bool platform_signal_take(enum platform_signal kind) {
  if (pending[kind] == 0) return 0;
  pending[kind] = 0;
  return 1;
}

void platform_catch_stop(_Bool caught) {
  if (!is_ignored(SIGTSTP)) handle(SIGTSTP, caught ? remember : SIG_DFL, SA_RESTART);
}

void platform_stop_now(void) {
  if (is_ignored(SIGTSTP)) return;
  handle(SIGTSTP, SIG_DFL, 0);
  raise(SIGTSTP);
  handle(SIGTSTP, remember, SA_RESTART);
}
