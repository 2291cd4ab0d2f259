// Wrappers around libtiff's variadic calls, prefix ctiff_.
#ifndef CTIFF_SHIM_H
#define CTIFF_SHIM_H

#include <stdio.h>
#include <tiffio.h>

static inline int ctiff_set_u16(TIFF *tiff, uint32_t tag, uint16_t value) {
  return TIFFSetField(tiff, tag, (int)value);
}

static inline int ctiff_set_u32(TIFF *tiff, uint32_t tag, uint32_t value) {
  return TIFFSetField(tiff, tag, value);
}

static inline int ctiff_set_double(TIFF *tiff, uint32_t tag, double value) {
  return TIFFSetField(tiff, tag, value);
}

static inline int ctiff_set_string(TIFF *tiff, uint32_t tag, const char *value) {
  return TIFFSetField(tiff, tag, value);
}

static inline int ctiff_set_pair_u16(TIFF *tiff, uint32_t tag, uint16_t first, uint16_t second) {
  return TIFFSetField(tiff, tag, (int)first, (int)second);
}

static inline int ctiff_set_bytes(TIFF *tiff, uint32_t tag, uint32_t count, const void *bytes) {
  return TIFFSetField(tiff, tag, count, bytes);
}

static inline int ctiff_set_u16_array(
    TIFF *tiff, uint32_t tag, uint16_t count, const uint16_t *values) {
  return TIFFSetField(tiff, tag, (int)count, values);
}

static inline int ctiff_set_offsets(
    TIFF *tiff, uint32_t tag, uint16_t count, const uint64_t *values) {
  return TIFFSetField(tiff, tag, (int)count, values);
}

static inline int ctiff_get_u16_array(
    TIFF *tiff, uint32_t tag, uint16_t *count, const uint16_t **values) {
  return TIFFGetField(tiff, tag, count, values);
}

static inline int ctiff_get_u16(TIFF *tiff, uint32_t tag, uint16_t *value) {
  return TIFFGetFieldDefaulted(tiff, tag, value);
}

static inline int ctiff_get_pair_u16(TIFF *tiff, uint32_t tag, uint16_t *first, uint16_t *second) {
  return TIFFGetFieldDefaulted(tiff, tag, first, second);
}

static inline int ctiff_get_u32(TIFF *tiff, uint32_t tag, uint32_t *value) {
  return TIFFGetField(tiff, tag, value);
}

static inline int ctiff_get_bytes(TIFF *tiff, uint32_t tag, uint32_t *count, const void **bytes) {
  return TIFFGetField(tiff, tag, count, bytes);
}

static inline int ctiff_get_string(TIFF *tiff, uint32_t tag, const char **value) {
  return TIFFGetField(tiff, tag, value);
}

static inline int ctiff_get_float(TIFF *tiff, uint32_t tag, float *value) {
  return TIFFGetField(tiff, tag, value);
}

// Errors reach the caller as return codes; libtiff's own printing is switched off.
static inline void ctiff_silence(void) {
  TIFFSetErrorHandler(NULL);
  TIFFSetWarningHandler(NULL);
}

#include "damage.h"
#include "save.h"

#endif
