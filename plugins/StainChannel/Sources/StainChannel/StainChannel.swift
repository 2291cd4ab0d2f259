import Foundation
import TesseraPlugin

/// One stain of a slide as a gray image: the color deconvolution of Ruifrok and Johnston (2001).
///
/// The optical density of a pixel is a sum of the stains' vectors; the inverse of their matrix tells
/// how much there is of each. Gray is 1 without stain and 0 at a density of `darkest`.
public struct StainChannel: DomainPair {
  /// The published vectors (R, G, B), each of length 1: haematoxylin, eosin, DAB.
  static let vectors: [[Float]] = [[0.65, 0.70, 0.29], [0.07, 0.99, 0.11], [0.27, 0.57, 0.78]]
  static let names = ["haematoxylin", "eosin", "dab"]

  /// Makes the pair.
  public init() {}

  /// Three channels in, one out.
  public var description: PairDescription {
    var description = PairDescription(
      id: "stain-channel", title: "One stain of a slide", sourceDomain: "bright-field slide",
      targetDomain: "density of one stain, in grey", version: "1", license: "MIT",
      summary: """
        Separates haematoxylin, eosin and DAB with published stain vectors, which are those of one \
        laboratory: for measurements, fit your own. Pen and folds look like stain.
        """,
      channels: 3, outputChannels: 1,
      options: [
        PairOption(
          "stain", .choice(Self.names), default: Self.names[0], help: "the stain that is kept"),
        PairOption(
          "darkest", .number(0.1...4), default: "2", help: "the optical density shown as black"),
      ])
    description.outputRange = 0...1
    return description
  }

  /// Has nothing to measure: the vectors are published ones.
  public func calibrate(
    _ overview: borrowing Overview, options: PairOptions, reference: PairValue?
  ) throws(PairError) -> Calibration {
    let index = Self.names.firstIndex(of: options.text("stain")) ?? 0
    let row = Self.unmixing(index)
    let darkest = Float(options.number("darkest"))
    return Calibration(
      .translate(
        RowTranslator { input, output in
          for pixel in 0..<output.count {
            var density: Float = 0
            for channel in 0..<3 {
              // Half a level of 8 bits stands for black, whose density would be infinite.
              let light = max(input[3 * pixel + channel], 0.5 / 255)
              density -= row[channel] * log10(min(light, 1))
            }
            output[pixel] = 1 - min(max(density / darkest, 0), 1)
          }
        }))
  }

  /// The row of the inverse stain matrix that gives the amount of one stain.
  static func unmixing(_ index: Int) -> [Float] {
    let (a, b, c) = (vectors[index], vectors[(index + 1) % 3], vectors[(index + 2) % 3])
    // What is perpendicular to both other stains sees this one alone.
    let normal = [
      b[1] * c[2] - b[2] * c[1], b[2] * c[0] - b[0] * c[2], b[0] * c[1] - b[1] * c[0],
    ]
    let length = zip(a, normal).reduce(0) { $0 + $1.0 * $1.1 }
    return normal.map { $0 / length }
  }
}
