public import Base
import Foundation

/// How alike two CT volumes are inside the body, by the definitions of the SynthRAD 2025 challenge.
///
/// Follows the challenge's `image_metrics.py`: outside of the mask both are air; MAE is of the values
/// as they are; PSNR and MS-SSIM clip them to the range first, whose width is the data range. The
/// challenge has used -1024...3000 and -1024...3071: figures name theirs.
public struct HounsfieldSimilarity: Sendable {
  /// The figures of a volume.
  public struct Figures: Sendable, Hashable, Codable {
    /// Mean absolute error in HU.
    public let mae: Double
    /// Peak signal-to-noise ratio in dB; infinite where the two are the same.
    public let psnr: Double
    /// Masked MS-SSIM in three dimensions; nil if it was not asked for or the mask leaves no window.
    public let msSSIM: Double?
    /// Voxels of the mask.
    public let voxels: Int
  }

  /// Values that are told apart, in HU.
  public let range: LevelRange

  /// The range of the challenge's training code.
  public static let defaultRange = LevelRange(unchecked: -1024, 3000)

  /// Takes the range.
  public init(range: LevelRange = HounsfieldSimilarity.defaultRange) { self.range = range }

  /// Compares; of the mask, what is above 0 counts, without one all does.
  ///
  /// The challenge's masks are outlines of the body, dilated: ``BodyMask`` makes one like them. A
  /// value that is no number counts as air.
  public func measure(
    _ result: FloatVolume, against target: FloatVolume, mask: FloatVolume? = nil,
    wantsMSSSIM: Bool = true
  ) throws(TesseraError) -> Figures {
    guard result.hasSize(of: target) else {
      throw TesseraError(
        "it has \(result.size) voxels, the other \(target.size); give volumes on the same grid")
    }
    if let mask, !mask.hasSize(of: target) {
      throw TesseraError(
        "the mask has \(mask.size) voxels, the volumes \(target.size); give one on the same grid")
    }
    let isInside = mask.map { $0.values.map { $0 > 0 } }
    let air = Float(range.low)
    var (first, second) = (result, target)
    for index in first.values.indices {
      let counts = isInside.map { $0[index] } ?? true
      if !counts || !first.values[index].isFinite { first.values[index] = air }
      if !counts || !second.values[index].isFinite { second.values[index] = air }
    }
    let voxels = isInside.map { $0.count(where: \.self) } ?? target.values.count
    guard voxels > 0 else {
      throw TesseraError("the mask is empty; give one that is above 0 inside the body")
    }
    var (magnitudes, squares) = (0.0, 0.0)
    // Outside of the mask both are air.
    for (a, b) in zip(first.values, second.values) {
      magnitudes += abs(Double(a) - Double(b))
      let difference = clipped(a) - clipped(b)
      squares += difference * difference
    }
    let square = squares / Double(voxels)
    for index in first.values.indices {
      first.values[index] = Float(clipped(first.values[index]) - range.low)
      second.values[index] = Float(clipped(second.values[index]) - range.low)
    }
    return Figures(
      mae: magnitudes / Double(voxels), psnr: 10 * log10(range.width * range.width / square),
      msSSIM: wantsMSSSIM ? VolumeSimilarity(range: range.width).measure(first, second, mask) : nil,
      voxels: voxels)
  }

  private func clipped(_ value: Float) -> Double { max(range.low, min(range.high, Double(value))) }
}
