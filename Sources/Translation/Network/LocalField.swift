import ModelGraph
import TesseraPlugin

/// What a network needs to interpolate statistics between the cells of a lattice, window by window.
struct LocalField: Sendable {
  /// Values for one input of the network.
  struct Input: Sendable {
    var name: String
    var shape: [Int]
    var values: [Float]
  }

  let axes: [FieldAxes]
  /// Cells across and down.
  let lattice: [Int]
  /// Columns and rows of the image.
  let imageSize: [Int]

  /// The values for a window, in the order of the network's inputs.
  func inputs(for region: PixelRegion) -> [Input] {
    axes.flatMap { axes -> [Input] in
      let shapes = axes.shapes(width: region.width, height: region.height)
      let rows = axes.weights(
        0, start: region.y, count: shapes[0][0], cells: lattice[1], length: imageSize[1])
      let columns = axes.weights(
        1, start: region.x, count: shapes[2][0], cells: lattice[0], length: imageSize[0])
      let values = [rows.cells, rows.weights, columns.cells, columns.weights]
      return zip(axes.names, zip(shapes, values)).map {
        Input(name: $0, shape: $1.0, values: $1.1)
      }
    }
  }

  /// The moments of all cells row by row: those of windows where a cell has one, elsewhere a mean of
  /// all, near ones counting most.
  static func cells(_ windows: [Moments], at places: [[Int]], lattice: [Int]) -> [Moments] {
    (0..<(lattice[0] * lattice[1])).map { index in
      let (column, row) = (index % lattice[0], index / lattice[0])
      if let own = places.firstIndex(of: [column, row]) { return windows[own] }
      return blend(
        windows,
        places.map { place in
          let (dx, dy) = (Double(place[0] - column), Double(place[1] - row))
          let squared = dx * dx + dy * dy
          return 1 / (squared * squared)
        })
    }
  }

  /// The moments of a mixture of windows in these proportions.
  private static func blend(_ windows: [Moments], _ weights: [Double]) -> Moments {
    let total = weights.reduce(0, +)
    guard let first = windows.first, total > 0 else { return Moments(channels: 0) }
    let channels = first.mean.count
    var mean = [Double](repeating: 0, count: channels)
    var second = mean
    var maximum = first.maximum
    for (window, weight) in zip(windows, weights) {
      let variance = window.variance
      for channel in 0..<channels {
        mean[channel] += weight / total * window.mean[channel]
        second[channel] +=
          weight / total * (variance[channel] + window.mean[channel] * window.mean[channel])
        maximum[channel] = max(maximum[channel], window.maximum[channel])
      }
    }
    let squares = mean.indices.map { max(0, second[$0] - mean[$0] * mean[$0]) }
    return Moments(count: 1, mean: mean, squares: squares, maximum: maximum)
  }
}
