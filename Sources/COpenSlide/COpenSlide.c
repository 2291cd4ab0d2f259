#define _GNU_SOURCE
#include "COpenSlide.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static const struct {
  const char *name;
  size_t offset;
} functions[] = {
#define FUNCTION(NAME) {"openslide_" #NAME, offsetof(copenslide_functions, NAME)}
    FUNCTION(get_version),
    FUNCTION(detect_vendor),
    FUNCTION(open),
    FUNCTION(close),
    FUNCTION(get_error),
    FUNCTION(get_level_count),
    FUNCTION(get_level_dimensions),
    FUNCTION(get_level_downsample),
    FUNCTION(get_property_value),
    FUNCTION(read_region),
    FUNCTION(get_icc_profile_size),
    FUNCTION(read_icc_profile),
#undef FUNCTION
};

// libvips may have brought OpenSlide 3 into the process, for all to see. The library has to find its own functions
// first, or it calls those of the other by their common names. Sanitizers refuse this flag.
#if defined(RTLD_DEEPBIND) && !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
#define OWN_NAMES_FIRST RTLD_DEEPBIND
#else
#define OWN_NAMES_FIRST 0
#endif

// Version 4.0.0 knows no CZI, swaps the pixel sizes of DICOM, and gives some of its JPEG and JPEG 2000 wrong colors.
static bool is_recent(const char *version) {
  int number[3] = {0, 0, 0};
  sscanf(version, "%d.%d.%d", &number[0], &number[1], &number[2]);
  return number[0] > 4 || (number[0] == 4 && (number[1] > 0 || number[2] > 0));
}

const copenslide_functions *copenslide_load(const char *path, char *error, size_t capacity) {
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL | OWN_NAMES_FIRST);
  if (!library) {
    const char *reason = dlerror();
    snprintf(error, capacity, "%s", reason ? reason : "the loader gave no reason");
    return NULL;
  }
  copenslide_functions *found = calloc(1, sizeof *found);
  const char *absent = found ? NULL : "memory";
  const char *version = NULL;
  for (size_t i = 0; found && !absent && i < sizeof functions / sizeof *functions; i++) {
    void *function = dlsym(library, functions[i].name);
    if (!function) absent = functions[i].name;
    *(void **)((char *)found + functions[i].offset) = function;
    // The first of all: an older library lacks others.
    if (i == 0 && function) version = found->get_version();
  }
  if (version && !is_recent(version)) {
    snprintf(error, capacity, "OpenSlide of this machine is %s", version);
  } else if (absent) {
    snprintf(error, capacity, "%s: no %s", path, absent);
  } else {
    return found;
  }
  free(found);
  dlclose(library);
  return NULL;
}
