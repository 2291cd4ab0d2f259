#ifdef CI_HAS_ITK
#include "ITKPrelude.h"

#include "Images.h"
#include "Listening.h"
#include <fstream>
#include <gdcmTrace.h>
#include <itkGDCMImageIO.h>
#include <itkMetaDataObject.h>
#include <itkMetaImageIO.h>
#include <itkNiftiImageIO.h>
#include <itkNrrdImageIO.h>
#include <itkVersion.h>
#include <memory>
#include <vector>
#include <zlib.h>

struct ci_file {
  itk::ImageIOBase::Pointer io;
};

namespace {
using Component = itk::CommonEnums::IOComponent;

/// The libraries say on standard error what they then throw.
bool silence() {
  itk::Object::GlobalWarningDisplayOff();
  gdcm::Trace::WarningOff();
  gdcm::Trace::ErrorOff();
  gdcm::Trace::DebugOff();
  return true;
}

itk::ImageIOBase::Pointer make(ci_format format) {
  static const bool isSilent = silence();
  (void)isSilent;
  switch (format) {
  case ci_nifti: return itk::NiftiImageIO::New().GetPointer();
  case ci_meta: return itk::MetaImageIO::New().GetPointer();
  case ci_nrrd: return itk::NrrdImageIO::New().GetPointer();
  case ci_dicom: return itk::GDCMImageIO::New().GetPointer();
  }
  throw std::runtime_error("an unknown format");
}

ci_type type(Component component) {
  switch (component) {
  case Component::UCHAR: return ci_uint8;
  case Component::CHAR: return ci_int8;
  case Component::USHORT: return ci_uint16;
  case Component::SHORT: return ci_int16;
  case Component::UINT: return ci_uint32;
  case Component::INT: return ci_int32;
  case Component::ULONG: return sizeof(long) == 8 ? ci_uint64 : ci_uint32;
  case Component::LONG: return sizeof(long) == 8 ? ci_int64 : ci_int32;
  case Component::ULONGLONG: return ci_uint64;
  case Component::LONGLONG: return ci_int64;
  case Component::FLOAT: return ci_float32;
  case Component::DOUBLE: return ci_float64;
  default: throw std::runtime_error("its samples are of a type that is not known");
  }
}

Component component(ci_type type) {
  switch (type) {
  case ci_uint8: return Component::UCHAR;
  case ci_int8: return Component::CHAR;
  case ci_uint16: return Component::USHORT;
  case ci_int16: return Component::SHORT;
  case ci_uint32: return Component::UINT;
  case ci_int32: return Component::INT;
  case ci_uint64: return Component::ULONGLONG;
  case ci_int64: return Component::LONGLONG;
  case ci_float32: return Component::FLOAT;
  case ci_float64: return Component::DOUBLE;
  }
  throw std::runtime_error("an unknown type of samples");
}

template <typename Sample> void convert(const void *source, float *target, int64_t count) {
  auto samples = static_cast<const Sample *>(source);
  for (int64_t index = 0; index < count; ++index) target[index] = float(samples[index]);
}

void convert(ci_type type, const void *source, float *target, int64_t count) {
  switch (type) {
  case ci_uint8: return convert<uint8_t>(source, target, count);
  case ci_int8: return convert<int8_t>(source, target, count);
  case ci_uint16: return convert<uint16_t>(source, target, count);
  case ci_int16: return convert<int16_t>(source, target, count);
  case ci_uint32: return convert<uint32_t>(source, target, count);
  case ci_int32: return convert<int32_t>(source, target, count);
  case ci_uint64: return convert<uint64_t>(source, target, count);
  case ci_int64: return convert<int64_t>(source, target, count);
  case ci_float32: return convert<float>(source, target, count);
  case ci_float64: return convert<double>(source, target, count);
  }
}

itk::ImageIORegion whole(itk::ImageIOBase &io) {
  itk::ImageIORegion region(io.GetNumberOfDimensions());
  for (unsigned axis = 0; axis < io.GetNumberOfDimensions(); ++axis)
    region.SetSize(axis, io.GetDimensions(axis));
  return region;
}
} // namespace

void ci_free_text(char *text) { free(text); }

const char *ci_version(void) { return itk::Version::GetITKVersion(); }

ci_file_ref ci_open(const char *path, ci_format format, char **error) {
  return ci_guarded_images<ci_file_ref>(error, nullptr, [&] {
    ci_listening listening;
    auto io = make(format);
    io->SetFileName(path);
    io->ReadImageInformation();
    if (io->GetNumberOfDimensions() > ci_max_dimensions)
      throw std::runtime_error("it has more than 7 dimensions");
    type(io->GetComponentType());
    return new ci_file{io};
  });
}

void ci_close(ci_file_ref file) { delete file; }

