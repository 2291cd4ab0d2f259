#pragma once
#include <stddef.h>
#include <stdint.h>

// The part of OpenSlide 4's API that Tessera calls, as a table of functions found at run time: neither its headers nor its
// libraries are needed to build.

#pragma clang assume_nonnull begin

typedef struct openslide openslide_slide;

/// Functions under OpenSlide's names without `openslide_`.
typedef struct {
  const char *_Nullable (*_Nonnull get_version)(void);
  const char *_Nullable (*_Nonnull detect_vendor)(const char *);
  openslide_slide *_Nullable (*_Nonnull open)(const char *);
  void (*close)(openslide_slide *);
  const char *_Nullable (*_Nonnull get_error)(openslide_slide *);
  int32_t (*get_level_count)(openslide_slide *);
  void (*get_level_dimensions)(openslide_slide *, int32_t, int64_t *, int64_t *);
  double (*get_level_downsample)(openslide_slide *, int32_t);
  const char *_Nullable (*_Nonnull get_property_value)(openslide_slide *, const char *);
  void (*read_region)(openslide_slide *, uint32_t *, int64_t, int64_t, int32_t, int64_t, int64_t);
  int64_t (*get_icc_profile_size)(openslide_slide *);
  void (*read_icc_profile)(openslide_slide *, void *);
} copenslide_functions;

/// Loads the library at `path`, of version 4.0.1 or later, for the rest of the process; null, and the reason in `error`,
/// where that fails.
const copenslide_functions *_Nullable copenslide_load(const char *path, char *error, size_t capacity);

#pragma clang assume_nonnull end
