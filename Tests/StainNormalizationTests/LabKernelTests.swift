import Base
import Color
import TesseraPlugin
import Testing

@testable import StainNormalization

struct LabKernelTests {
  static let source = LabFit(means: SIMD3(52, 21, -17), deviations: SIMD3(14, 5, 6))

  /// The method in double precision.
  private func exact(_ color: SIMD3<Double>, glass: Double?) -> SIMD3<Double> {
    let (source, target, space) = (Self.source, LabFit.builtInTissue, LabSpace.standard)
    let light = SIMD3(
      LabSpace.light(color.x / 255), LabSpace.light(color.y / 255),
      LabSpace.light(color.z / 255))
    let lab = space.lab(light: light)
    var out = (lab - source.means) * target.deviations / source.deviations + target.means
    if let glass {
      let slope = min(
        target.deviations.x / source.deviations.x,
        (glass - target.means.x) / (glass - source.means.x))
      if lab.x > source.means.x { out.x = target.means.x + slope * (lab.x - source.means.x) }
      let share = max(0, min(1, (lab.x - glass + 20) / 20))
      out.y += share * (lab.y - out.y)
      out.z += share * (lab.z - out.z)
    }
    let fy = (out.x + 16) / 116
    let f = SIMD3(fy + out.y / 500, fy, fy - out.z / 200)
    let xyz = (0..<3).map { index -> Double in
      let value = f[index]
      let cube = value * value * value
      let line = (value - 16.0 / 116) / 7.787
      return (value > 0.2068966 ? cube : line) * space.white[index]
    }
    let rgb = space.toRGB.map { row -> Double in
      let light = max(0, min(1, row.dot(SIMD3(xyz[0], xyz[1], xyz[2]))))
      return 255 * (light > 0.0031308 ? 1.055 * power(light, 1 / 2.4) - 0.055 : 12.92 * light)
    }
    return SIMD3(rgb[0], rgb[1], rgb[2])
  }

  @Test(arguments: [100, 94, nil])
  func `a color is that of the exact formula within 0,02 of a level`(glass: Double?) throws {
    let kernel = LabKernel(from: Self.source, to: .builtInTissue, glass: glass)
    let translator = PixelTranslator(.lab(kernel), rounding: .nearest)
    var random = SeededNumbers(state: 3)
    let input = Picture(256, 256) { _, _ in
      let bits = random.next()
      return (
        UInt8(truncatingIfNeeded: bits), UInt8(truncatingIfNeeded: bits >> 8),
        UInt8(truncatingIfNeeded: bits >> 16)
      )
    }
    let output = try input.translated(by: translator)
    var worst = 0.0
    for index in 0..<(256 * 256) {
      let color = SIMD3(
        Double(input.samples[3 * index]), Double(input.samples[3 * index + 1]),
        Double(input.samples[3 * index + 2]))
      let value = exact(color, glass: glass)
      for channel in 0..<3 {
        worst = max(worst, abs(value[channel] - Double(output.samples[3 * index + channel])))
      }
    }
    #expect(worst < 0.52)
  }

  @Test(arguments: [(100.0, 255), (94.0, 237)] as [(Double, UInt8)])
  func `glass stays as it is`(lightness: Double, level: UInt8) throws {
    let kernel = LabKernel(from: Self.source, to: .builtInTissue, glass: lightness)
    let glass = Picture(8, 1) { _, _ in (level, level, level) }
    let output = try glass.translated(by: PixelTranslator(.lab(kernel), rounding: .nearest))
    #expect(output.difference(from: glass).most <= 1)
  }

  @Test func `the elementary functions keep their bounds`() {
    var (logarithm, exponent, cube, gamma) = (0.0, 0.0, 0.0, 0.0)
    for step in 0..<20_000 {
      let share = Double(step) / 20_000
      let x = Float(power(2, -12 + 24 * share))
      let ln2 = naturalLogarithm(2)
      let expected = naturalLogarithm(Double(x)) / ln2
      logarithm = max(
        logarithm, abs(Double(log2(Vector(repeating: x))[0]) - expected) / max(abs(expected), 0.1))
      let y = Float(-30 + 60 * share)
      let two = exponential(Double(y) * ln2)
      exponent = max(exponent, abs(Double(exp2(Vector(repeating: y))[0]) - two) / two)
      let c = Float(0.0085 + 1.09 * share)
      cube = max(
        cube,
        abs(Double(cubeRoot(Vector(repeating: c))[0]) - cubeRoot(Double(c))))
      let g = Float(0.0031 + 0.9968 * share)
      gamma = max(
        gamma, abs(Double(gammaRoot(Vector(repeating: g))[0]) - power(Double(g), 1 / 2.4)))
    }
    #expect(logarithm < 4e-7)
    #expect(exponent < 3e-7)
    #expect(cube < 2e-6)
    #expect(gamma < 2e-6)
  }
}
