/// Sums over squares of 7 x 7 px in a slice of two volumes.
///
/// The lanes of a pixel's moments are x, y, x², y² and xy. Pixels nearer to the border than 3 px
/// have none.
struct WindowSums: Sendable {
  private(set) var moments: [SIMD8<Double>]
  private let width: Int
  private let height: Int
  private var rows: [SIMD8<Double>]

  init(width: Int, height: Int) {
    (self.width, self.height) = (width, height)
    moments = [SIMD8<Double>](repeating: .zero, count: width * height)
    rows = moments
  }

  /// Takes a slice.
  mutating func fill(_ first: ArraySlice<Float>, _ second: ArraySlice<Float>) {
    let (width, height) = (width, height)
    let area = width * height
    first.withUnsafeBufferPointer { first in
      second.withUnsafeBufferPointer { second in
        for index in 0..<area {
          let (x, y) = (Double(first[index]), Double(second[index]))
          moments[index] = SIMD8(x, y, x * x, y * y, x * y, 0, 0, 0)
        }
      }
    }
    // Along the rows, then down the columns.
    for y in 0..<height {
      let start = y * width
      for x in 3..<max(3, width - 3) {
        var sum = moments[start + x - 3]
        for offset in -2...3 { sum += moments[start + x + offset] }
        rows[start + x] = sum
      }
    }
    for y in 3..<max(3, height - 3) {
      for x in 3..<max(3, width - 3) {
        let index = y * width + x
        var sum = rows[index - 3 * width]
        for offset in -2...3 { sum += rows[index + offset * width] }
        moments[index] = sum
      }
    }
  }
}
