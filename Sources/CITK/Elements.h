#pragma once

#include "Guarded.h"
#include <fstream>
#include <gdcmReader.h>
#include <gdcmSequenceOfItems.h>
#include <map>
#include <memory>

/// A DICOM file that has been read up to its samples.
struct ci_elements {
  std::string path;
  std::ifstream stream;
  gdcm::Reader reader;
  std::map<gdcm::Tag, gdcm::SmartPointer<gdcm::SequenceOfItems>> sequences;
  /// Bytes of the file.
  int64_t size = 0;
  /// Where the value of the samples starts; -1 where the file has none, or is packed as a whole.
  int64_t pixelStart = -1;
  /// How long the file says they are; 0xffffffff for fragments.
  uint32_t pixelLength = 0;
  bool isDeflated = false;
};
