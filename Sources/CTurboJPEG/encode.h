// Compresses tiles by libjpeg, prefix cjpeg_: TurboJPEG has no way to keep RGB as it is.
//
// libjpeg leaves a failing call by longjmp. Every function here that calls libjpeg catches it, so
// that it never passes a Swift frame, and returns a status.
#ifndef CTURBOJPEG_ENCODE_H
#define CTURBOJPEG_ENCODE_H

#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

// How the pixels of a stream are coded.
enum { CJPEG_GREY = 0, CJPEG_RGB = 1, CJPEG_YCBCR_420 = 2, CJPEG_YCBCR_422 = 3 };

// Compresses images of one size and kind to abbreviated streams, whose tables are written apart.
typedef struct {
  struct jpeg_compress_struct compress;
  struct jpeg_error_mgr errors;
  struct jpeg_destination_mgr destination;
  jmp_buf failed;
  uint8_t *buffer;
  size_t capacity, count;
  int is_created;
  // What libjpeg said last.
  char message[JMSG_LENGTH_MAX];
} cjpeg_encoder;

static inline void cjpeg_encoder_failed(j_common_ptr common) {
  cjpeg_encoder *encoder = (cjpeg_encoder *)common->client_data;
  common->err->format_message(common, encoder->message);
  longjmp(encoder->failed, 1);
}

static inline void cjpeg_encoder_message(j_common_ptr common) { (void)common; }

static inline void cjpeg_encoder_start(j_compress_ptr compress) {
  cjpeg_encoder *encoder = (cjpeg_encoder *)compress->client_data;
  encoder->destination.next_output_byte = encoder->buffer;
  encoder->destination.free_in_buffer = encoder->capacity;
}

// The buffer holds any stream; a full one means that libjpeg is not the one this was written for.
static inline boolean cjpeg_encoder_full(j_compress_ptr compress) {
  cjpeg_encoder *encoder = (cjpeg_encoder *)compress->client_data;
  snprintf(encoder->message, sizeof encoder->message, "the stream is too long");
  longjmp(encoder->failed, 1);
}

static inline void cjpeg_encoder_end(j_compress_ptr compress) {
  cjpeg_encoder *encoder = (cjpeg_encoder *)compress->client_data;
  encoder->count = encoder->capacity - encoder->destination.free_in_buffer;
}

static inline void cjpeg_close_encoder(cjpeg_encoder *encoder) {
  if (!encoder) return;
  if (encoder->is_created) jpeg_destroy_compress(&encoder->compress);
  free(encoder->buffer);
  free(encoder);
}

// Prepares for images of width x height px, interleaved bytes; NULL for want of memory or a quality
// that libjpeg does not have.
static inline cjpeg_encoder *cjpeg_open_encoder(uint32_t width, uint32_t height, int coding, int quality) {
  cjpeg_encoder *encoder = (cjpeg_encoder *)calloc(1, sizeof *encoder);
  if (!encoder) return NULL;
  struct jpeg_compress_struct *compress = &encoder->compress;
  compress->err = jpeg_std_error(&encoder->errors);
  encoder->errors.error_exit = cjpeg_encoder_failed;
  encoder->errors.output_message = cjpeg_encoder_message;
  compress->client_data = encoder;
  // Twice the samples of whole blocks: more than the Huffman tables can make of noise.
  encoder->capacity =
      ((size_t)width + 15) / 16 * 16 * (((size_t)height + 15) / 16 * 16) * 6 + 4096;
  encoder->buffer = (uint8_t *)malloc(encoder->capacity);
  if (!encoder->buffer || setjmp(encoder->failed)) {
    cjpeg_close_encoder(encoder);
    return NULL;
  }
  jpeg_create_compress(compress);
  encoder->is_created = 1;
  compress->client_data = encoder;
  encoder->destination.init_destination = cjpeg_encoder_start;
  encoder->destination.empty_output_buffer = cjpeg_encoder_full;
  encoder->destination.term_destination = cjpeg_encoder_end;
  compress->dest = &encoder->destination;
  compress->image_width = width;
  compress->image_height = height;
  compress->input_components = coding == CJPEG_GREY ? 1 : 3;
  compress->in_color_space = coding == CJPEG_GREY ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(compress);
  // The defaults make YCbCr of RGB, with chroma at half resolution.
  if (coding == CJPEG_RGB) jpeg_set_colorspace(compress, JCS_RGB);
  if (coding == CJPEG_YCBCR_422) compress->comp_info[0].v_samp_factor = 1;
  jpeg_set_quality(compress, quality, TRUE);
  compress->dct_method = JDCT_ISLOW;
  // The directory of the file says what these markers would.
  compress->write_JFIF_header = FALSE;
  compress->write_Adobe_marker = FALSE;
  return encoder;
}

// Writes the tables that all streams share into the buffer; 0 after a failure.
static inline size_t cjpeg_write_tables(cjpeg_encoder *encoder) {
  if (setjmp(encoder->failed)) return 0;
  jpeg_suppress_tables(&encoder->compress, FALSE);
  jpeg_write_tables(&encoder->compress);
  return encoder->count;
}

// Compresses an image into the buffer, with tables of its own or without; 0 after a failure.
static inline size_t cjpeg_compress(
    cjpeg_encoder *encoder, const uint8_t *pixels, size_t bytes_per_row, int with_tables) {
  if (setjmp(encoder->failed)) {
    jpeg_abort_compress(&encoder->compress);
    return 0;
  }
  jpeg_suppress_tables(&encoder->compress, !with_tables);
  jpeg_start_compress(&encoder->compress, with_tables);
  while (encoder->compress.next_scanline < encoder->compress.image_height) {
    // libjpeg takes the address of a row without const, and does not write to it.
    JSAMPROW row = (JSAMPROW)(pixels + encoder->compress.next_scanline * bytes_per_row);
    jpeg_write_scanlines(&encoder->compress, &row, 1);
  }
  jpeg_finish_compress(&encoder->compress);
  return encoder->count;
}

// What the last call wrote.
static inline const uint8_t *cjpeg_encoded(const cjpeg_encoder *encoder) { return encoder->buffer; }

// Why the last call failed.
static inline const char *cjpeg_encoder_text(const cjpeg_encoder *encoder) { return encoder->message; }

#endif
