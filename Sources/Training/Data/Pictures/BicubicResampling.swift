import TesseraPlugin
import Foundation

/// Resizing with the kernel of Keys (a = -0.5), which widens as pictures shrink: what Pillow's
/// `BICUBIC` does, without its rounding to 8 bits.
enum BicubicResampling {
  /// A picture of another size.
  static func resized(_ picture: Picture, height: Int, width: Int) -> Picture {
    guard height != picture.height || width != picture.width else { return picture }
    let across = Taps(from: picture.width, to: width)
    let down = Taps(from: picture.height, to: height)
    let planeIn = picture.height * picture.width
    var result = [Float](repeating: 0, count: picture.channels * height * width)
    var narrowed = [Float](repeating: 0, count: picture.height * width)
    picture.values.withUnsafeBufferPointer { values in
      for channel in 0..<picture.channels {
        for row in 0..<picture.height {
          let start = channel * planeIn + row * picture.width
          for column in 0..<width {
            var sum: Float = 0
            for tap in across.range(column) {
              sum += across.weights[tap] * values[start + across.sources[tap]]
            }
            narrowed[row * width + column] = sum
          }
        }
        for row in 0..<height {
          let target = (channel * height + row) * width
          for tap in down.range(row) {
            let (weight, source) = (down.weights[tap], down.sources[tap] * width)
            for column in 0..<width {
              result[target + column] += weight * narrowed[source + column]
            }
          }
        }
      }
    }
    // The kernel has negative lobes: at an edge it leaves the range of a picture.
    for index in result.indices { result[index] = min(1, max(-1, result[index])) }
    return Picture(channels: picture.channels, height: height, width: width, values: result)
  }

  /// Which pixels make a pixel of the result, and their weights.
  private struct Taps {
    var sources: [Int] = []
    var weights: [Float] = []
    var starts = [0]

    init(from old: Int, to new: Int) {
      let scale = Double(old) / Double(new)
      let stretch = max(1, scale)
      let support = 2 * stretch
      for place in 0..<new {
        let centre = (Double(place) + 0.5) * scale
        let first = max(0, Int(saturating: (centre - support + 0.5).rounded(.down)))
        let last = min(old, Int(saturating: (centre + support + 0.5).rounded(.down)))
        let raw = (first..<last).map { Self.kernel((Double($0) - centre + 0.5) / stretch) }
        let sum = raw.reduce(0, +)
        sources += first..<last
        weights += raw.map { Float($0 / sum) }
        starts.append(sources.count)
      }
    }

    func range(_ place: Int) -> Range<Int> { starts[place]..<starts[place + 1] }

    private static func kernel(_ x: Double) -> Double {
      let (x, a) = (abs(x), -0.5)
      if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
      if x < 2 { return (((x - 5) * x + 8) * x - 4) * a }
      return 0
    }
  }
}
