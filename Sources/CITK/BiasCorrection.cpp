#ifdef CI_HAS_ITK
#include "ITKPrelude.h"

#include "Images.h"
#include <algorithm>
#include <cmath>
#include <itkBSplineControlPointImageFilter.h>
#include <itkN4BiasFieldCorrectionImageFilter.h>
#include <itkShrinkImageFilter.h>

namespace {
/// Sums are split by work units, so that a fixed number gives the same bits on any machine.
const unsigned workUnits = 8;

template <typename Image>
typename Image::Pointer thinned(Image *image, const ci_grid &grid, int shrink) {
  auto filter = itk::ShrinkImageFilter<Image, Image>::New();
  filter->SetInput(image);
  for (unsigned axis = 0; axis < 3; ++axis)
    filter->SetShrinkFactor(
        axis, unsigned(std::clamp<int64_t>(grid.size[axis] / 4, 1, std::max(1, shrink))));
  filter->Update();
  return filter->GetOutput();
}
} // namespace

bool ci_correct_bias(
    ci_grid grid, const float *samples, const bool *inside, int shrink, float *target,
    char **error) {
  return ci_guarded_images(error, false, [&] {
    using N4 = itk::N4BiasFieldCorrectionImageFilter<ci_volume, ci_mask, ci_volume>;
    auto image = ci_lend<ci_volume>(grid, samples);
    auto mask = ci_lend<ci_mask>(grid, reinterpret_cast<const uint8_t *>(inside));
    auto filter = N4::New();
    auto thinMask = thinned<ci_mask>(mask, grid, shrink);
    const auto *start = thinMask->GetBufferPointer();
    const auto *end = start + thinMask->GetLargestPossibleRegion().GetNumberOfPixels();
    if (std::count(start, end, 1) < 2) throw std::runtime_error("the body is too small in it");
    filter->SetInput(thinned<ci_volume>(image, grid, shrink));
    filter->SetMaskImage(thinMask);
    filter->SetNumberOfWorkUnits(workUnits);
    // The defaults of SimpleITK, where ITK's have one level.
    N4::ArrayType levels;
    levels.Fill(4);
    N4::VariableSizeArrayType iterations(4);
    iterations.Fill(50);
    filter->SetNumberOfFittingLevels(levels);
    filter->SetMaximumNumberOfIterations(iterations);
    filter->Update();

    using Field = itk::BSplineControlPointImageFilter<
        N4::BiasFieldControlPointLatticeType, N4::ScalarImageType>;
    auto field = Field::New();
    field->SetInput(filter->GetLogBiasFieldControlPointLattice());
    field->SetSplineOrder(filter->GetSplineOrder());
    field->SetSize(image->GetLargestPossibleRegion().GetSize());
    field->SetOrigin(image->GetOrigin());
    field->SetDirection(image->GetDirection());
    field->SetSpacing(image->GetSpacing());
    field->Update();
    const auto *logarithms = field->GetOutput()->GetBufferPointer();
    const size_t count = ci_count(grid);
    for (size_t index = 0; index < count; ++index)
      target[index] = samples[index] / std::exp(logarithms[index][0]);
    return true;
  });
}
#endif
