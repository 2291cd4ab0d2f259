import Base
import Foundation
import Networks

/// How the published code draws the parameters that training starts from.
package struct Initialization: Sendable, Hashable, Codable {
  /// Distribution of weights (`init_type`).
  package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// Normal with the standard deviation `gain`.
    case normal
    /// Normal with `gain` times sqrt(2 / (fan in + fan out)) (Glorot and Bengio).
    case xavier
    /// Normal with sqrt(2 / fan in) (He et al.).
    case kaiming
    /// Orthogonal rows times `gain` (Saxe et al.).
    case orthogonal
  }

  /// Distribution of weights.
  package var kind: Kind
  /// Factor of the distribution (`init_gain`).
  package var gain: Double
  /// Whether biases start within ±1 / sqrt(fan in), as Pix2PixHD leaves them, instead of at 0.
  package var drawsBiases: Bool

  /// Describes a distribution; the default is that of Pix2Pix and CycleGAN.
  package init(_ kind: Kind = .normal, gain: Double = 0.02, drawsBiases: Bool = false) {
    self.kind = kind
    self.gain = gain
    self.drawsBiases = drawsBiases
  }

  /// The first values of a parameter; `all` are those of the network it is part of.
  func values(
    _ request: ParameterRequest, among all: [ParameterRequest], _ numbers: inout SeededNumbers
  ) -> [Float] {
    let count = request.shape.reduce(1, *)
    switch request.role {
    case .convolution, .transposedConvolution, .linear: return weight(request.shape, &numbers)
    case .bias:
      guard drawsBiases, let bound = Self.bound(request, all) else { break }
      return (0..<count).map { _ in Float((2 * numbers.unit() - 1) * bound) }
    case .normScale: return Self.normal(count, mean: 1, deviation: gain, &numbers)
    case .normShift, .runningMean, .batchCount: break
    case .runningVariance, .residualMark: return [Float](repeating: 1, count: count)
    case .spectralU, .spectralV:
      let values = Self.normal(count, mean: 0, deviation: 1, &numbers)
      let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return values.map { $0 / length }
    case .blurKernel: return Self.blur(request.shape)
    }
    return [Float](repeating: 0, count: count)
  }

  private func weight(_ shape: [Int], _ numbers: inout SeededNumbers) -> [Float] {
    let count = shape.reduce(1, *)
    let field = shape.dropFirst(2).reduce(1, *)
    let (fanIn, fanOut) = (Double(shape[1] * field), Double(shape[0] * field))
    let deviation =
      switch kind {
      case .normal: gain
      case .xavier: gain * (2 / (fanIn + fanOut)).squareRoot()
      case .kaiming: (2 / fanIn).squareRoot()
      case .orthogonal: 1.0
      }
    let values = Self.normal(count, mean: 0, deviation: deviation, &numbers)
    guard kind == .orthogonal else { return values }
    let rows = Tensor(values, shape: [shape[0], count / shape[0]]).withOrthogonalRows
    return rows.values.map { $0 * Float(gain) }
  }

  /// 1 / sqrt(fan in) of the layer that a bias belongs to.
  private static func bound(_ bias: ParameterRequest, _ all: [ParameterRequest]) -> Double? {
    let layer = bias.name.dropLast("bias".count)
    let weight = all.first { $0.name == "\(layer)weight" || $0.name == "\(layer)weight_orig" }
    return weight.map { 1 / Double($0.shape.dropFirst().reduce(1, *)).squareRoot() }
  }

  /// Normal numbers (Box and Muller).
  static func normal(
    _ count: Int, mean: Double, deviation: Double, _ numbers: inout SeededNumbers
  ) -> [Float] {
    var values: [Float] = []
    values.reserveCapacity(count + 1)
    while values.count < count {
      let radius = deviation * (-2 * log(1 - numbers.unit())).squareRoot()
      let angle = 2 * Double.pi * numbers.unit()
      values.append(Float(mean + radius * cos(angle)))
      values.append(Float(mean + radius * sin(angle)))
    }
    if values.count > count { values.removeLast() }
    return values
  }

  /// The kernels of the anti-aliasing layers, which no optimizer changes.
  private static func blur(_ shape: [Int]) -> [Float] {
    let line: [Float] = shape[2] == 3 ? [1, 2, 1] : [1, 3, 3, 1]
    // Going up, every second pixel is new: the kernel counts four times.
    let sum = line.reduce(0, +)
    let scale: Float = (shape[2] == 3 ? 1 : 4) / (sum * sum)
    let kernel = line.flatMap { row in line.map { row * $0 * scale } }
    return (0..<shape[0]).flatMap { _ in kernel }
  }
}
