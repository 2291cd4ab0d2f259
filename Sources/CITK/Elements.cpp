#ifdef CI_HAS_ITK
#include "Elements.h"
#include <gdcmMediaStorage.h>
#include <gdcmSequenceOfItems.h>
#include <gdcmStringFilter.h>
#include <stdexcept>

namespace {
const gdcm::Tag pixels(0x7fe0, 0x0010);

uint32_t number(const unsigned char *bytes, bool isSwapped) {
  uint32_t value = 0;
  for (int place = 0; place < 4; ++place)
    value |= uint32_t(bytes[place]) << 8 * (isSwapped ? 3 - place : place);
  return value;
}

/// Finds the element of the samples, whose length is what has been read last.
void locate(ci_elements &file, int64_t end) {
  const auto &syntax = file.reader.GetFile().GetHeader().GetDataSetTransferSyntax();
  file.isDeflated = syntax == gdcm::TransferSyntax::DeflatedExplicitVRLittleEndian;
  if (file.isDeflated || end < 12) return;
  const bool isSwapped = syntax.GetSwapCode() == gdcm::SwapCode::BigEndian;
  unsigned char bytes[12];
  file.stream.seekg(end - 12);
  if (!file.stream.read(reinterpret_cast<char *>(bytes), sizeof bytes)) return;
  // Eight bytes with a type of value, four without.
  for (int start : {0, 4}) {
    const uint32_t tag = number(bytes + start, isSwapped);
    if (tag != (isSwapped ? 0x7fe00010 : 0x00107fe0)) continue;
    file.pixelStart = end;
    file.pixelLength = number(bytes + 8, isSwapped);
    return;
  }
}

gdcm::SmartPointer<gdcm::SequenceOfItems> items(const gdcm::DataSet &set, const gdcm::Tag &tag) {
  if (!set.FindDataElement(tag)) return nullptr;
  return set.GetDataElement(tag).GetValueAsSQ();
}

/// The items of a sequence of the file itself, which is taken apart once.
gdcm::SequenceOfItems *items(ci_elements &file, const gdcm::Tag &tag) {
  auto found = file.sequences.find(tag);
  if (found == file.sequences.end())
    found = file.sequences.emplace(tag, items(file.reader.GetFile().GetDataSet(), tag)).first;
  return found->second;
}

/// A tag, the place of an item and the rest of "5200|9230#3/0020|9113/0020|0032".
struct Step {
  gdcm::Tag tag;
  size_t item = 0;
  std::string rest;

  explicit Step(const std::string &path) {
    unsigned group = 0, element = 0;
    if (sscanf(path.c_str(), "%x|%x#%zu", &group, &element, &item) < 2)
      throw std::runtime_error("not the way to an element: " + path);
    tag = gdcm::Tag(uint16_t(group), uint16_t(element));
    if (auto slash = path.find('/'); slash != std::string::npos) rest = path.substr(slash + 1);
  }
};

std::string text(ci_elements &file, const gdcm::DataSet &set, const Step &step, bool isOuter) {
  if (step.rest.empty()) {
    if (!set.FindDataElement(step.tag)) return "";
    gdcm::StringFilter filter;
    filter.SetFile(file.reader.GetFile());
    auto text = filter.ToString(set.GetDataElement(step.tag));
    while (!text.empty() && (text.back() == '\0' || text.back() == ' ')) text.pop_back();
    return text;
  }
  gdcm::SmartPointer<gdcm::SequenceOfItems> kept;
  if (!isOuter) kept = items(set, step.tag);
  auto *sequence = isOuter ? items(file, step.tag) : static_cast<gdcm::SequenceOfItems *>(kept);
  if (!sequence || sequence->GetNumberOfItems() <= step.item) return "";
  return text(file, sequence->GetItem(step.item + 1).GetNestedDataSet(), Step(step.rest), false);
}
} // namespace

ci_elements_ref ci_read_elements(const char *path, char **error) {
  return ci_guarded<ci_elements_ref>(error, nullptr, [&] {
    auto file = std::make_unique<ci_elements>();
    file->stream.open(path, std::ios::binary);
    if (!file->stream) throw std::runtime_error("it cannot be opened");
    file->stream.seekg(0, std::ios::end);
    file->path = path;
    file->size = file->stream.tellg();
    file->stream.seekg(0);
    file->reader.SetStream(file->stream);
    if (!file->reader.ReadUpToTag(pixels, {pixels}))
      throw std::runtime_error("it is no DICOM file, or ends in its header");
    const int64_t end = file->stream.tellg();
    file->stream.clear();
    locate(*file, end);
    return file.release();
  });
}

void ci_close_elements(ci_elements_ref file) { delete file; }

char *ci_find_element(ci_elements_ref file, const char *path) {
  char *error = nullptr;
  auto found = ci_guarded<char *>(&error, nullptr, [&]() -> char * {
    const Step step(path);
    auto &dicom = file->reader.GetFile();
    const bool isMeta = step.tag.GetGroup() == 2;
    const auto &set = isMeta ? dicom.GetHeader() : dicom.GetDataSet();
    const auto value = text(*file, set, step, true);
    return value.empty() ? nullptr : ci_copy(value);
  });
  free(error);
  return found;
}

int64_t ci_count_items(ci_elements_ref file, const char *tag) {
  char *error = nullptr;
  auto count = ci_guarded<int64_t>(&error, 0, [&]() -> int64_t {
    auto *sequence = items(*file, Step(tag).tag);
    return sequence ? int64_t(sequence->GetNumberOfItems()) : 0;
  });
  free(error);
  return count;
}

bool ci_is_image_class(const char *identifier) {
  return gdcm::MediaStorage::IsImage(gdcm::MediaStorage::GetMSType(identifier));
}
#endif
