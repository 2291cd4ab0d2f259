#ifdef CI_HAS_ITK
#include "CITK.h"
#include <algorithm>
#include <cstring>
#include <vector>
#include <zlib.h>

int64_t ci_measure(const char *path, uint8_t *start, int count, int64_t limit) {
  auto file = gzopen(path, "rb");
  if (!file) return -1;
  std::vector<uint8_t> buffer(1 << 18);
  int64_t length = 0;
  int got = 0;
  while (length < limit && (got = gzread(file, buffer.data(), unsigned(buffer.size()))) > 0) {
    if (length < count)
      memcpy(start + length, buffer.data(), size_t(std::min<int64_t>(got, count - length)));
    length += got;
  }
  // A stream that ends early gives what it has, and says so at the end.
  int state = Z_OK;
  gzerror(file, &state);
  bool isBroken = got < 0 || state == Z_BUF_ERROR || state == Z_DATA_ERROR;
  gzclose(file);
  return isBroken ? -1 : std::min(length, limit);
}
#endif
