/// A rectangle of pixels in level-0 coordinates of the whole image, origin at the top left.
public struct PixelRegion: Sendable, Hashable, Codable, CustomStringConvertible {
  /// Left edge in px.
  public var x: Int
  /// Top edge in px.
  public var y: Int
  /// Extent to the right in px.
  public var width: Int
  /// Extent downwards in px.
  public var height: Int

  /// Creates the region with its top left corner at (`x`, `y`).
  public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// The columns of the region, in image coordinates.
  @inlinable public var columns: Range<Int> { x..<(x + width) }

  /// The rows of the region, in image coordinates.
  @inlinable public var rows: Range<Int> { y..<(y + height) }

  /// Width times height.
  public var area: Int { width * height }

  /// Whether the region covers no pixel.
  public var isEmpty: Bool { width <= 0 || height <= 0 }

  /// Whether every pixel of `other` lies inside the region.
  public func contains(_ other: PixelRegion) -> Bool {
    other.x >= x && other.y >= y && other.x + other.width <= x + width
      && other.y + other.height <= y + height
  }

  /// The pixels that both regions cover; its area is zero where they do not meet.
  public func intersection(_ other: PixelRegion) -> PixelRegion {
    let left = max(x, other.x)
    let top = max(y, other.y)
    return PixelRegion(
      x: left, y: top, width: max(0, min(x + width, other.x + other.width) - left),
      height: max(0, min(y + height, other.y + other.height) - top))
  }

  /// The region as `WIDTHxHEIGHT+X+Y`.
  public var description: String { "\(width)x\(height)+\(x)+\(y)" }
}
