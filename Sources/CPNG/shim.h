// Wrappers around libpng, prefix cpng_.
//
// libpng leaves a failing call by longjmp. Every function here that calls libpng catches it, so
// that it never passes a Swift frame, and returns the message.
#ifndef CPNG_SHIM_H
#define CPNG_SHIM_H

#include <errno.h>
#include <png.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A PNG file that is read from top to bottom, a byte a pixel, without any conversion of values.
typedef struct {
  png_structp png;
  png_infop info;
  FILE *file;
  uint32_t width, height;
  int bit_depth, color_type, is_interlaced, is_started;
  // Pixels per metre, if `has_density`.
  uint32_t pixels_per_metre_x, pixels_per_metre_y;
  int has_density;
  // Red, green and blue of each entry, where there is a palette.
  uint8_t palette[768];
  int palette_count;
  // What libpng said; empty while all is well. After that nothing more can be read.
  char message[160];
} cpng_reader;

static inline void cpng_fail(cpng_reader *reader, const char *message) {
  snprintf(reader->message, sizeof reader->message, "%s", message);
}

static inline void cpng_on_error(png_structp png, png_const_charp message) {
  cpng_reader *reader = (cpng_reader *)png_get_error_ptr(png);
  cpng_fail(reader, message && *message ? message : "unknown failure");
  png_longjmp(png, 1);
}

