#pragma once

#include "Guarded.h"
#include <algorithm>
#include <itkImage.h>
#include <itkImportImageContainer.h>
#include <stdexcept>
#include <string>

using ci_volume = itk::Image<float, 3>;
using ci_mask = itk::Image<uint8_t, 3>;

/// ITK puts its source file and line before the reason, NRRD's library all that it was about to do.
inline std::string ci_reason(const itk::ExceptionObject &failure) {
  std::string text = failure.GetDescription();
  if (auto last = text.rfind("[nrrd] "); last != std::string::npos) {
    auto reason = text.find(": ", last);
    text = text.substr(reason == std::string::npos ? last + 7 : reason + 2);
  }
  auto end = text.rfind("): ");
  if (text.rfind("ITK ERROR", 0) == 0 && end != std::string::npos) text = text.substr(end + 3);
  while (!text.empty() && isspace(static_cast<unsigned char>(text.back()))) text.pop_back();
  for (auto &letter : text)
    if (letter == '\n') letter = ' ';
  return text;
}

/// As `ci_guarded`, with the reasons of ITK's exceptions in one line.
template <typename Result, typename Body>
Result ci_guarded_images(char **error, Result otherwise, Body body) {
  return ci_guarded(error, otherwise, [&] {
    try {
      return body();
    } catch (const itk::MemoryAllocationError &) {
      throw std::bad_alloc();
    } catch (const itk::ExceptionObject &failure) {
      throw std::runtime_error(ci_reason(failure));
    }
  });
}

inline size_t ci_count(const ci_grid &grid) {
  return size_t(grid.size[0]) * size_t(grid.size[1]) * size_t(grid.size[2]);
}

/// Lends samples to an image, which never writes to or frees what it only reads.
template <typename Image>
typename Image::Pointer ci_lend(const ci_grid &grid, const typename Image::PixelType *samples) {
  auto image = Image::New();
  typename Image::RegionType region;
  typename Image::SpacingType spacing;
  typename Image::PointType origin;
  typename Image::DirectionType direction;
  for (unsigned axis = 0; axis < 3; ++axis) {
    region.SetSize(axis, size_t(grid.size[axis]));
    spacing[axis] = grid.spacing[axis];
    origin[axis] = grid.origin[axis];
    for (unsigned row = 0; row < 3; ++row) direction[row][axis] = grid.direction[3 * axis + row];
  }
  image->SetRegions(region);
  image->SetSpacing(spacing);
  image->SetOrigin(origin);
  image->SetDirection(direction);
  image->GetPixelContainer()->SetImportPointer(
      const_cast<typename Image::PixelType *>(samples), ci_count(grid), false);
  return image;
}

/// Runs a filter that writes its samples straight into `target`, which lies on `grid`.
template <typename Filter, typename Sample>
void ci_run(Filter *filter, const ci_grid &grid, Sample *target) {
  using Image = typename Filter::OutputImageType;
  filter->GraftOutput(ci_lend<Image>(grid, target));
  filter->Update();
  auto *image = filter->GetOutput();
  if (image->GetBufferPointer() != target)
    std::copy_n(image->GetBufferPointer(), ci_count(grid), target);
}
