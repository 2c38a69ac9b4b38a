#include "CPlatform.h"

#include <errno.h>
#include <sys/klog.h>

int platform_kernel_log(int action, char *buffer, int length) {
  int result = klogctl(action, buffer, length);
  return result < 0 ? -errno : result;
}
