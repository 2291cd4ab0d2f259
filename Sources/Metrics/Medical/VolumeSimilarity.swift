import Foundation

/// MS-SSIM in three dimensions as SynthRAD 2025 computes it.
///
/// Windows are cubes of 7 voxels with equal weights and the sample covariance. At each of five
/// scales luminance, contrast and structure all have the scale's exponent; of the product's mean
/// inside the mask the product over the scales is taken. A volume under 97 voxels along an axis is
/// padded by repetition. A coarser scale averages 2 x 2 x 2 voxels, those before the first being 0, and
/// sees every other voxel of the mask.
struct VolumeSimilarity: Sendable {
  let range: Double

  private static let minimumSide = 97
  private static let radius = 3
  private static let side = 7

  /// Compares volumes of non-negative values; nil where the mask has no window at some scale.
  func measure(_ result: FloatVolume, _ target: FloatVolume, _ mask: FloatVolume?) -> Double? {
    var first = result.padded(to: Self.minimumSide)
    var second = target.padded(to: Self.minimumSide)
    var mask = mask?.padded(to: Self.minimumSide)
    var product = 1.0
    for (scale, weight) in MultiScaleMeasure.weights.enumerated() {
      if scale > 0 {
        (first, second, mask) = (Self.halved(first), Self.halved(second), mask.map(Self.thinned))
      }
      guard let mean = mean(first, second, mask, weight) else { return nil }
      product *= max(0, min(1, mean))
    }
    return product
  }

  /// The mean of (luminance · contrast · structure)^`weight` over the windows whose middle counts.
  private func mean(
    _ first: FloatVolume, _ second: FloatVolume, _ mask: FloatVolume?, _ weight: Double
  ) -> Double? {
    let (width, height) = (first.width, first.height)
    let area = width * height
    var sums = [WindowSums](
      repeating: WindowSums(width: width, height: height), count: Self.side)
    var (total, count) = (0.0, 0)
    for z in 0..<first.depth {
      let slice = z * area..<(z + 1) * area
      sums[z % Self.side].fill(first.values[slice], second.values[slice])
      guard z >= Self.side - 1 else { continue }
      let middle = (z - Self.radius) * area
      for y in Self.radius..<height - Self.radius {
        for x in Self.radius..<width - Self.radius {
          let place = y * width + x
          if let mask, !(mask.values[middle + place] > 0) { continue }
          var moments = SIMD8<Double>()
          for slot in 0..<Self.side { moments += sums[slot].moments[place] }
          total += pow(similarity(moments), weight)
          count += 1
        }
      }
    }
    return count > 0 ? total / Double(count) : nil
  }

  /// The product of luminance, contrast and structure, each at least 0.
  @inline(__always)
  private func similarity(_ sums: SIMD8<Double>) -> Double {
    let voxels = Double(Self.side * Self.side * Self.side)
    let m = sums / voxels
    let (ux, uy) = (m[0], m[1])
    let norm = voxels / (voxels - 1)
    let vx = norm * (m[2] - ux * ux)
    let vy = norm * (m[3] - uy * uy)
    let vxy = norm * (m[4] - ux * uy)
    let deviations = max(0, vx).squareRoot() * max(0, vy).squareRoot()
    let c1 = 0.0001 * range * range
    let c2 = 0.0009 * range * range
    let luminance = (2 * ux * uy + c1) / (ux * ux + uy * uy + c1)
    let contrast = (2 * deviations + c2) / (vx + vy + c2)
    let structure = (vxy + c2 / 2) / (deviations + c2 / 2)
    return max(0, luminance) * max(0, contrast) * max(0, structure)
  }

  private static func halved(_ volume: FloatVolume) -> FloatVolume {
    let (width, height, depth) = (volume.width, volume.height, volume.depth)
    let half = [width, height, depth].map { ($0 + 1) / 2 }
    var output = [Float](repeating: 0, count: half.reduce(1, *))
    var index = 0
    for z in 0..<half[2] {
      for y in 0..<half[1] {
        for x in 0..<half[0] {
          var sum = 0.0
          for k in max(0, 2 * z - 1)...2 * z {
            for j in max(0, 2 * y - 1)...2 * y {
              let row = (k * height + j) * width
              for i in max(0, 2 * x - 1)...2 * x { sum += Double(volume.values[row + i]) }
            }
          }
          output[index] = Float(sum / 8)
          index += 1
        }
      }
    }
    return FloatVolume(width: half[0], height: half[1], depth: half[2], values: output)
  }

  private static func thinned(_ mask: FloatVolume) -> FloatVolume {
    var values: [Float] = []
    for z in stride(from: 0, to: mask.depth, by: 2) {
      for y in stride(from: 0, to: mask.height, by: 2) {
        let row = (z * mask.height + y) * mask.width
        for x in stride(from: 0, to: mask.width, by: 2) { values.append(mask.values[row + x]) }
      }
    }
    return FloatVolume(
      width: (mask.width + 1) / 2, height: (mask.height + 1) / 2, depth: (mask.depth + 1) / 2,
      values: values)
  }
}
