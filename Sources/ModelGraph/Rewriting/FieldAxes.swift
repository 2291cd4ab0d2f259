/// The two matrices that interpolate between the cells of a lattice at the places of one picture
/// within a network.
public struct FieldAxes: Sendable, Hashable {
  /// Input [rows, cells down].
  public let rows: String
  /// Input [cells across, columns].
  public let columns: String
  /// Where the picture lies.
  public let value: SpatialValue

  init(_ value: SpatialValue) {
    let place = "\(value.scale):\(value.origin[0]):\(value.origin[1])"
    rows = "field-rows:\(place)"
    columns = "field-columns:\(place)"
    self.value = value
  }

  /// Weights of `cells` for `count` places along rows (0) or columns (1) of a window that begins at
  /// `start` of an image of `length` px; place by place.
  ///
  /// Bilinear between the centres of cells, in coordinates of the image: the same for a place
  /// whatever the window.
  public func weights(
    _ direction: Int, start: Int, count: Int, cells: Int, length: Int
  ) -> [[Float]] {
    let first = value.scale.scale(start)
    return (0..<count).map { index in
      let position = value.origin[direction] + Double(first + index) / value.scale.value + 0.5
      let cell = position * Double(cells) / Double(length) - 0.5
      let place = min(max(cell, 0), Double(cells - 1))
      return (0..<cells).map { Float(max(0, 1 - abs(place - Double($0)))) }
    }
  }
}
