// Wrappers around libvips' variadic calls, prefix cvips_.
#ifndef CVIPS_SHIM_H
#define CVIPS_SHIM_H

#include <vips/vips.h>

#include "save.h"

#endif
