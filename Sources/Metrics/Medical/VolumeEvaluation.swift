public import Base
import Foundation

/// Measures how alike two volumes on one grid are: CT in HU, or any other values.
public struct VolumeEvaluation: Sendable {
  /// What can be measured on volumes.
  public static let metrics: Set<PairedMetric> = [
    .huMAE, .huPSNR, .huMSSSIM, .mae, .rmse, .psnr, .ssim,
  ]

  /// What to measure.
  public let metrics: Set<PairedMetric>
  /// The data range of PSNR and SSIM.
  public let range: LevelRange
  /// Values that the metrics in HU tell apart.
  public let hounsfield: LevelRange

  /// Chooses what to measure; without a range PSNR and SSIM have that of HU.
  public init(
    _ metrics: Set<PairedMetric>, range: LevelRange? = nil,
    hounsfield: LevelRange = HounsfieldSimilarity.defaultRange
  ) {
    self.metrics = metrics.intersection(Self.metrics)
    self.range = range ?? hounsfield
    self.hounsfield = hounsfield
  }

  /// Compares two volumes whose slices are axial.
  ///
  /// With a mask all figures are of its voxels. Without one, MAE, RMSE, PSNR and SSIM are of all voxels, those
  /// in HU of the body that ``BodyMask`` finds in the target.
  public func measure(
    _ result: FloatVolume, against target: FloatVolume, mask: FloatVolume? = nil, pool: WorkerPool
  ) throws(TesseraError) -> PairedFigures {
    var figures = PairedFigures()
    guard result.hasSize(of: target), mask?.hasSize(of: target) != false else {
      throw TesseraError("the volumes have different sizes; give volumes on the same grid")
    }
    addDifferences(result, target, mask, &figures)
    if metrics.contains(.ssim) {
      figures.values[.ssim] = SliceSimilarity(range: range).measure(
        result, against: target, mask: mask, pool: pool)
      if figures.values[.ssim] == nil {
        figures.notes.append(
          "no SSIM: its window has \(GaussianWindow.side) x \(GaussianWindow.side) voxels")
      }
    }
    if metrics.contains(where: \.isHounsfield) {
      let body = mask ?? BodyMask.find(in: target)
      let values = try HounsfieldSimilarity(range: hounsfield).measure(
        result, against: target, mask: body, wantsMSSSIM: metrics.contains(.huMSSSIM))
      if metrics.contains(.huMAE) { figures.values[.huMAE] = values.mae }
      if metrics.contains(.huPSNR) { figures.values[.huPSNR] = values.psnr }
      if metrics.contains(.huMSSSIM) { figures.values[.huMSSSIM] = values.msSSIM }
      if mask == nil {
        figures.notes.append(
          "in HU the body counts, as it lies in the target; --mask gives another")
      }
    }
    return figures
  }

  private func addDifferences(
    _ result: FloatVolume, _ target: FloatVolume, _ mask: FloatVolume?,
    _ figures: inout PairedFigures
  ) {
    var (magnitudes, squares) = (0.0, 0.0)
    for index in target.values.indices where mask.map({ $0.values[index] > 0 }) ?? true {
      let difference = Double(result.values[index]) - Double(target.values[index])
      guard difference.isFinite else {
        figures.nonFiniteSamples += 1
        continue
      }
      magnitudes += abs(difference)
      squares += difference * difference
      figures.pixels += 1
    }
    guard figures.pixels > 0 else {
      figures.notes.append("no voxel to compare: the mask is empty or no sample is a number")
      return
    }
    let count = Double(figures.pixels)
    let square = squares / count
    if metrics.contains(.mae) { figures.values[.mae] = magnitudes / count }
    if metrics.contains(.rmse) { figures.values[.rmse] = square.squareRoot() }
    if metrics.contains(.psnr) {
      figures.values[.psnr] = 10 * log10(range.width * range.width / square)
    }
  }
}
