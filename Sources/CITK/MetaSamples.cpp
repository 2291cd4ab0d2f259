#ifdef CI_HAS_ITK
#include "ITKPrelude.h"

#include "Images.h"
#include "Listening.h"
#include <fstream>
#include <metaImage.h>

namespace {
/// MetaIO's own reader of headers, whose length of packed samples it keeps to itself.
struct Header : MetaImage {
  int64_t packedSize() const { return int64_t(m_CompressedDataSize); }
};
} // namespace

bool ci_find_meta_samples(const char *path, ci_meta_samples *samples, char **error) {
  return ci_guarded_images(error, false, [&] {
    ci_listening listening;
    std::ifstream stream(path, std::ios::binary);
    Header header;
    header.FileName(path);
    if (!stream || !header.ReadStream(0, &stream, false))
      throw std::runtime_error("its header cannot be read");
    const int64_t start = stream.tellg();
    stream.clear();
    samples->start = start;
    samples->skipped = header.HeaderSize();
    samples->packedSize = header.packedSize();
    samples->isPacked = header.BinaryData() && header.CompressedData();
    samples->isText = !header.BinaryData();
    samples->source = ci_copy(header.ElementDataFileName());
    return true;
  });
}
#endif
