// Damage in the compressed strips and tiles of a TIFF that libtiff passes over, prefix ctiff_.
//
// libtiff stops as soon as it has the pixels: it never comes to the checksum of deflate, nor to the
// end mark of LZW.
#ifndef CTIFF_DAMAGE_H
#define CTIFF_DAMAGE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

// A piece of a file; `at` and `count` are what has not been read yet.
typedef struct {
  int descriptor;
  uint64_t at, count;
  uint8_t bytes[32768];
} ctiff_piece;

static inline size_t ctiff_piece_read(ctiff_piece *piece) {
  size_t wanted = piece->count < sizeof piece->bytes ? (size_t)piece->count : sizeof piece->bytes;
  ssize_t done =
      wanted == 0 ? 0 : pread(piece->descriptor, piece->bytes, wanted, (off_t)piece->at);
  if (done <= 0) return 0;
  piece->at += (uint64_t)done;
  piece->count -= (uint64_t)done;
  return (size_t)done;
}

// What is wrong with `count` bytes of zlib's format, of which `expected` bytes should come; NULL
// where nothing is, or where the codec itself will say.
static inline const char *ctiff_deflate_damage(
    int descriptor, uint64_t start, uint64_t count, uint64_t expected) {
  ctiff_piece piece = {descriptor, start, count, {0}};
  uint8_t output[32768];
  z_stream stream;
  memset(&stream, 0, sizeof stream);
  if (inflateInit(&stream) != Z_OK) return "out of memory";
  int status = Z_OK;
  uint64_t made = 0;
  while (status == Z_OK) {
    if (stream.avail_in == 0) {
      stream.avail_in = (uInt)ctiff_piece_read(&piece);
      stream.next_in = piece.bytes;
      if (stream.avail_in == 0) break;
    }
    stream.next_out = output;
    stream.avail_out = sizeof output;
    status = inflate(&stream, Z_NO_FLUSH);
    made += sizeof output - stream.avail_out;
    // No honest piece holds much more than its pixels.
    if (made > 2 * expected + 65536) status = Z_DATA_ERROR;
  }
  inflateEnd(&stream);
  if (status == Z_STREAM_END) return made < expected ? "pixels are missing" : NULL;
  if (status == Z_OK) return made < expected ? "its data end early" : NULL;
  return "its data do not agree with their checksum";
}

// What is wrong with `count` bytes of TIFF's LZW, of which `expected` bytes should come, or `least`
// where it is the last strip.
static inline const char *ctiff_lzw_damage(
    int descriptor, uint64_t start, uint64_t count, uint64_t expected, uint64_t least) {
  ctiff_piece piece = {descriptor, start, count, {0}};
  uint32_t length[4096];
  for (int code = 0; code < 256; code++) length[code] = 1;
  size_t held = ctiff_piece_read(&piece), used = 0;
  // The order of bits of writers before 1992.
  if (held > 1 && piece.bytes[0] == 0 && (piece.bytes[1] & 1)) return NULL;
  uint32_t next = 258, width = 9, last = UINT32_MAX, bits = 0, available = 0;
  uint64_t made = 0;
  for (;;) {
    while (available < width) {
      if (used == held) {
        held = ctiff_piece_read(&piece);
        used = 0;
        if (held == 0) return made < least ? "its data end early" : NULL;
      }
      bits = bits << 8 | piece.bytes[used++];
      available += 8;
    }
    uint32_t code = bits >> (available - width) & ((1u << width) - 1);
    available -= width;
    if (code == 257) break;
    if (code == 256) {
      next = 258;
      width = 9;
      last = UINT32_MAX;
      continue;
    }
    if (last == UINT32_MAX) {
      if (code > 255) return "a code is of nothing";
      made += 1;
    } else {
      if (code > next || next > 4096) return "a code is of nothing";
      uint32_t grown = length[last] + 1;
      made += code < next ? length[code] : grown;
      if (next < 4096) length[next++] = grown;
      if (next + 1 >= 1u << width && width < 12) width++;
    }
    last = code;
  }
  return made == expected || made == least ? NULL : "its codes make more or fewer pixels";
}

#endif
