import Foundation
import TesseraPlugin
import Testing
import TileIO

@testable import Samples

@Suite struct ScannerLookTests {
  /// A window in the tissue of both looks, and its optical densities by channel.
  private func opticalDensities(_ slide: SyntheticSlide, _ region: PixelRegion) throws
    -> [SIMD3<Float>]
  {
    let bytes = try pixels(slide, region)
    return stride(from: 0, to: bytes.count, by: 3).map { index in
      SIMD3(
        log(slide.look.white.x / max(1, Float(bytes[index]))),
        log(slide.look.white.y / max(1, Float(bytes[index + 1]))),
        log(slide.look.white.z / max(1, Float(bytes[index + 2]))))
    }
  }

  private func slide(_ look: ScannerLook) -> SyntheticSlide {
    SyntheticSlide(width: 3000, height: 3000, seed: 11, look: look, tissueShare: 1)
  }

  @Test(arguments: [ScannerLook.deepViolet, .palePink])
  func `pixels follow the densities by the law of Beer and Lambert`(look: ScannerLook) throws {
    let slide = slide(look)
    let region = PixelRegion(x: 1000, y: 900, width: 600, height: 600)
    let observed = try opticalDensities(slide, region)
    var tile = Tile(region: region, channels: 2, format: .float32)
    slide.readDensities(into: &tile)
    var densities: [SIMD2<Double>] = []
    for y in region.rows {
      tile.withRow(y, columns: region.columns, as: Float.self) { span in
        for x in 0..<region.width {
          densities.append([Double(span[2 * x]), Double(span[2 * x + 1])])
        }
      }
    }
    // Least squares of the optical density on the two densities, by its normal equations.
    for channel in 0..<3 {
      var hh = 0.0, he = 0.0, ee = 0.0, ho = 0.0, eo = 0.0
      for (density, value) in zip(densities, observed) {
        let o = Double(value[channel])
        hh += density.x * density.x
        he += density.x * density.y
        ee += density.y * density.y
        ho += density.x * o
        eo += density.y * o
      }
      let determinant = hh * ee - he * he
      let h = (ho * ee - eo * he) / determinant
      let e = (eo * hh - ho * he) / determinant
      #expect(abs(h - Double(look.hematoxylin[channel] * look.hematoxylinStrength)) < 0.01)
      #expect(abs(e - Double(look.eosin[channel] * look.eosinStrength)) < 0.01)
    }
  }

  @Test(arguments: [ScannerLook.deepViolet, .palePink])
  func `the extreme directions of the plane of stains are the stain vectors`(look: ScannerLook)
    throws
  {
    // Macenko et al. 2009, as far as it goes without trimming of the pairs of extremes.
    let slide = slide(look)
    let all = try opticalDensities(slide, PixelRegion(x: 700, y: 700, width: 1200, height: 1200))
    let samples = all.filter { $0.max() > 0.15 }
    #expect(samples.count > 300_000)
    let mean = samples.reduce(SIMD3<Float>.zero, +) / Float(samples.count)
    var covariance = [SIMD3<Float>](repeating: .zero, count: 3)
    for sample in samples {
      let centered = sample - mean
      for row in 0..<3 { covariance[row] += centered * centered[row] / Float(samples.count) }
    }
    let first = principal(covariance, orthogonalTo: .zero)
    let second = principal(covariance, orthogonalTo: first)
    let angles = samples.map { atan2(dot($0, second), dot($0, first)) }.sorted()
    let ends = [angles[angles.count / 100], angles[angles.count - 1 - angles.count / 100]]
      .map { first * cos($0) + second * sin($0) }
    // The end with more red is hematoxylin.
    let (h, e) =
      abs(ends[0].x) > abs(ends[1].x) ? (ends[0], ends[1]) : (ends[1], ends[0])
    // Every cell holds some of both stains, so that the extremes lie inside of the true vectors.
    #expect(abs(dot(h, look.hematoxylin)) > cos(Float(10) * .pi / 180))
    #expect(abs(dot(e, look.eosin)) > cos(Float(10) * .pi / 180))
  }

  @Test func `both looks show the same section`() throws {
    let region = PixelRegion(x: 1200, y: 1300, width: 400, height: 400)
    var tiles: [[Float]] = []
    for look in [ScannerLook.deepViolet, .palePink] {
      var tile = Tile(region: region, channels: 2, format: .float32)
      slide(look).readDensities(into: &tile)
      var values: [Float] = []
      for y in region.rows {
        tile.withRow(y, columns: region.columns, as: Float.self) { span in
          for index in 0..<span.count { values.append(span[index]) }
        }
      }
      tiles.append(values)
    }
    let difference = zip(tiles[0], tiles[1]).reduce(0) { $0 + abs($1.0 - $1.1) }
    let sum = tiles[0].reduce(0, +)
    // Only the sharpness of edges differs.
    #expect(difference > 0 && difference / sum < 0.12)
  }

  @Test func `stain vectors have unit length`() {
    for look in [ScannerLook.deepViolet, .palePink] {
      #expect(abs(dot(look.hematoxylin, look.hematoxylin) - 1) < 1e-5)
      #expect(abs(dot(look.eosin, look.eosin) - 1) < 1e-5)
    }
  }

  @Test func `the power of two is exact to a few parts in a million`() {
    for step in 0...30_000 {
      let x = Float(step) / 1000
      let expected = pow(2, -Double(x))
      #expect(abs(Double(BeerLambert.power(x)) - expected) < 4e-6 * expected)
    }
  }

  private func dot(_ a: SIMD3<Float>, _ b: SIMD3<Float>) -> Float { (a * b).sum() }

  private func principal(_ matrix: [SIMD3<Float>], orthogonalTo other: SIMD3<Float>)
    -> SIMD3<Float>
  {
    var vector = SIMD3<Float>(0.3, 0.8, 0.5)
    for _ in 0..<200 {
      vector = [dot(matrix[0], vector), dot(matrix[1], vector), dot(matrix[2], vector)]
      vector -= other * dot(vector, other)
      vector /= dot(vector, vector).squareRoot()
    }
    return vector
  }
}
