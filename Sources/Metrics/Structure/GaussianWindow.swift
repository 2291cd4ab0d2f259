import Foundation

/// The window of SSIM: 11 taps of a Gaussian with σ = 1.5, as in the paper and in scikit-image.
enum GaussianWindow {
  /// Pixels on each side of the middle.
  static let radius = 5
  /// Pixels in all.
  static let side = 2 * radius + 1
  /// The middle tap first, then those 1, 2, … px away, which each occur twice.
  static let taps: [Double] = {
    let taps = (0...radius).map { exp(-0.5 * Double($0 * $0) / (1.5 * 1.5)) }
    let sum = taps[0] + 2 * taps.dropFirst().reduce(0, +)
    return taps.map { $0 / sum }
  }()

  /// Filters along a row: `output` has `side` - 1 samples fewer than `input`.
  @inline(__always)
  static func filter(
    _ input: UnsafePointer<Double>, _ output: UnsafeMutablePointer<Double>, count: Int,
    _ w: (Double, Double, Double, Double, Double, Double)
  ) {
    for x in 0..<count {
      let near =
        w.0 * input[x + 5] + w.1 * (input[x + 4] + input[x + 6])
        + w.2 * (input[x + 3] + input[x + 7])
      let far =
        w.3 * (input[x + 2] + input[x + 8]) + w.4 * (input[x + 1] + input[x + 9])
        + w.5 * (input[x] + input[x + 10])
      output[x] = near + far
    }
  }

  /// The taps as a tuple, which stays in registers.
  static var tuple: (Double, Double, Double, Double, Double, Double) {
    (taps[0], taps[1], taps[2], taps[3], taps[4], taps[5])
  }
}
