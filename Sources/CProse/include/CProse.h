#ifndef OOMSH_CPROSE_H
#define OOMSH_CPROSE_H
#include <stddef.h>
#endif
