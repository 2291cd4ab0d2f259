// Damage in a JPEG stream that decoders pass over, prefix cjpeg_.
//
// libjpeg goes on after damage and only counts warnings, of which some are harmless. It leaves a
// failing call by longjmp, which is caught here, so that it never passes a Swift frame.
#ifndef CTURBOJPEG_DAMAGE_H
#define CTURBOJPEG_DAMAGE_H

#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jpeglib.h>
#include <jerror.h>

// What is wrong with a stream, and where.
typedef struct {
  char text[JMSG_LENGTH_MAX + 64];
} cjpeg_damage;

typedef struct {
  struct jpeg_decompress_struct codec;
  struct jpeg_error_mgr errors;
  struct jpeg_source_mgr source;
  jmp_buf leave;
  char message[JMSG_LENGTH_MAX];
  // The row at or above which damage shows, 0 in the header, of how many.
  uint32_t row, rows;
  int descriptor;
  // Of the file: where the stream ends, and the bytes that the codec has been given.
  uint64_t end, position;
  int is_in_scan;
  // More zeros than any picture makes in the scan, 0 for any number, and how many have come in a row.
  int most_zeros, zeros;
  // Where the scan begins among the bytes that the codec was given last; NULL where before them.
  const uint8_t *scan;
  // Of the buffer: bytes held, where those begin that wait, and how many the codec was given last.
  size_t held, first, given;
  uint8_t buffer[65536];
} cjpeg_reader;

static inline void cjpeg_leave(cjpeg_reader *reader) {
  struct jpeg_decompress_struct *codec = &reader->codec;
  uint64_t row = (uint64_t)codec->input_iMCU_row * (uint64_t)codec->max_v_samp_factor * DCTSIZE;
  reader->rows = codec->image_height;
  reader->row = !reader->is_in_scan ? 0 : row < reader->rows ? (uint32_t)row : reader->rows;
  longjmp(reader->leave, 1);
}

static inline void cjpeg_on_error(j_common_ptr codec) {
  cjpeg_reader *reader = (cjpeg_reader *)codec->client_data;
  codec->err->format_message(codec, reader->message);
  cjpeg_leave(reader);
}

// Whether the bytes from `start` to `end` of the file are zeros.
static inline int cjpeg_are_zeros(cjpeg_reader *reader, uint64_t start, uint64_t end) {
  uint8_t bytes[4096];
  while (start < end) {
    size_t count = end - start < sizeof bytes ? (size_t)(end - start) : sizeof bytes;
    if (pread(reader->descriptor, bytes, count, (off_t)start) != (ssize_t)count) return 0;
    for (size_t index = 0; index < count; index++)
      if (bytes[index]) return 0;
    start += count;
  }
  return 1;
}

// Whether `count` bytes between a scan and `marker` are what an encoder filled up with: zeros, and no
// more of them in the scan itself, as in a sector that was lost.
static inline int cjpeg_is_filling(cjpeg_reader *reader, uint64_t count, int marker) {
  // libjpeg tells the place of the marker to within a few bytes, and does not count those that it has
  // taken for codes to come, at most 8.
  uint64_t end = reader->position - reader->source.bytes_in_buffer;
  uint8_t bytes[8];
  if (end < count + 32) return 0;
  end -= 3;
  if (pread(reader->descriptor, bytes, 8, (off_t)end) < 2) return 0;
  int index = 0;
  while (index < 6 && (bytes[index] != 0xFF || bytes[index + 1] != marker)) index++;
  end += (uint64_t)index;
  return cjpeg_are_zeros(reader, end - count, end)
         && !cjpeg_are_zeros(reader, end - count - 12, end - count - 8);
}

static inline void cjpeg_on_message(j_common_ptr codec, int level) {
  cjpeg_reader *reader = (cjpeg_reader *)codec->client_data;
  if (level >= 0) return;
  switch (codec->err->msg_code) {
  case JWRN_HIT_MARKER:
  case JWRN_HUFF_BAD_CODE:
  case JWRN_ARITH_BAD_CODE:
  case JWRN_MUST_RESYNC:
  case JWRN_BOGUS_PROGRESSION:
    break;
  case JWRN_EXTRANEOUS_DATA:
    if (!reader->is_in_scan) return;
    if (cjpeg_is_filling(
            reader, (uint64_t)codec->err->msg_parm.i[0], codec->err->msg_parm.i[1]))
      return;
    break;
  default:
    // A colour transform or a version that nobody knows, parameters that a sequential scan does not
    // need, a missing end marker behind a scan that is complete.
    return;
  }
  codec->err->format_message(codec, reader->message);
  cjpeg_leave(reader);
}

static inline void cjpeg_begin(j_decompress_ptr codec) { (void)codec; }

