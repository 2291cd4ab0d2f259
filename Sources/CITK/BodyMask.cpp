#ifdef CI_HAS_ITK
#include "ITKPrelude.h"

#include "Images.h"
#include <algorithm>
#include <cmath>
#include <itkBinaryBallStructuringElement.h>
#include <itkBinaryFillholeImageFilter.h>
#include <itkBinaryMorphologicalClosingImageFilter.h>
#include <itkBinaryMorphologicalOpeningImageFilter.h>
#include <itkConnectedComponentImageFilter.h>
#include <itkHistogram.h>
#include <itkOtsuMultipleThresholdsCalculator.h>
#include <itkSignedMaurerDistanceMapImageFilter.h>
#include <itkSliceBySliceImageFilter.h>
#include <vector>

namespace {
/// The lower of the two thresholds by Otsu between `low` and `high`: bone and air in the head are dark in
/// MRI, so that a single threshold may lie above the scalp.
float threshold(const float *samples, size_t count, float low, float high) {
  using Histogram = itk::Statistics::Histogram<float>;
  const int bins = 256;
  std::vector<size_t> frequencies(bins, 0);
  const double scale = bins / (double(high) - double(low));
  for (size_t index = 0; index < count; ++index) {
    if (!std::isfinite(samples[index])) continue;
    double bin = (double(std::min(samples[index], high)) - double(low)) * scale;
    ++frequencies[size_t(std::clamp(bin, 0.0, double(bins - 1)))];
  }
  auto histogram = Histogram::New();
  histogram->SetMeasurementVectorSize(1);
  Histogram::SizeType size(1);
  Histogram::MeasurementVectorType lower(1), upper(1);
  size.Fill(bins);
  lower.Fill(low);
  upper.Fill(high);
  histogram->Initialize(size, lower, upper);
  for (int bin = 0; bin < bins; ++bin) histogram->SetFrequency(bin, frequencies[size_t(bin)]);
  auto calculator = itk::OtsuMultipleThresholdsCalculator<Histogram>::New();
  calculator->SetInputHistogram(histogram);
  calculator->SetNumberOfThresholds(2);
  calculator->Compute();
  return calculator->GetOutput()[0];
}

using Ball = itk::BinaryBallStructuringElement<uint8_t, 3>;

/// A ball of so many mm, or of so many samples of the finest axis where these are wider.
Ball ball(const ci_mask *mask, double millimetres, int samples) {
  const auto spacing = mask->GetSpacing();
  const double finest = std::min({spacing[0], spacing[1], spacing[2]});
  const double radius = std::max(millimetres, samples * finest);
  Ball::SizeType radii;
  for (unsigned axis = 0; axis < 3; ++axis) radii[axis] = size_t(radius / spacing[axis] + 0.5);
  Ball ball;
  ball.SetRadius(radii);
  ball.CreateStructuringElement();
  return ball;
}

template <typename Filter> ci_mask::Pointer morphed(ci_mask *mask, const Ball &ball) {
  auto filter = Filter::New();
  filter->SetInput(mask);
  filter->SetKernel(ball);
  filter->SetForegroundValue(1);
  filter->Update();
  return filter->GetOutput();
}

/// Keeps the largest part that hangs together by faces.
void keepLargest(ci_mask *mask, size_t count) {
  using Labels = itk::Image<uint32_t, 3>;
  auto filter = itk::ConnectedComponentImageFilter<ci_mask, Labels>::New();
  filter->SetInput(mask);
  filter->Update();
  const auto *labels = filter->GetOutput()->GetBufferPointer();
  std::vector<size_t> sizes(size_t(filter->GetObjectCount()) + 1, 0);
  for (size_t index = 0; index < count; ++index) ++sizes[labels[index]];
  sizes[0] = 0;
  const auto largest = std::max_element(sizes.begin(), sizes.end()) - sizes.begin();
  auto *inside = mask->GetBufferPointer();
  for (size_t index = 0; index < count; ++index)
    inside[index] = largest > 0 && labels[index] == largest;
}

/// Fills what is surrounded in a slice across `axis`.
ci_mask::Pointer filled(ci_mask *mask, unsigned axis) {
  using Slices = itk::SliceBySliceImageFilter<ci_mask, ci_mask>;
  auto fill = itk::BinaryFillholeImageFilter<Slices::InternalInputImageType>::New();
  fill->SetForegroundValue(1);
  auto slices = Slices::New();
  slices->SetInput(mask);
  slices->SetFilter(fill);
  slices->SetDimension(axis);
  slices->Update();
  return slices->GetOutput();
}
} // namespace

bool ci_body_mask(
    ci_grid grid, const float *samples, float low, float high, bool *inside, char **error) {
  return ci_guarded_images(error, false, [&] {
    using Opening = itk::BinaryMorphologicalOpeningImageFilter<ci_mask, ci_mask, Ball>;
    using Closing = itk::BinaryMorphologicalClosingImageFilter<ci_mask, ci_mask, Ball>;
    const size_t count = ci_count(grid);
    const float least = threshold(samples, count, low, high);
    for (size_t index = 0; index < count; ++index) inside[index] = samples[index] > least;
    auto mask = ci_lend<ci_mask>(grid, reinterpret_cast<uint8_t *>(inside));
    // A thin scalp is one part with what it encloses; then thin bridges to a couch or to noise break.
    for (unsigned axis = 0; axis < 3; ++axis) mask = filled(mask, axis);
    mask = morphed<Opening>(mask, ball(mask, 1, 1));
    keepLargest(mask, count);
    // Gaps in the skin close, and with them what is behind.
    mask = morphed<Closing>(mask, ball(mask, 3, 2));
    for (unsigned axis = 0; axis < 3; ++axis) mask = filled(mask, axis);
    const auto *result = mask->GetBufferPointer();
    for (size_t index = 0; index < count; ++index) inside[index] = result[index] != 0;
    return true;
  });
}

bool ci_dilate(
    ci_grid grid, const bool *inside, double millimetres, bool *target, char **error) {
  return ci_guarded_images(error, false, [&] {
    auto filter = itk::SignedMaurerDistanceMapImageFilter<ci_mask, ci_volume>::New();
    filter->SetInput(ci_lend<ci_mask>(grid, reinterpret_cast<const uint8_t *>(inside)));
    filter->SetUseImageSpacing(true);
    filter->SetSquaredDistance(false);
    filter->SetInsideIsPositive(false);
    filter->Update();
    const auto *distances = filter->GetOutput()->GetBufferPointer();
    // Distances are f32: one that is exact in mm counts.
    const float limit = float(millimetres * (1 + 1e-6));
    const size_t count = ci_count(grid);
    for (size_t index = 0; index < count; ++index)
      target[index] = inside[index] || distances[index] <= limit;
    return true;
  });
}
#endif
