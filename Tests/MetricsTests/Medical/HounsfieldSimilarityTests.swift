import Base
import TestSupport
import Testing

@testable import Metrics

struct HounsfieldSimilarityTests {
  /// A skull of bone around soft tissue, in air.
  private static func volume(_ seed: Int, _ width: Int, _ height: Int, _ depth: Int) -> FloatVolume
  {
    var values: [Float] = []
    for z in 0..<depth {
      for y in 0..<height {
        for x in 0..<width {
          let (w, h) = (Double(width), Double(height))
          let (dx, dy) = ((Double(x) - w / 2) / (w / 2.2), (Double(y) - h / 2) / (h / 2.2))
          let radius = dx * dx + dy * dy
          let base = radius > 1 ? -1000.0 : radius > 0.8 ? 1200 : 40
          let index = (z * height + y) * width + x
          values.append(Float(base + TestPictures.number(index, seed: seed) * 60))
        }
      }
    }
    return FloatVolume(width: width, height: height, depth: depth, values: values)
  }

  private static func box(_ width: Int, _ height: Int, _ depth: Int) -> FloatVolume {
    var values: [Float] = []
    for z in 0..<depth {
      for y in 0..<height {
        for x in 0..<width {
          let isInside =
            (1..<depth - 1).contains(z) && (3..<height - 3).contains(y)
            && (4..<width - 4).contains(x)
          values.append(isInside ? 1 : 0)
        }
      }
    }
    return FloatVolume(width: width, height: height, depth: depth, values: values)
  }

  // Printed by the program in MetricsOracle for the same volumes.
  @Test func `a stored volume has the figures of SynthRAD's definitions`() throws {
    let figures = try HounsfieldSimilarity().measure(
      Self.volume(2, 40, 36, 9), against: Self.volume(1, 40, 36, 9), mask: Self.box(40, 36, 9))
    #expect(abs(figures.mae / 40.627973907962 - 1) < 1e-6, "\(figures)")
    #expect(abs(figures.psnr / 38.39210786020362 - 1) < 1e-6)
    let similarity = try #require(figures.msSSIM)
    #expect(abs(similarity / 0.9993863935356672 - 1) < 1e-6)
    #expect(figures.voxels == 32 * 30 * 7)
  }

  @Test func `volumes larger and smaller than 97 have the figures of SynthRAD's definitions`()
    throws
  {
    for (width, height, depth, high) in [(110, 101, 12, 3000), (30, 120, 99, 3071)] {
      let (result, target) = (
        Self.volume(5, width, height, depth), Self.volume(6, width, height, depth)
      )
      let mask = Self.box(width, height, depth)
      let expected: [Double] = try MetricsOracle.run(
        MetricsOracle.volumes, [result, target, mask].map { $0.values.map(Double.init) },
        [depth, height, width, high])
      let range = try LevelRange(-1024, Double(high))
      let figures = try HounsfieldSimilarity(range: range).measure(
        result, against: target, mask: mask)
      #expect(abs(figures.mae / expected[0] - 1) < 1e-6, "\(figures) \(expected)")
      #expect(abs(figures.psnr / expected[1] - 1) < 1e-6, "\(figures) \(expected)")
      #expect(abs((figures.msSSIM ?? 0) / expected[2] - 1) < 1e-5, "\(figures) \(expected)")
    }
  }

  @Test func `what lies outside of the mask and beyond the range changes nothing`() throws {
    let (target, mask) = (Self.volume(1, 20, 18, 5), Self.box(20, 18, 5))
    var result = Self.volume(2, 20, 18, 5)
    let plain = try HounsfieldSimilarity().measure(
      result, against: target, mask: mask, wantsMSSSIM: false)
    result.values[0] = 30_000
    result.values[1] = .nan
    let other = try HounsfieldSimilarity().measure(
      result, against: target, mask: mask, wantsMSSSIM: false)
    #expect(plain == other && plain.msSSIM == nil)
  }

  @Test func `other sizes and empty masks are refused`() {
    let (small, large) = (Self.volume(1, 10, 10, 4), Self.volume(1, 10, 10, 5))
    let empty = FloatVolume(
      width: 10, height: 10, depth: 4, values: [Float](repeating: 0, count: 400))
    #expect(throws: TesseraError.self) { try HounsfieldSimilarity().measure(small, against: large) }
    #expect(throws: TesseraError.self) {
      try HounsfieldSimilarity().measure(small, against: small, mask: large)
    }
    #expect(throws: TesseraError.self) {
      try HounsfieldSimilarity().measure(small, against: small, mask: empty)
    }
  }

  @Test func `the body is found, with its holes, without the couch`() {
    var volume = FloatVolume(
      width: 40, height: 40, depth: 3, values: [Float](repeating: -1000, count: 4800))
    for z in 0..<3 {
      for y in 0..<40 {
        for x in 0..<40 {
          let index = (z * 40 + y) * 40 + x
          let radius = (x - 20) * (x - 20) + (y - 18) * (y - 18)
          if radius < 144 { volume.values[index] = radius < 25 ? -900 : 30 }
          if y == 38 { volume.values[index] = 200 }
        }
      }
    }
    let mask = BodyMask.find(in: volume, dilation: 2)
    func at(_ x: Int, _ y: Int) -> Float { mask.values[(40 + y) * 40 + x] }
    #expect(at(20, 18) == 1 && at(20, 8) == 1)
    #expect(at(20, 5) == 1 && at(20, 4) == 0 && at(20, 38) == 0)
  }
}
