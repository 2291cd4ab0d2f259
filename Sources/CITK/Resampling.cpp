#ifdef CI_HAS_ITK
#include "ITKPrelude.h"

#include "Images.h"
#include <itkBSplineInterpolateImageFunction.h>
#include <itkIdentityTransform.h>
#include <itkLinearInterpolateImageFunction.h>
#include <itkNearestNeighborInterpolateImageFunction.h>
#include <itkResampleImageFilter.h>

namespace {
template <typename Image, typename Interpolator, typename Sample>
bool resample(
    const ci_grid &grid, const Sample *samples, const ci_grid &onto, Sample outside, Sample *target,
    char **error) {
  return ci_guarded_images(error, false, [&] {
    auto reference = ci_lend<Image>(onto, target);
    auto filter = itk::ResampleImageFilter<Image, Image>::New();
    filter->SetInput(ci_lend<Image>(grid, samples));
    filter->SetTransform(itk::IdentityTransform<double, 3>::New());
    filter->SetInterpolator(Interpolator::New());
    filter->SetOutputParametersFromImage(reference);
    filter->SetDefaultPixelValue(outside);
    ci_run(filter.GetPointer(), onto, target);
    return true;
  });
}
} // namespace

bool ci_resample(
    ci_grid grid, const float *samples, ci_grid onto, ci_interpolation interpolation,
    float outside, float *target, char **error) {
  switch (interpolation) {
  case ci_nearest:
    return resample<ci_volume, itk::NearestNeighborInterpolateImageFunction<ci_volume>>(
        grid, samples, onto, outside, target, error);
  case ci_linear:
    return resample<ci_volume, itk::LinearInterpolateImageFunction<ci_volume>>(
        grid, samples, onto, outside, target, error);
  case ci_bspline:
    return resample<ci_volume, itk::BSplineInterpolateImageFunction<ci_volume>>(
        grid, samples, onto, outside, target, error);
  }
  *error = ci_copy("an unknown interpolation");
  return false;
}

bool ci_resample_mask(
    ci_grid grid, const bool *inside, ci_grid onto, bool *target, char **error) {
  return resample<ci_mask, itk::NearestNeighborInterpolateImageFunction<ci_mask>>(
      grid, reinterpret_cast<const uint8_t *>(inside), onto, uint8_t(0),
      reinterpret_cast<uint8_t *>(target), error);
}
#endif
