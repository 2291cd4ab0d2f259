import TesseraPlugin

/// Where a value lies over the image: which of its axes are rows and columns, and at what scale.
public struct SpatialValue: Sendable, Hashable {
  /// Place of the axis of rows.
  public var rowAxis: Int
  /// Place of the axis of columns.
  public var columnAxis: Int
  /// Pixels of the value a pixel of the image.
  public var scale: Ratio
  /// Where in the image the center of its first row and column lies, in px of the image.
  public var origin: [Double]

  /// The image itself, NCHW.
  static let image = SpatialValue(rowAxis: 2, columnAxis: 3, scale: .one, origin: [0, 0])

  /// Rows and columns as places of axes.
  var axes: [Int] { [rowAxis, columnAxis] }

  /// Indices along rows (0) or columns (1) whose centers lie within `range` of the image.
  public func indices(_ direction: Int, within range: Range<Int>, count: Int) -> Range<Int> {
    func index(_ position: Int) -> Int {
      Int(saturating: ((Double(position) - origin[direction]) * scale.value - 1e-6).rounded(.up))
    }
    let first = min(max(index(range.lowerBound), 0), count)
    return first..<min(max(index(range.upperBound), first), count)
  }

  /// The value whose pixel `j` lies where pixel `first + j * step` of this one lies.
  func moved(first: [Double], step: Ratio) -> SpatialValue {
    var result = self
    for direction in 0..<2 { result.origin[direction] += first[direction] / scale.value }
    result.scale = scale * Ratio(step.denominator, step.numerator)
    return result
  }
}
