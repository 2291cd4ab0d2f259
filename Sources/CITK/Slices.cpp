#ifdef CI_HAS_ITK
#include "Guarded.h"
#include <gdcmDict.h>
#include <gdcmDicts.h>
#include <gdcmGlobal.h>
#include <gdcmImageWriter.h>
#include <gdcmReader.h>
#include <gdcmSequenceOfItems.h>
#include <gdcmUIDGenerator.h>

namespace {
/// What a derived slice says of who, which study and where.
struct Element {
  gdcm::Tag tag;
  /// Whether it is that of the source.
  bool isKept;
  /// Whether the standard wants it even where nobody knows it (types 2 and 2C): without a value, then.
  bool isOwed;
};

const Element elements[] = {
  {{0x0008, 0x0005}, true, false}, // character set
  {{0x0008, 0x0020}, true, true}, {{0x0008, 0x0030}, true, true}, // study
  {{0x0008, 0x0050}, true, true}, {{0x0008, 0x0090}, true, true}, {{0x0008, 0x1030}, true, false},
  {{0x0010, 0x0010}, true, true}, {{0x0010, 0x0020}, true, true}, // patient
  {{0x0010, 0x0030}, true, true}, {{0x0010, 0x0040}, true, true}, {{0x0010, 0x1010}, true, false},
  {{0x0010, 0x1030}, true, false},
  {{0x0018, 0x0060}, false, true}, // tube voltage: there was no tube
  {{0x0018, 0x5100}, true, true}, // position of the patient
  {{0x0020, 0x000d}, true, false}, {{0x0020, 0x0010}, true, true}, // study
  {{0x0020, 0x0012}, false, true}, // acquisition
  {{0x0020, 0x0052}, true, false}, {{0x0020, 0x1040}, true, true}, // frame
};

gdcm::Tag tag(const char *key) {
  unsigned group = 0, element = 0;
  if (sscanf(key, "%x|%x", &group, &element) != 2)
    throw std::runtime_error(std::string("not a tag: ") + key);
  return gdcm::Tag(uint16_t(group), uint16_t(element));
}

/// Puts text in a data set, as the type that the standard gives the tag.
void set(gdcm::DataSet &set, const gdcm::Tag &tag, const std::string &text) {
  auto &entry = gdcm::Global::GetInstance().GetDicts().GetDictEntry(tag);
  gdcm::VR vr = entry.GetVR();
  gdcm::DataElement element(tag);
  if (vr == gdcm::VR::US || vr == gdcm::VR::US_SS) {
    uint16_t number = uint16_t(std::stoi(text));
    element.SetVR(gdcm::VR::US);
    element.SetByteValue(reinterpret_cast<const char *>(&number), 2);
  } else {
    std::string padded = text;
    if (padded.size() % 2) padded += vr == gdcm::VR::UI ? '\0' : ' ';
    element.SetVR(vr);
    element.SetByteValue(padded.data(), uint32_t(padded.size()));
  }
  set.Replace(element);
}

std::string text(const gdcm::DataSet &set, const gdcm::Tag &tag) {
  if (!set.FindDataElement(tag)) return "";
  auto value = set.GetDataElement(tag).GetByteValue();
  if (!value) return "";
  std::string text(value->GetPointer(), value->GetLength());
  while (!text.empty() && (text.back() == '\0' || text.back() == ' ')) text.pop_back();
  return text;
}

/// The image that the slice was made from, as the standard wants it referenced.
void reference(gdcm::DataSet &target, const gdcm::DataSet &source) {
  auto instance = text(source, {0x0008, 0x0018});
  if (instance.empty()) return;
  gdcm::Item item;
  item.SetVLToUndefined();
  set(item.GetNestedDataSet(), {0x0008, 0x1150}, text(source, {0x0008, 0x0016}));
  set(item.GetNestedDataSet(), {0x0008, 0x1155}, instance);
  gdcm::SmartPointer<gdcm::SequenceOfItems> items = new gdcm::SequenceOfItems;
  items->SetLengthToUndefined();
  items->AddItem(item);
  gdcm::DataElement element(gdcm::Tag(0x0008, 0x2112));
  element.SetVR(gdcm::VR::SQ);
  element.SetValue(*items);
  element.SetVLToUndefined();
  target.Replace(element);
}
} // namespace

char *ci_make_uid(void) {
  gdcm::UIDGenerator generator;
  return ci_copy(generator.Generate());
}

bool ci_write_slice(const char *path, const ci_slice *slice, char **error) {
  return ci_guarded(error, false, [&] {
    gdcm::ImageWriter writer;
    auto &file = writer.GetFile();
    auto &target = file.GetDataSet();
    if (slice->source) {
      gdcm::Reader reader;
      reader.SetFileName(slice->source);
      // Pixels are not needed.
      if (!reader.ReadUpToTag(gdcm::Tag(0x7fe0, 0x0000)))
        throw std::runtime_error(std::string("its source cannot be read again: ") + slice->source);
      auto &source = reader.GetFile().GetDataSet();
      for (auto &element : elements)
        if (element.isKept && source.FindDataElement(element.tag))
          target.Replace(source.GetDataElement(element.tag));
      reference(target, source);
    }
    for (auto &element : elements)
      if (element.isOwed && !target.FindDataElement(element.tag)) set(target, element.tag, "");
    auto &image = writer.GetImage();
    image.SetNumberOfDimensions(2);
    unsigned size[] = {unsigned(slice->columns), unsigned(slice->rows)};
    image.SetDimensions(size);
    gdcm::PixelFormat format(gdcm::PixelFormat::INT16);
    format.SetBitsStored(16);
    image.SetPixelFormat(format);
    image.SetPhotometricInterpretation(gdcm::PhotometricInterpretation::MONOCHROME2);
    image.SetTransferSyntax(gdcm::TransferSyntax::ExplicitVRLittleEndian);
    gdcm::DataElement pixels(gdcm::Tag(0x7fe0, 0x0010));
    pixels.SetByteValue(
        reinterpret_cast<const char *>(slice->samples),
        uint32_t(2 * size_t(slice->columns) * size_t(slice->rows)));
    image.SetDataElement(pixels);
    for (int entry = 0; entry < slice->entries; ++entry)
      set(target, tag(slice->keys[entry]), slice->values[entry]);
    for (int entry = 0; entry < slice->entries; ++entry) {
      // The writer puts its own idea of these over what is in the data set.
      std::string key = slice->keys[entry];
      double numbers[6];
      const char *value = slice->values[entry];
      if (key == "0020|0032" &&
          sscanf(value, "%lf\\%lf\\%lf", numbers, numbers + 1, numbers + 2) == 3) {
        for (int axis = 0; axis < 3; ++axis) image.SetOrigin(axis, numbers[axis]);
      } else if (
          key == "0020|0037" &&
          sscanf(
              value, "%lf\\%lf\\%lf\\%lf\\%lf\\%lf", numbers, numbers + 1, numbers + 2,
              numbers + 3, numbers + 4, numbers + 5) == 6) {
        image.SetDirectionCosines(numbers);
      } else if (key == "0028|0030" && sscanf(value, "%lf\\%lf", numbers, numbers + 1) == 2) {
        image.SetSpacing(0, numbers[1]);
        image.SetSpacing(1, numbers[0]);
      } else if (key == "0028|1052") {
        image.SetIntercept(std::stod(value));
      } else if (key == "0028|1053") {
        image.SetSlope(std::stod(value));
      }
    }
    writer.SetFileName(path);
    if (!writer.Write()) throw std::runtime_error("GDCM does not write it");
    return true;
  });
}
#endif