// A sector of a disk that was lost reads as zeros, and zeros are codes, too: leaves where the bytes of the
// scan that the codec has just decoded had more of them than any picture makes.
static inline void cjpeg_count_zeros(cjpeg_reader *reader) {
  const uint8_t *end = reader->buffer + reader->first;
  const uint8_t *bytes = reader->scan ? reader->scan : end - reader->given;
  for (; bytes < end; bytes++) {
    reader->zeros = *bytes ? 0 : reader->zeros + 1;
    if (reader->zeros < reader->most_zeros) continue;
    snprintf(reader->message, JMSG_LENGTH_MAX, "a stretch of it is lost, zeros in its place");
    cjpeg_leave(reader);
  }
}

// With 512 bytes or more at hand libjpeg-turbo decodes on a path that takes a code of nothing for zero.
static inline boolean cjpeg_fill(j_decompress_ptr codec) {
  static const JOCTET ending[2] = {0xFF, JPEG_EOI};
  cjpeg_reader *reader = (cjpeg_reader *)codec->client_data;
  // Behind the rows of a scan there may be filling.
  if (reader->most_zeros > 0 && codec->input_iMCU_row < codec->total_iMCU_rows)
    cjpeg_count_zeros(reader);
  reader->scan = NULL;
  if (reader->first == reader->held) {
    uint64_t left = reader->end > reader->position ? reader->end - reader->position : 0;
    size_t count = left < sizeof reader->buffer ? (size_t)left : sizeof reader->buffer;
    ssize_t done = 0;
    if (count > 0) done = pread(reader->descriptor, reader->buffer, count, (off_t)reader->position);
    reader->first = 0;
    reader->held = done > 0 ? (size_t)done : 0;
  }
  size_t count = reader->held - reader->first;
  if (count > 500) count = 500;
  reader->source.next_input_byte = reader->buffer + reader->first;
  reader->source.bytes_in_buffer = count;
  reader->first += count;
  reader->position += count;
  reader->given = count;
  if (count == 0) {
    // A scan that is not complete by now meets this marker too early.
    reader->source.next_input_byte = ending;
    reader->source.bytes_in_buffer = 2;
  }
  return TRUE;
}

static inline void cjpeg_skip(j_decompress_ptr codec, long count) {
  cjpeg_reader *reader = (cjpeg_reader *)codec->client_data;
  if (count <= 0) return;
  if ((size_t)count <= reader->source.bytes_in_buffer) {
    reader->source.next_input_byte += count;
    reader->source.bytes_in_buffer -= (size_t)count;
  } else {
    reader->position += (uint64_t)count - reader->source.bytes_in_buffer;
    reader->source.bytes_in_buffer = 0;
    reader->first = reader->held = reader->given = 0;
  }
}

static inline void cjpeg_end(j_decompress_ptr codec) { (void)codec; }

// How many zeros in a row must be damage; 0 where there may be any number: where the code of zeros stands
// for an even block, or bits for themselves.
static inline int cjpeg_most_zeros(struct jpeg_decompress_struct *codec) {
  if (codec->arith_code) return 0;
  int has_first = codec->Ss == 0 && codec->Ah == 0;
  int has_others = !codec->progressive_mode || codec->Ss > 0;
  // A scan that makes numbers of an earlier one more exact has up to a thousand bits between two codes.
  int most = codec->Ah == 0 ? 64 : 256;
  for (int index = 0; index < codec->comps_in_scan; index++) {
    jpeg_component_info *component = codec->cur_comp_info[index];
    JHUFF_TBL *first = codec->dc_huff_tbl_ptrs[component->dc_tbl_no];
    JHUFF_TBL *others = codec->ac_huff_tbl_ptrs[component->ac_tbl_no];
    if (has_first && first && first->huffval[0]) return most;
    if (has_others && others && others->huffval[0] & 15) return most;
  }
  return 0;
}

static inline void cjpeg_begin_scan(cjpeg_reader *reader) {
  reader->most_zeros = cjpeg_most_zeros(&reader->codec);
  reader->zeros = 0;
  reader->scan = reader->source.next_input_byte;
}

// Reads all scans of a stream that has several, without making pixels; says what never came.
static inline void cjpeg_read_scans(cjpeg_reader *reader) {
  struct jpeg_decompress_struct *codec = &reader->codec;
  int has_come[MAX_COMPONENTS] = {0};
  codec->buffered_image = TRUE;
  jpeg_start_decompress(codec);
  for (int status = JPEG_REACHED_SOS; status != JPEG_REACHED_EOI;
       status = jpeg_consume_input(codec))
    if (status == JPEG_REACHED_SOS) {
      cjpeg_begin_scan(reader);
      for (int index = 0; index < codec->comps_in_scan; index++)
        has_come[codec->cur_comp_info[index]->component_index] = 1;
    }
  for (int component = 0; component < codec->num_components; component++) {
    int is_complete = has_come[component];
    for (int index = 0; codec->coef_bits && index < DCTSIZE2; index++)
      if (codec->coef_bits[component][index] != 0) is_complete = 0;
    if (is_complete) continue;
    snprintf(reader->message, JMSG_LENGTH_MAX, "the last scans are missing");
    cjpeg_leave(reader);
  }
}

