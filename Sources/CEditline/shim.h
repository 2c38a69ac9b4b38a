#ifndef OOMSH_CEDITLINE_SHIM_H
#define OOMSH_CEDITLINE_SHIM_H
#include <histedit.h>
#endif
