import Testing

@testable import Base

struct BicubicResizeTests {
  /// Both directions at once, by the definition.
  private func reference(
    _ plane: [Float], _ width: Int, _ height: Int, to size: (width: Int, height: Int)
  ) -> [Double] {
    func weights(_ place: Int, from old: Int, to new: Int) -> [Double] {
      let scale = Double(old) / Double(new)
      let stretch = max(1, scale)
      let center = (Double(place) + 0.5) * scale
      let raw = (0..<old).map { sample -> Double in
        let x = abs((Double(sample) + 0.5 - center) / stretch)
        if x < 1 { return 1.5 * x * x * x - 2.5 * x * x + 1 }
        return x < 2 ? -0.5 * x * x * x + 2.5 * x * x - 4 * x + 2 : 0
      }
      return raw.map { $0 / raw.reduce(0, +) }
    }
    return (0..<size.height).flatMap { y in
      let down = weights(y, from: height, to: size.height)
      return (0..<size.width).map { x in
        let across = weights(x, from: width, to: size.width)
        var sum = 0.0
        for row in 0..<height {
          for column in 0..<width {
            sum += Double(plane[row * width + column]) * down[row] * across[column]
          }
        }
        return sum
      }
    }
  }

  @Test(arguments: [
    [7, 5, 14, 10], [13, 9, 5, 20], [1, 1, 4, 3], [31, 17, 8, 4], [6, 6, 6, 6], [2, 40, 3, 1],
  ])
  func `samples are weighed by the kernel of Keys, up and down`(sizes: [Int]) {
    var numbers = SeededNumbers(state: 3)
    let plane = (0..<sizes[0] * sizes[1]).map { _ in Float(numbers.unit() * 2 - 1) }
    let expected = reference(plane, sizes[0], sizes[1], to: (sizes[2], sizes[3]))
    for (precision, bound) in [(BicubicResize.Precision.single, 2e-6), (.double, 3e-7)] {
      let resize = BicubicResize(
        width: sizes[0], height: sizes[1], to: (sizes[2], sizes[3]), precision: precision)
      let ours = resize(plane.span)
      #expect(ours.count == expected.count)
      let worst = zip(ours, expected).map { abs(Double($0) - $1) }.max() ?? 1
      #expect(worst < bound, "\(precision): \(worst)")
    }
  }
}