// Reads a stream of one scan row by row, at the least price that still reads every code.
static inline void cjpeg_read_rows(cjpeg_reader *reader) {
  struct jpeg_decompress_struct *codec = &reader->codec;
  codec->scale_num = 1;
  codec->scale_denom = DCTSIZE;
  codec->out_color_space = codec->jpeg_color_space;
  codec->do_fancy_upsampling = FALSE;
  jpeg_start_decompress(codec);
  JSAMPARRAY rows = codec->mem->alloc_sarray(
      (j_common_ptr)codec, JPOOL_IMAGE, codec->output_width * (JDIMENSION)codec->output_components,
      1);
  cjpeg_begin_scan(reader);
  while (codec->output_scanline < codec->output_height) jpeg_read_scanlines(codec, rows, 1);
}

// The same of a whole stream of one scan in memory, without decoding it.
static inline int cjpeg_has_lost_stretch(const uint8_t *bytes, size_t count) {
  enum { run = 64, step = 32 };
  int has_few_zeros = 0;
  size_t place = 2;
  while (place + 4 <= count && bytes[place] == 0xFF && bytes[place + 1] != 0xDA) {
    size_t end = place + 2 + ((size_t)bytes[place + 2] << 8 | bytes[place + 3]);
    if (end > count) return 0;
    for (size_t table = place + 4; bytes[place + 1] == 0xC4 && table + 17 < end;) {
      size_t codes = 0;
      for (size_t index = 1; index <= 16; index++) codes += bytes[table + index];
      uint8_t of_zeros = bytes[table + 17];
      if (bytes[table] >> 4 ? of_zeros & 15 : of_zeros) has_few_zeros = 1;
      table += 17 + codes;
    }
    if (end <= place + 2) return 0;
    place = end;
  }
  if (!has_few_zeros) return 0;
  for (; place + step <= count; place += step) {
    static const uint8_t zeros[8];
    if (memcmp(bytes + place, zeros, sizeof zeros)) continue;
    size_t first = place, last = place;
    while (first > 0 && !bytes[first - 1]) first--;
    while (last < count && !bytes[last]) last++;
    // In front of the end marker they are filling.
    if (last - first >= run && last + 2 < count) return 1;
    place = last / step * step;
  }
  return 0;
}

static inline void cjpeg_tell(const cjpeg_reader *reader, cjpeg_damage *damage) {
  static const char known[] = "Corrupt JPEG data: ";
  const char *reason = reader->message;
  if (strncmp(reason, known, sizeof known - 1) == 0) reason += sizeof known - 1;
  const unsigned row = reader->row, rows = reader->rows;
  if (reader->errors.msg_code == JERR_OUT_OF_MEMORY)
    snprintf(damage->text, sizeof damage->text, "out of memory");
  else if (rows == 0)
    snprintf(damage->text, sizeof damage->text, "%s", reason);
  else if (row < rows)
    snprintf(damage->text, sizeof damage->text, "wrong data at or above row %u of %u: %s", row, rows,
             reason);
  else
    snprintf(damage->text, sizeof damage->text, "wrong data in some of the %u rows: %s", rows, reason);
}

// Looks through a JPEG stream in a file, `count` bytes from `start`; tables may be a stream of their
// own. 0 where it is sound, 1 where it is not.
static inline int cjpeg_find_damage(
    int descriptor, uint64_t start, uint64_t count, const uint8_t *tables, size_t tables_count,
    cjpeg_damage *damage) {
  cjpeg_reader *reader = (cjpeg_reader *)calloc(1, sizeof *reader);
  snprintf(damage->text, sizeof damage->text, "%s", reader ? "" : "out of memory");
  if (!reader) return 1;
  reader->descriptor = descriptor;
  reader->codec.err = jpeg_std_error(&reader->errors);
  reader->codec.client_data = reader;
  reader->errors.error_exit = cjpeg_on_error;
  reader->errors.emit_message = cjpeg_on_message;
  int is_damaged = setjmp(reader->leave);
  if (!is_damaged) {
    jpeg_create_decompress(&reader->codec);
    reader->codec.client_data = reader;
    reader->codec.src = &reader->source;
    reader->source.init_source = cjpeg_begin;
    reader->source.fill_input_buffer = cjpeg_fill;
    reader->source.skip_input_data = cjpeg_skip;
    reader->source.resync_to_restart = jpeg_resync_to_restart;
    reader->source.term_source = cjpeg_end;
    if (tables_count > 4) {
      reader->source.next_input_byte = tables;
      reader->source.bytes_in_buffer = tables_count;
      jpeg_read_header(&reader->codec, FALSE);
    }
    reader->source.bytes_in_buffer = 0;
    reader->position = start;
    reader->end = start + count;
    jpeg_read_header(&reader->codec, TRUE);
    reader->is_in_scan = 1;
    if (jpeg_has_multiple_scans(&reader->codec)) {
      cjpeg_read_scans(reader);
    } else {
      cjpeg_read_rows(reader);
      jpeg_finish_decompress(&reader->codec);
    }
  }
  if (reader->codec.mem) jpeg_destroy_decompress(&reader->codec);
  if (is_damaged) cjpeg_tell(reader, damage);
  free(reader);
  return is_damaged ? 1 : 0;
}

#endif
