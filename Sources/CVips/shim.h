// Wrappers around libvips' variadic calls, prefix cvips_.
#ifndef CVIPS_SHIM_H
#define CVIPS_SHIM_H

#include <vips/vips.h>

static inline int cvips_start(const char *program) {
  return VIPS_INIT(program);
}

// libvips and OpenSlide report through return codes; their logging would mix with ours.
static inline void cvips_drop_log(
    const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer data) {}

static inline void cvips_silence(void) {
  g_log_set_handler("VIPS", G_LOG_LEVEL_MASK, cvips_drop_log, NULL);
  g_log_set_default_handler(cvips_drop_log, NULL);
}

// Loads with the named loader.
static inline int cvips_load(
    const char *loader, const char *path, VipsAccess access, VipsImage **out) {
  return vips_call(loader, path, out, "access", access, "fail_on", VIPS_FAIL_ON_ERROR, NULL);
}

static inline int cvips_load_page(
    const char *loader, const char *path, VipsAccess access, int page, VipsImage **out) {
  return vips_call(
      loader, path, out, "access", access, "fail_on", VIPS_FAIL_ON_ERROR, "page", page, NULL);
}

static inline int cvips_load_subifd(
    const char *loader, const char *path, VipsAccess access, int page, int subifd,
    VipsImage **out) {
  return vips_call(
      loader, path, out, "access", access, "fail_on", VIPS_FAIL_ON_ERROR, "page", page, "subifd",
      subifd, NULL);
}

// A level of a slide as RGB. What was never scanned has the background of the slide, white unless it
// names another: with "rgb" the loader would leave it black.
static inline int cvips_load_slide(
    const char *path, VipsAccess access, int level, VipsImage **out) {
  VipsImage *rgba = NULL;
  if (vips_call(
          "openslideload", path, &rgba, "access", access, "fail_on", VIPS_FAIL_ON_ERROR, "level",
          level, NULL))
    return -1;
  int failed = vips_extract_band(rgba, out, 0, "n", 3, NULL);
  g_object_unref(rgba);
  return failed;
}

static inline int cvips_autorot(VipsImage *in, VipsImage **out) {
  return vips_autorot(in, out, NULL);
}

static inline int cvips_colourspace(VipsImage *in, VipsImage **out, VipsInterpretation space) {
  return vips_colourspace(in, out, space, NULL);
}

static inline int cvips_icc_to_srgb(VipsImage *in, VipsImage **out) {
  return vips_icc_transform(in, out, "srgb", "embedded", TRUE, "depth", 8, NULL);
}

static inline int cvips_cast(VipsImage *in, VipsImage **out, VipsBandFormat format) {
  return vips_cast(in, out, format, NULL);
}

static inline int cvips_shrink(VipsImage *in, VipsImage **out, double factor) {
  return vips_shrink(in, out, factor, factor, NULL);
}

static inline int cvips_extract_area(
    VipsImage *in, VipsImage **out, int left, int top, int width, int height) {
  return vips_extract_area(in, out, left, top, width, height, NULL);
}

static inline int cvips_embed_copy(VipsImage *in, VipsImage **out, int width, int height) {
  return vips_embed(in, out, 0, 0, width, height, "extend", VIPS_EXTEND_COPY, NULL);
}

static inline void *cvips_region_address(VipsRegion *region, int x, int y) {
  return VIPS_REGION_ADDR(region, x, y);
}

static inline void cvips_unref(void *object) {
  g_object_unref(object);
}

#include "save.h"

#endif
