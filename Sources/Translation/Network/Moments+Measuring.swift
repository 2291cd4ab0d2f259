import ModelGraph

extension Moments {
  /// Measures the part of a value [1, C, height, width] within `rows` and `columns`.
  ///
  /// Sums of a row are in single precision and in one order, those of rows in double precision:
  /// the result depends on the values only.
  static func measure(
    _ values: Span<Float>, channels: Int, height: Int, width: Int, rows: Range<Int>,
    columns: Range<Int>
  ) -> Moments {
    let count = rows.count * columns.count
    guard count > 0 else { return Moments(channels: channels) }
    var mean = [Double](repeating: 0, count: channels)
    var squares = mean
    var maximum = [Float](repeating: -.infinity, count: channels)
    for channel in 0..<channels {
      let plane = channel * height * width
      var sum = 0.0
      for row in rows {
        let start = plane + row * width
        let line = values.extracting(
          (start + columns.lowerBound)..<(start + columns.upperBound))
        let (total, peak) = sum8(line)
        sum += Double(total)
        maximum[channel] = max(maximum[channel], peak)
      }
      let average = sum / Double(count)
      var deviation = 0.0
      for row in rows {
        let start = plane + row * width
        deviation += Double(
          squares8(
            values.extracting((start + columns.lowerBound)..<(start + columns.upperBound)),
            Float(average)))
      }
      mean[channel] = average
      // The mean was rounded to single precision for the deviations.
      let slip = average - Double(Float(average))
      squares[channel] = max(0, deviation - slip * slip * Double(count))
    }
    return Moments(count: Double(count), mean: mean, squares: squares, maximum: maximum)
  }

  /// Sum and maximum over eight lanes.
  private static func sum8(_ line: Span<Float>) -> (Float, Float) {
    var lanes = SIMD8<Float>(repeating: 0)
    var maximum = SIMD8<Float>(repeating: -.infinity)
    let whole = line.count / 8 * 8
    for start in stride(from: 0, to: whole, by: 8) {
      var group = SIMD8<Float>()
      for lane in 0..<8 { group[lane] = line[start + lane] }
      lanes += group
      maximum = pointwiseMax(maximum, group)
    }
    var (total, largest) = (lanes.sum(), maximum.max())
    for index in whole..<line.count {
      total += line[index]
      largest = max(largest, line[index])
    }
    return (total, largest)
  }

  private static func squares8(_ line: Span<Float>, _ mean: Float) -> Float {
    var lanes = SIMD8<Float>(repeating: 0)
    let whole = line.count / 8 * 8
    for start in stride(from: 0, to: whole, by: 8) {
      var group = SIMD8<Float>()
      for lane in 0..<8 { group[lane] = line[start + lane] }
      let difference = group - mean
      lanes += difference * difference
    }
    var total = lanes.sum()
    for index in whole..<line.count {
      let difference = line[index] - mean
      total += difference * difference
    }
    return total
  }
}
