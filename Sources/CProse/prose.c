#include "CProse.h"
