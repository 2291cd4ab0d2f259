// Wrappers around what libvips only offers as variadic functions or macros, for saving;
// prefix cvips_save_.
#ifndef CVIPS_SAVE_H
#define CVIPS_SAVE_H

#include <vips/vips.h>

static inline int cvips_save_can_save(const char *path) {
  const char *saver = vips_foreign_find_save(path);
  if (!saver) vips_error_clear();
  return saver != NULL;
}

static inline VipsImage *cvips_save_stream(
    int width, int height, int bands, VipsBandFormat format, VipsInterpretation interpretation,
    double xres, double yres) {
  VipsImage *image = vips_image_new();
  if (!image) return NULL;
  vips_image_init_fields(
      image, width, height, bands, format, VIPS_CODING_NONE, interpretation, xres, yres);
  if (vips_image_pipelinev(image, VIPS_DEMAND_STYLE_THINSTRIP, NULL)) {
    g_object_unref(image);
    return NULL;
  }
  return image;
}

static inline VipsImage *cvips_save_sequential(VipsImage *image, int rows) {
  VipsImage *out = NULL;
  return vips_sequential(image, &out, "tile_height", rows, NULL) ? NULL : out;
}

static inline void cvips_save_keep_alive(VipsImage *image, void *object, GDestroyNotify release) {
  g_object_set_data_full(G_OBJECT(image), "tessera-strips", object, release);
}

static inline int cvips_save_to_file(VipsImage *image, const char *path) {
  return vips_image_write_to_file(image, path, NULL);
}

static inline int cvips_save_to_file_with_quality(VipsImage *image, const char *path, int quality) {
  return vips_image_write_to_file(image, path, "Q", quality, NULL);
}

static inline VipsImage *cvips_save_reopen(const char *path) {
  return vips_image_new_from_file(path, NULL);
}

#endif
