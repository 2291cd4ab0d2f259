#include <turbojpeg.h>

#include "damage.h"
#include "encode.h"
