import Base
import Color
import TesseraPlugin
import Testing

@testable import StainNormalization

struct StainTranslatorTests {
  static let source = StainFit(
    stains: StainMatrix(
      haematoxylin: SIMD3(0.65, 0.68, 0.33).unit, eosin: SIMD3(0.15, 0.90, 0.35).unit),
    maxConcentrations: SIMD2(1.6, 0.9))

  /// The formula, straight, in double precision.
  private func exact(
    _ color: SIMD3<Double>, _ map: DensityMap, _ density: OpticalDensity
  ) -> SIMD3<Double> {
    let d = SIMD3(
      density.density(color.x), density.density(color.y), density.density(color.z))
    let out = map.rows.map { min(255, density.white * exponential(-$0.dot(d))) }
    return SIMD3(out[0], out[1], out[2])
  }

  private func colors(_ count: Int) -> Picture {
    var random = SeededNumbers(state: 7)
    var samples = (0..<256).flatMap { level in [UInt8](repeating: UInt8(level), count: 3) }
    for _ in 0..<count {
      let bits = random.next()
      samples += (0..<3).map { UInt8(truncatingIfNeeded: bits >> (8 * UInt64($0))) }
    }
    return Picture(width: 256, height: samples.count / 768, samples: samples)
  }

  @Test(arguments: [Conventions.tessera, .torchstain, .tiatoolbox])
  func `8-bit levels are those of the exact formula but within 1e-4 of a rounding boundary`(
    conventions: Conventions
  ) throws {
    let map = DensityMap(from: Self.source, to: .builtIn)
    let density = conventions.density
    let translator = StainTranslator(map, density: density, rounding: conventions.rounding)
    let input = colors(conventions == .tessera ? 1 << 20 : 1 << 17)
    let output = try input.translated(by: translator)
    var wrong = 0
    for index in 0..<(input.samples.count / 3) {
      let color = SIMD3(
        Double(input.samples[3 * index]), Double(input.samples[3 * index + 1]),
        Double(input.samples[3 * index + 2]))
      let value = exact(color, map, density)
      for channel in 0..<3 {
        let level = Double(output.samples[3 * index + channel])
        let low: Double
        let high: Double
        if conventions.rounding == .nearest {
          (low, high) = (level - 0.5 - 1e-4, level + 0.5 + 1e-4)
        } else {
          (low, high) = (level - 1e-4, level + 1 + 1e-4)
        }
        if !(low...high).contains(value[channel]) { wrong += 1 }
      }
    }
    #expect(wrong == 0)
  }

  @Test func `where a row is cut does not matter`() throws {
    let input = stained(131, 4)
    for given in everyMethod
    where !(given["method"] == "vahadane" && given["compat"] == "tiatoolbox") {
      let translator = try translator(stained(), given)
      let whole = try input.translated(by: translator)
      for cut in [1, 2, 3, 5, 8, 64, 130] {
        var pieces = input.tile()
        for columns in [0..<cut, cut..<131] {
          let region = PixelRegion(x: columns.lowerBound, y: 0, width: columns.count, height: 4)
          var core = Tile(region: region, channels: 3, format: .uint8)
          try translator.translate(input.tile(), into: &core)
          pieces.copy(region, from: core)
        }
        #expect(Picture(pieces) == whole, "\(given), cut at \(cut)")
      }
    }
  }

  @Test(arguments: ["macenko", "reinhard", "vahadane", "ruifrok"])
  func `deeper pixels agree with 8 bits within half a level`(method: String) throws {
    let input = colors(1 << 15)
    let translator = try translator(stained(), ["method": method])
    let bytes = try input.translated(by: translator)
    var deep = input.tile(.uint16)
    try translator.translate(input.tile(.uint16), into: &deep)
    var floats = input.tile(.float32)
    try translator.translate(input.tile(.float32), into: &floats)
    var worst = 0.0
    for y in 0..<input.height {
      let start = 3 * y * input.width
      deep.withRow(y, columns: 0..<input.width, as: UInt16.self) { span in
        for index in span.indices {
          worst = max(worst, abs(Double(span[index]) / 257 - Double(bytes.samples[start + index])))
        }
      }
      floats.withRow(y, columns: 0..<input.width, as: Float.self) { span in
        for index in span.indices {
          worst = max(worst, abs(Double(span[index]) * 255 - Double(bytes.samples[start + index])))
        }
      }
    }
    #expect(worst < 0.51)
  }

  @Test func `a NaN pixel stays as it is and its neighbors are translated`() throws {
    let picture = stained(16, 1)
    let translator = try translator(stained())
    var input = picture.tile(.float32)
    input.withMutableRow(0, columns: 0..<16, as: Float.self) { $0[4] = .nan }
    var output = picture.tile(.float32)
    try translator.translate(input, into: &output)
    var clean = picture.tile(.float32)
    try translator.translate(picture.tile(.float32), into: &clean)
    var expected: [Float] = []
    clean.withRow(0, columns: 0..<16, as: Float.self) { span in
      for index in span.indices { expected.append(span[index]) }
    }
    output.withRow(0, columns: 0..<16, as: Float.self) { span in
      #expect(span[4].isNaN)
      for index in span.indices where !(3..<6).contains(index) {
        #expect(span[index] == expected[index])
      }
    }
  }
}
