// A flat C interface to ITK and GDCM: volumes in, volumes out, and what is done with them.
//
// No function throws. One that fails returns null or false and gives the reason in *error, which
// is to be freed with ci_free_text. Coordinates are LPS, in mm; samples lie with the first axis
// fastest.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma clang assume_nonnull begin

typedef enum { ci_nifti, ci_meta, ci_nrrd, ci_dicom } ci_format;

typedef enum {
  ci_uint8,
  ci_int8,
  ci_uint16,
  ci_int16,
  ci_uint32,
  ci_int32,
  ci_uint64,
  ci_int64,
  ci_float32,
  ci_float64
} ci_type;

enum { ci_max_dimensions = 7 };

/// What a file's header says.
typedef struct {
  int dimensions;
  int64_t size[ci_max_dimensions];
  double spacing[ci_max_dimensions];
  double origin[3];
  /// Column by column: where each of the first three axes points.
  double direction[9];
  /// Values a sample: 1, or 3 for colours.
  int components;
  /// Of the samples as they are read, rescaled.
  ci_type type;
  /// What the samples of a DICOM file are rescaled with; 1 and 0 elsewhere.
  double slope, intercept;
} ci_header;

typedef struct ci_file *ci_file_ref;

void ci_free_text(char *_Nullable text);
const char *ci_version(void);

/// Reads the header of a file.
ci_file_ref _Nullable ci_open(const char *path, ci_format format, char *_Nullable *_Nonnull error);
void ci_close(ci_file_ref file);
ci_header ci_get_header(ci_file_ref file);
/// An entry of the header ("0010|0010", "qform_code"), or null; free with ci_free_text.
char *_Nullable ci_get_entry(ci_file_ref file, const char *key);
/// Reads all samples, rescaled, as f32; `count` is the product of the sizes and components.
bool ci_read(ci_file_ref file, float *target, int64_t count, char *_Nullable *_Nonnull error);

/// Reads at most `limit` bytes of a file `from` a place, unpacked where it is packed by gzip there, keeps
/// the first `count` in `start` and returns how many there are; -1 where the packing is broken.
int64_t ci_measure(
    const char *path, int64_t from, uint8_t *_Nullable start, int count, int64_t limit);
/// Writes to `target` which numbers of a file, f32 or f64 from `start` on, are NaN or infinite.
void ci_restore_gaps(
    const char *path, int64_t start, bool isDouble, bool isSwapped, float *target, int64_t count);
/// Unpacks a part of a file, gzip, zlib or `isBare` deflate, and returns how many bytes there are, at most
/// `limit`; -1 where the packing is broken or ends early.
int64_t ci_measure_packed(
    const char *path, int64_t start, int64_t length, int64_t limit, bool isBare);

/// Where a MetaImage has its samples.
typedef struct {
  /// What its header says: LOCAL, LIST, the name of a file or a pattern of names; free with ci_free_text.
  char *_Nullable source;
  /// The byte after the header.
  int64_t start;
  /// Bytes to skip in the files of the samples; -1 to take them from the end.
  int64_t skipped;
  /// Of packed samples; 0 where that is not said.
  int64_t packedSize;
  bool isPacked, isText;
} ci_meta_samples;

/// Reads where a MetaImage has its samples; false where its header cannot be read.
bool ci_find_meta_samples(
    const char *path, ci_meta_samples *samples, char *_Nullable *_Nonnull error);

typedef struct ci_elements *ci_elements_ref;

/// Reads a DICOM file up to its samples.
ci_elements_ref _Nullable ci_read_elements(const char *path, char *_Nullable *_Nonnull error);
void ci_close_elements(ci_elements_ref file);
/// An element's value as text, or null where there is none; free with ci_free_text.
///
/// The way leads through items of sequences: "0028|0010", "5200|9230#3/0020|9113/0020|0032", where #3 is
/// the fourth item, and the first is taken where none is named.
char *_Nullable ci_find_element(ci_elements_ref file, const char *path);
/// Items of a sequence, 0 where there is none.
int64_t ci_count_items(ci_elements_ref file, const char *tag);
/// Whether the file holds all samples that it promises.
bool ci_check_pixels(ci_elements_ref file, char *_Nullable *_Nonnull error);
/// Whether files of a class hold images.
bool ci_is_image_class(const char *identifier);

/// Writes a volume of one component; `samples` are of the header's type.
bool ci_write(
    const char *path, ci_format format, ci_header header, const void *samples, bool compressed,
    const char *_Nonnull const *_Nonnull keys, const char *_Nonnull const *_Nonnull values,
    int entries, char *_Nullable *_Nonnull error);

/// Where samples lie.
typedef struct {
  int64_t size[3];
  double spacing[3];
  double origin[3];
  /// Column by column: where each axis points.
  double direction[9];
} ci_grid;

typedef enum { ci_nearest, ci_linear, ci_bspline } ci_interpolation;

/// Fills `target`, which lies on `onto`, with what `samples` on `grid` are at its places.
bool ci_resample(
    ci_grid grid, const float *samples, ci_grid onto, ci_interpolation interpolation,
    float outside, float *target, char *_Nullable *_Nonnull error);
/// The same of a mask, by the nearest sample; false outside of `grid`.
bool ci_resample_mask(
    ci_grid grid, const bool *inside, ci_grid onto, bool *target,
    char *_Nullable *_Nonnull error);
/// Tells the body from the air around it; what is above `high` counts as `high`, the least is `low`.
bool ci_body_mask(
    ci_grid grid, const float *samples, float low, float high, bool *inside,
    char *_Nullable *_Nonnull error);
/// Adds what lies at most so many mm from a mask.
bool ci_dilate(
    ci_grid grid, const bool *inside, double millimetres, bool *target,
    char *_Nullable *_Nonnull error);
/// Divides by the bias field that N4 finds inside of a mask, on every `shrink`-th sample of an axis.
bool ci_correct_bias(
    ci_grid grid, const float *samples, const bool *inside, int shrink, float *target,
    char *_Nullable *_Nonnull error);

/// A slice of a DICOM series.
typedef struct {
  int columns, rows;
  /// Stored values.
  const int16_t *samples;
  /// The file whose patient, study and frame of reference it keeps, or null.
  const char *_Nullable source;
  /// Tags to set ("0008|0060"), beyond those that are kept.
  const char *_Nonnull const *_Nonnull keys;
  const char *_Nonnull const *_Nonnull values;
  int entries;
} ci_slice;

/// Writes one slice as a file of its own, in explicit little endian.
bool ci_write_slice(const char *path, const ci_slice *slice, char *_Nullable *_Nonnull error);
/// A new unique identifier; free with ci_free_text.
char *ci_make_uid(void);

#pragma clang assume_nonnull end

#ifdef __cplusplus
}
#endif
