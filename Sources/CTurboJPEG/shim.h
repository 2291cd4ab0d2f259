#include <turbojpeg.h>

#include "encode.h"
