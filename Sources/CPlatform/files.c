#define _GNU_SOURCE

#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int platform_pipe(int ends[2]) {
  if (pipe2(ends, O_CLOEXEC) != 0) return errno;
  // Two processes then change places less often. A refusal does no harm.
  (void)fcntl(ends[0], F_SETPIPE_SZ, 1 << 20);
  return 0;
}

int platform_unnamed_file(void) { return O_TMPFILE; }
