#ifndef OOMSH_CBYTESEARCH_H
#define OOMSH_CBYTESEARCH_H
#include <stddef.h>
#endif