static inline void cpng_on_warning(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

static inline void cpng_close(cpng_reader *reader) {
  if (!reader) return;
  png_destroy_read_struct(&reader->png, &reader->info, NULL);
  if (reader->file) fclose(reader->file);
  free(reader);
}

// Reads the header. Never NULL but for want of memory: look at the message.
static inline cpng_reader *cpng_open(const char *path) {
  cpng_reader *reader = (cpng_reader *)calloc(1, sizeof *reader);
  if (!reader) return NULL;
  reader->file = fopen(path, "rb");
  if (!reader->file) {
    cpng_fail(reader, "the file cannot be opened");
    return reader;
  }
  reader->png =
      png_create_read_struct(PNG_LIBPNG_VER_STRING, reader, cpng_on_error, cpng_on_warning);
  if (reader->png) reader->info = png_create_info_struct(reader->png);
  if (!reader->info) {
    cpng_fail(reader, "out of memory");
    return reader;
  }
  if (setjmp(png_jmpbuf(reader->png))) return reader;
  png_init_io(reader->png, reader->file);
  png_set_user_limits(reader->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_read_info(reader->png, reader->info);
  reader->width = png_get_image_width(reader->png, reader->info);
  reader->height = png_get_image_height(reader->png, reader->info);
  reader->bit_depth = png_get_bit_depth(reader->png, reader->info);
  reader->color_type = png_get_color_type(reader->png, reader->info);
  reader->is_interlaced =
      png_get_interlace_type(reader->png, reader->info) != PNG_INTERLACE_NONE;
  png_colorp colors = NULL;
  int count = 0;
  if (png_get_PLTE(reader->png, reader->info, &colors, &count) != 0 && colors) {
    reader->palette_count = count < 256 ? count : 256;
    for (int index = 0; index < reader->palette_count; index++) {
      reader->palette[3 * index] = colors[index].red;
      reader->palette[3 * index + 1] = colors[index].green;
      reader->palette[3 * index + 2] = colors[index].blue;
    }
  }
  int unit = PNG_RESOLUTION_UNKNOWN;
  png_uint_32 across = 0, down = 0;
  reader->has_density = png_get_pHYs(reader->png, reader->info, &across, &down, &unit) != 0
                        && unit == PNG_RESOLUTION_METER;
  reader->pixels_per_metre_x = across;
  reader->pixels_per_metre_y = down;
  return reader;
}

// Reads the next rows; of an interlaced file, one of its 7 passes over all rows.
static inline void cpng_read_rows(
    cpng_reader *reader, uint8_t *rows, size_t bytes_per_row, size_t count) {
  if (reader->message[0]) return;
  if (setjmp(png_jmpbuf(reader->png))) return;
  if (!reader->is_started) {
    reader->is_started = 1;
    png_set_packing(reader->png);
    png_set_interlace_handling(reader->png);
    png_read_update_info(reader->png, reader->info);
    if (png_get_rowbytes(reader->png, reader->info) != reader->width)
      png_error(reader->png, "the pixels have more than a byte");
  }
  for (size_t row = 0; row < count; row++)
    png_read_row(reader->png, rows + row * bytes_per_row, NULL);
}

// Reads what follows the pixels, where the end of a truncated file shows.
static inline void cpng_finish(cpng_reader *reader) {
  if (reader->message[0]) return;
  if (setjmp(png_jmpbuf(reader->png))) return;
  png_read_end(reader->png, NULL);
}

// What libpng said, or NULL while all is well.
static inline const char *cpng_message(const cpng_reader *reader) {
  return reader->message[0] ? reader->message : NULL;
}

// A PNG file of palette indices that is written from top to bottom.
typedef struct {
  png_structp png;
  png_infop info;
  FILE *file;
  // What libpng said; empty while all is well. After that nothing more can be written.
  char message[160];
} cpng_writer;

static inline void cpng_on_write_error(png_structp png, png_const_charp message) {
  cpng_writer *writer = (cpng_writer *)png_get_error_ptr(png);
  snprintf(writer->message, sizeof writer->message, "%s",
           message && *message ? message : "unknown failure");
  png_longjmp(png, 1);
}

static inline void cpng_close_writer(cpng_writer *writer) {
  if (!writer) return;
  png_destroy_write_struct(&writer->png, &writer->info);
  if (writer->file) fclose(writer->file);
  free(writer);
}

// Begins a file: `palette` holds red, green and blue of `count` entries; `comment` may be NULL, pixels
// per metre 0. Never NULL but for want of memory: look at the message.
static inline cpng_writer *cpng_create(
    const char *path, uint32_t width, uint32_t height, const uint8_t *palette, int count,
    uint32_t pixels_per_metre_x, uint32_t pixels_per_metre_y, const char *comment) {
  cpng_writer *writer = (cpng_writer *)calloc(1, sizeof *writer);
  if (!writer) return NULL;
  writer->file = fopen(path, "wb");
  if (!writer->file) {
    snprintf(writer->message, sizeof writer->message, "the file cannot be made");
    return writer;
  }
  writer->png =
      png_create_write_struct(PNG_LIBPNG_VER_STRING, writer, cpng_on_write_error, cpng_on_warning);
  if (writer->png) writer->info = png_create_info_struct(writer->png);
  if (!writer->info) {
    snprintf(writer->message, sizeof writer->message, "out of memory");
    return writer;
  }
  if (setjmp(png_jmpbuf(writer->png))) return writer;
  png_init_io(writer->png, writer->file);
  png_set_user_limits(writer->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_IHDR(writer->png, writer->info, width, height, 8, PNG_COLOR_TYPE_PALETTE,
               PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_color colors[256];
  for (int index = 0; index < count && index < 256; index++) {
    colors[index].red = palette[3 * index];
    colors[index].green = palette[3 * index + 1];
    colors[index].blue = palette[3 * index + 2];
  }
  png_set_PLTE(writer->png, writer->info, colors, count);
  if (pixels_per_metre_x && pixels_per_metre_y)
    png_set_pHYs(writer->png, writer->info, pixels_per_metre_x, pixels_per_metre_y,
                 PNG_RESOLUTION_METER);
  if (comment) {
    png_text text;
    memset(&text, 0, sizeof text);
    text.compression = PNG_ITXT_COMPRESSION_NONE;
    text.key = (png_charp)"Description";
    text.text = (png_charp)comment;
    text.lang = (png_charp)"";
    text.lang_key = (png_charp)"";
    png_set_text(writer->png, writer->info, &text, 1);
  }
  png_write_info(writer->png, writer->info);
  return writer;
}

static inline void cpng_write_rows(
    cpng_writer *writer, const uint8_t *rows, size_t bytes_per_row, size_t count) {
  if (writer->message[0]) return;
  if (setjmp(png_jmpbuf(writer->png))) return;
  for (size_t row = 0; row < count; row++)
    png_write_row(writer->png, (png_const_bytep)(rows + row * bytes_per_row));
}

// Ends the file; what cannot be written to the disk shows here at the latest.
static inline void cpng_end(cpng_writer *writer) {
  if (writer->message[0]) return;
  if (setjmp(png_jmpbuf(writer->png))) return;
  png_write_end(writer->png, NULL);
  if (fflush(writer->file) != 0 || ferror(writer->file))
    png_error(writer->png, strerror(errno));
}

static inline const char *cpng_writer_message(const cpng_writer *writer) {
  return writer->message[0] ? writer->message : NULL;
}

#endif
