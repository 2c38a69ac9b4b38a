#define _GNU_SOURCE

#include "CPseudoTerminal.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

/// The child's side: only what is safe between fork and exec.
static void become(
    const char *terminal, const char *path, char *const arguments[], char *const environment[],
    struct pseudo_terminal_options options) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  for (int signal = 1; signal < NSIG; signal++) {
    struct sigaction standard = {.sa_handler = SIG_DFL};
    sigaction(signal, &standard, NULL);
  }
  setsid();
  int side = open(terminal, O_RDWR);
  if (side < 0 || ioctl(side, TIOCSCTTY, 0) != 0) _exit(126);
  struct winsize size = {.ws_row = options.rows, .ws_col = options.columns};
  ioctl(side, TIOCSWINSZ, &size);
  dup2(side, 0);
  dup2(side, 1);
  dup2(side, 2);
  if (side > 2) close(side);
  if (options.stdout_path) {
    int file = open(options.stdout_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    dup2(file, 1);
    close(file);
  }
  if (options.closes_stdin) close(0);
  execve(path, arguments, environment);
  _exit(127);
}

pid_t pseudo_terminal_start(
    const char *path, char *const arguments[], char *const environment[],
    struct pseudo_terminal_options options, int *controller) {
  int ours = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  char terminal[64];
  if (ours < 0) return -errno;
  if (grantpt(ours) != 0 || unlockpt(ours) != 0 ||
      ptsname_r(ours, terminal, sizeof terminal) != 0) {
    int failure = errno;
    close(ours);
    return -failure;
  }
  pid_t child = fork();
  if (child == 0) become(terminal, path, arguments, environment, options);
  if (child < 0) {
    int failure = errno;
    close(ours);
    return -failure;
  }
  *controller = ours;
  return child;
}

int pseudo_terminal_resize(int controller, unsigned short columns, unsigned short rows) {
  struct winsize size = {.ws_row = rows, .ws_col = columns};
  return ioctl(controller, TIOCSWINSZ, &size);
}

const char *pseudo_terminal_own_path(void) {
  Dl_info object;
  return dladdr((void *)pseudo_terminal_own_path, &object) ? object.dli_fname : NULL;
}
