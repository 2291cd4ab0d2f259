// Streams under libtiff that keep errors for the caller instead of printing them, prefix ctiff_.
#ifndef CTIFF_SAVE_H
#define CTIFF_SAVE_H

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <tiffio.h>
#include <unistd.h>

static inline void ctiff_format(
    char message[256], const char *module, const char *format, va_list arguments) {
  int used = module ? snprintf(message, 256, "%s: ", module) : 0;
  if (used < 0 || used > 200) used = 0;
  vsnprintf(message + used, 256 - (size_t)used, format, arguments);
}

static inline int ctiff_drop(
    TIFF *tiff, void *client, const char *module, const char *format, va_list arguments) {
  (void)tiff, (void)client, (void)module, (void)format, (void)arguments;
  return 1;
}

// An open file; the descriptor stays the caller's. `error` is the errno of the first failed call.
typedef struct {
  int descriptor;
  int error;
  char message[256];
} ctiff_file;

static inline int ctiff_file_keep(
    TIFF *tiff, void *client, const char *module, const char *format, va_list arguments) {
  (void)tiff;
  ctiff_file *file = (ctiff_file *)client;
  if (!file->message[0]) ctiff_format(file->message, module, format, arguments);
  return 1;
}

static inline tmsize_t ctiff_file_read(thandle_t client, void *bytes, tmsize_t count) {
  ctiff_file *file = (ctiff_file *)client;
  tmsize_t done = 0;
  while (done < count) {
    ssize_t n = read(file->descriptor, (char *)bytes + done, (size_t)(count - done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && !file->error) file->error = errno;
    if (n <= 0) break;
    done += n;
  }
  return done;
}

static inline tmsize_t ctiff_file_write(thandle_t client, void *bytes, tmsize_t count) {
  ctiff_file *file = (ctiff_file *)client;
  tmsize_t done = 0;
  while (done < count) {
    ssize_t n = write(file->descriptor, (const char *)bytes + done, (size_t)(count - done));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      if (!file->error) file->error = n < 0 ? errno : ENOSPC;
      return -1;
    }
    done += n;
  }
  return done;
}

static inline toff_t ctiff_file_seek(thandle_t client, toff_t offset, int whence) {
  return (toff_t)lseek(((ctiff_file *)client)->descriptor, (off_t)offset, whence);
}

static inline int ctiff_file_close(thandle_t client) {
  (void)client;
  return 0;
}

static inline toff_t ctiff_file_size(thandle_t client) {
  struct stat status;
  if (fstat(((ctiff_file *)client)->descriptor, &status) < 0) return 0;
  return (toff_t)status.st_size;
}

static inline TIFF *ctiff_open_file(ctiff_file *file, const char *name, const char *mode) {
  TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
  if (!options) return NULL;
  TIFFOpenOptionsSetErrorHandlerExtR(options, ctiff_file_keep, file);
  TIFFOpenOptionsSetWarningHandlerExtR(options, ctiff_drop, file);
  TIFF *tiff = TIFFClientOpenExt(
      name, mode, (thandle_t)file, ctiff_file_read, ctiff_file_write, ctiff_file_seek,
      ctiff_file_close, ctiff_file_size, NULL, NULL, options);
  TIFFOpenOptionsFree(options);
  return tiff;
}

// A file that only exists as the bytes written last: what libtiff's codecs make of one tile.
typedef struct {
  uint8_t *bytes;
  size_t capacity;
  size_t count;
  uint64_t position;
  uint64_t end;
  int is_closing;
  char message[256];
} ctiff_capture;

static inline int ctiff_capture_keep(
    TIFF *tiff, void *client, const char *module, const char *format, va_list arguments) {
  (void)tiff;
  ctiff_capture *capture = (ctiff_capture *)client;
  if (!capture->message[0]) ctiff_format(capture->message, module, format, arguments);
  return 1;
}

static inline tmsize_t ctiff_capture_read(thandle_t client, void *bytes, tmsize_t count) {
  (void)client, (void)bytes, (void)count;
  return 0;
}

static inline tmsize_t ctiff_capture_write(thandle_t client, void *bytes, tmsize_t count) {
  ctiff_capture *capture = (ctiff_capture *)client;
  if (capture->is_closing) return count;
  if ((size_t)count > capture->capacity - capture->count) return -1;
  memcpy(capture->bytes + capture->count, bytes, (size_t)count);
  capture->count += (size_t)count;
  capture->position += (uint64_t)count;
  if (capture->position > capture->end) capture->end = capture->position;
  return count;
}

static inline toff_t ctiff_capture_seek(thandle_t client, toff_t offset, int whence) {
  ctiff_capture *capture = (ctiff_capture *)client;
  if (whence == SEEK_SET) capture->position = offset;
  if (whence == SEEK_CUR) capture->position += offset;
  if (whence == SEEK_END) capture->position = capture->end + offset;
  return capture->position;
}

static inline toff_t ctiff_capture_size(thandle_t client) {
  return ((ctiff_capture *)client)->end;
}

static inline TIFF *ctiff_open_capture(ctiff_capture *capture) {
  TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
  if (!options) return NULL;
  TIFFOpenOptionsSetErrorHandlerExtR(options, ctiff_capture_keep, capture);
  TIFFOpenOptionsSetWarningHandlerExtR(options, ctiff_drop, capture);
  TIFF *tiff = TIFFClientOpenExt(
      "tile", "w8", (thandle_t)capture, ctiff_capture_read, ctiff_capture_write,
      ctiff_capture_seek, ctiff_file_close, ctiff_capture_size, NULL, NULL, options);
  TIFFOpenOptionsFree(options);
  return tiff;
}

static inline int ctiff_get_offsets(
    TIFF *tiff, uint32_t tag, uint16_t *count, const uint64_t **values) {
  return TIFFGetField(tiff, tag, count, values);
}

#endif
