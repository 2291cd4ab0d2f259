#ifdef CI_HAS_ITK
#include "CITK.h"
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <unistd.h>
#include <vector>
#include <zlib.h>

namespace {
/// How much more than was asked for is read to come to the checksum at the end.
const int64_t beyond = 64 << 20;

gzFile open_from(const char *path, int64_t from) {
  const int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return nullptr;
  auto file = lseek(descriptor, from, SEEK_SET) == from ? gzdopen(descriptor, "rb") : nullptr;
  if (!file) close(descriptor);
  return file;
}
} // namespace

int64_t ci_measure(const char *path, int64_t from, uint8_t *start, int count, int64_t limit) {
  auto file = open_from(path, from);
  if (!file) return -1;
  std::vector<uint8_t> buffer(1 << 18);
  int64_t length = 0;
  int got = 0;
  const int64_t last = count > 0 || gzdirect(file) ? limit : limit + beyond;
  while (length < last && (got = gzread(file, buffer.data(), unsigned(buffer.size()))) > 0) {
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

int64_t ci_measure_packed(
    const char *path, int64_t start, int64_t length, int64_t limit, bool isBare) {
  std::unique_ptr<FILE, int (*)(FILE *)> file(fopen(path, "rb"), fclose);
  z_stream stream = {};
  if (!file || fseeko(file.get(), start, SEEK_SET) != 0) return -1;
  if (inflateInit2(&stream, isBare ? -15 : 47) != Z_OK) return -1;
  std::vector<uint8_t> packed(1 << 18), plain(1 << 18);
  int64_t count = 0;
  int state = Z_OK;
  while (state == Z_OK && count / 2 < limit) {
    if (stream.avail_in == 0) {
      const size_t wanted = size_t(std::clamp<int64_t>(length, 0, int64_t(packed.size())));
      stream.avail_in = unsigned(fread(packed.data(), 1, wanted, file.get()));
      stream.next_in = packed.data();
      length -= stream.avail_in;
    }
    stream.next_out = plain.data();
    stream.avail_out = unsigned(plain.size());
    state = inflate(&stream, Z_NO_FLUSH);
    count += int64_t(plain.size()) - stream.avail_out;
  }
  inflateEnd(&stream);
  const bool isWhole = state == Z_STREAM_END || (state == Z_OK && count / 2 >= limit);
  return isWhole ? std::min(count, limit) : -1;
}

namespace {
template <typename Number, typename Bits>
void restore(gzFile file, bool isSwapped, float *target, int64_t count) {
  std::vector<Bits> buffer(1 << 15);
  for (int64_t done = 0; done < count;) {
    const size_t wanted = size_t(std::min<int64_t>(count - done, int64_t(buffer.size())));
    const int got = gzread(file, buffer.data(), unsigned(wanted * sizeof(Bits)));
    if (got < int(sizeof(Bits))) return;
    for (int place = 0; place < got / int(sizeof(Bits)); ++place, ++done) {
      Bits bits = buffer[size_t(place)];
      if (isSwapped) std::reverse(reinterpret_cast<char *>(&bits), reinterpret_cast<char *>(&bits + 1));
      Number number;
      memcpy(&number, &bits, sizeof number);
      if (!std::isfinite(number)) target[done] = float(number);
    }
  }
}
} // namespace

void ci_restore_gaps(
    const char *path, int64_t start, bool isDouble, bool isSwapped, float *target, int64_t count) {
  auto file = gzopen(path, "rb");
  if (!file) return;
  if (gzseek(file, start, SEEK_SET) == start) {
    if (isDouble) restore<double, uint64_t>(file, isSwapped, target, count);
    else restore<float, uint32_t>(file, isSwapped, target, count);
  }
  gzclose(file);
}
#endif