ci_header ci_get_header(ci_file_ref file) {
  auto &io = *file->io;
  ci_header header = {};
  header.dimensions = int(io.GetNumberOfDimensions());
  header.components = int(io.GetNumberOfComponents());
  header.type = type(io.GetComponentType());
  auto dicom = dynamic_cast<itk::GDCMImageIO *>(&io);
  header.slope = dicom ? dicom->GetRescaleSlope() : 1;
  header.intercept = dicom ? dicom->GetRescaleIntercept() : 0;
  for (int axis = 0; axis < ci_max_dimensions; ++axis) {
    bool exists = axis < header.dimensions;
    header.size[axis] = exists ? int64_t(io.GetDimensions(axis)) : 1;
    header.spacing[axis] = exists ? io.GetSpacing(axis) : 1;
    if (axis >= 3) continue;
    header.origin[axis] = exists ? io.GetOrigin(axis) : 0;
    std::vector<double> column;
    if (exists) column = io.GetDirection(axis);
    for (int row = 0; row < 3; ++row)
      header.direction[3 * axis + row] = row < int(column.size()) ? column[row] : axis == row;
  }
  return header;
}

char *ci_get_entry(ci_file_ref file, const char *key) {
  std::string value;
  try {
    if (itk::ExposeMetaData<std::string>(file->io->GetMetaDataDictionary(), key, value))
      return ci_copy(value);
  } catch (...) {
  }
  return nullptr;
}

bool ci_read(ci_file_ref file, float *target, int64_t count, char **error) {
  return ci_guarded_images(error, false, [&] {
    auto &io = *file->io;
    if (int64_t(io.GetImageSizeInComponents()) != count)
      throw std::runtime_error("its header changed while it was read");
    io.SetIORegion(whole(io));
    ci_listening listening;
    if (type(io.GetComponentType()) == ci_float32) {
      io.Read(target);
    } else {
      std::unique_ptr<char[]> buffer(new char[io.GetImageSizeInBytes()]);
      io.Read(buffer.get());
      convert(type(io.GetComponentType()), buffer.get(), target, count);
    }
    // The end of a text is no failure.
    const auto said = listening.line();
    if (dynamic_cast<itk::MetaImageIO *>(&io) && !said.empty() &&
        said.find("fail after read") == std::string::npos)
      throw std::runtime_error("the library says: " + said);
    return true;
  });
}

namespace {
/// Puts a text where NIfTI's headers have 80 bytes for it; ITK leaves them empty.
void describe(const std::string &path, const std::string &text) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  int32_t length = 0;
  file.read(reinterpret_cast<char *>(&length), sizeof length);
  const std::streamoff place = length == 348 ? 148 : length == 540 ? 240 : 0;
  if (!file || place == 0) throw std::runtime_error("its header cannot be read again");
  char field[80] = {};
  memcpy(field, text.data(), std::min(text.size(), sizeof field - 1));
  file.seekp(place);
  file.write(field, sizeof field);
  if (!file.flush()) throw std::runtime_error("its header cannot be written");
}

void pack(const std::string &path, const std::string &packed) {
  std::ifstream source(path, std::ios::binary);
  auto target = gzopen(packed.c_str(), "wb");
  if (!target) throw std::runtime_error("it cannot be created");
  std::vector<char> buffer(1 << 20);
  bool isWhole = true;
  while (isWhole && source) {
    source.read(buffer.data(), std::streamsize(buffer.size()));
    const int count = int(source.gcount());
    isWhole = count == 0 || gzwrite(target, buffer.data(), unsigned(count)) == count;
  }
  if (gzclose(target) != Z_OK || !isWhole || !source.eof()) throw std::runtime_error("there is no room for it");
}

/// A file that goes when the work is done, or has failed.
struct Passing {
  std::string path;
  ~Passing() { if (!path.empty()) remove(path.c_str()); }
};
} // namespace

bool ci_write(
    const char *path, ci_format format, ci_header header, const void *samples, bool compressed,
    const char *const *keys, const char *const *values, int entries, char **error) {
  return ci_guarded_images(error, false, [&] {
    auto io = make(format);
    const bool isNoted = format == ci_nifti && entries > 0;
    // What is packed cannot be changed: its header gets the note before.
    const std::string name = path;
    const bool isPacked = isNoted && name.size() > 3 && name.compare(name.size() - 3, 3, ".gz") == 0;
    const Passing plain{isPacked ? name.substr(0, name.size() - 3) : ""};
    const std::string &written = isPacked ? plain.path : name;
    io->SetNumberOfDimensions(unsigned(header.dimensions));
    for (int axis = 0; axis < header.dimensions; ++axis) {
      io->SetDimensions(axis, size_t(header.size[axis]));
      io->SetSpacing(axis, header.spacing[axis]);
      io->SetOrigin(axis, axis < 3 ? header.origin[axis] : 0);
      std::vector<double> column(size_t(header.dimensions), 0.0);
      for (int row = 0; row < header.dimensions; ++row)
        column[row] = axis < 3 && row < 3 ? header.direction[3 * axis + row] : axis == row;
      io->SetDirection(axis, column);
    }
    io->SetComponentType(component(header.type));
    io->SetPixelType(itk::CommonEnums::IOPixel::SCALAR);
    io->SetNumberOfComponents(1);
    io->SetUseCompression(compressed);
    auto &dictionary = io->GetMetaDataDictionary();
    for (int entry = 0; entry < entries; ++entry)
      itk::EncapsulateMetaData<std::string>(dictionary, keys[entry], values[entry]);
    io->SetFileName(written);
    io->SetIORegion(whole(*io));
    io->WriteImageInformation();
    io->Write(samples);
    if (isNoted) describe(written, values[0]);
    if (isPacked) pack(written, name);
    return true;
  });
}
#endif
