import Base
import Color
import TesseraPlugin
import TestSupport
import Testing

@testable import StainNormalization

let pair = StainNormalization()

func options(_ given: [String: String] = [:]) throws(PairError) -> PairOptions {
  try PairOptions(given, declared: pair.description.options)
}

/// A stained image of random concentrations: nuclei on eosin, glass on the right edge.
func stained(
  _ width: Int = 96, _ height: Int = 96, haematoxylin: SIMD3<Double> = SIMD3(0.6, 0.7, 0.39),
  eosin: SIMD3<Double> = SIMD3(0.2, 0.85, 0.48), seed: UInt64 = 1, strength: Double = 1
) -> Picture {
  var random = SeededNumbers(state: seed)
  return Picture(width, height) { x, _ in
    guard x < width * 3 / 4 else { return (244, 243, 245) }
    let kind = Double.random(in: 0..<1, using: &random)
    let h = (kind < 0.4 ? 1.4 : 0.1) * Double.random(in: 0.6..<1, using: &random) * strength
    let e = (kind < 0.4 ? 0.15 : 1.8) * Double.random(in: 0.5..<1, using: &random) * strength
    let density = h * haematoxylin.unit + e * eosin.unit
    let level = (0..<3).map { UInt8((255 * exponential(-density[$0])).rounded()) }
    return (level[0], level[1], level[2])
  }
}

/// The translator of a calibration; fails the test if the image was copied.
func translator(
  _ picture: Picture, _ given: [String: String] = [:], reference: PairValue? = nil,
  format: SampleFormat = .uint8
) throws -> any TileTranslator {
  let calibration = try pair.calibrate(
    picture.overview(format), options: options(given), reference: reference)
  guard case .translate(let translator) = calibration.outcome else {
    throw PairError("copied: \(calibration.outcome)")
  }
  return translator
}

/// Every option set that is meant to work.
let everyMethod: [[String: String]] = Conventions.allCases.flatMap { conventions in
  conventions.methods.map { ["method": $0.rawValue, "compat": conventions.rawValue] }
}
