#ifndef OOMSH_CPSEUDOTERMINAL_H
#define OOMSH_CPSEUDOTERMINAL_H

#include <sys/types.h>

/// What a program under a pseudo-terminal is given instead of the terminal.
struct pseudo_terminal_options {
  unsigned short columns, rows;
  /// Where its standard output goes; NULL is the terminal.
  const char *stdout_path;
  /// Starts without a standard input.
  _Bool closes_stdin;
};

/// Starts a program as leader of a session whose terminal is a new pseudo-terminal. Returns its pid
/// and the terminal's other end, or the negated errno.
pid_t pseudo_terminal_start(
    const char *path, char *const arguments[], char *const environment[],
    struct pseudo_terminal_options options, int *controller);

/// Changes the terminal's size, of which the program hears through SIGWINCH.
int pseudo_terminal_resize(int controller, unsigned short columns, unsigned short rows);

/// The path of the object that this function was linked into: the tests' bundle, beside which the
/// package's executables lie. NULL if it cannot be told.
const char *pseudo_terminal_own_path(void);

#endif
