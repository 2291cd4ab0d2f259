/// A mask of the foreground of an image, at the scale of the overview.
public struct RegionMask: Sendable, Hashable {
  /// Columns of the mask.
  public let width: Int
  /// Rows of the mask.
  public let height: Int
  /// Level-0 pixels per mask pixel.
  public let reduction: Int
  /// Row by row, true for foreground.
  public var isForeground: [Bool]

  /// Creates a mask; `isForeground` has `width` times `height` entries.
  public init(width: Int, height: Int, reduction: Int, isForeground: [Bool]) {
    precondition(isForeground.count == width * height, "a mask of \(width) x \(height)")
    self.width = width
    self.height = height
    self.reduction = reduction
    self.isForeground = isForeground
  }

  /// The share of foreground, 0...1.
  public var coverage: Double {
    isForeground.isEmpty
      ? 0 : Double(isForeground.reduce(0) { $0 + ($1 ? 1 : 0) }) / Double(isForeground.count)
  }

  /// Returns whether the level-0 pixel at (`x`, `y`) is foreground; the last row and column of the
  /// mask extend to the image border.
  public func covers(x: Int, y: Int) -> Bool {
    isForeground[min(y / reduction, height - 1) * width + min(x / reduction, width - 1)]
  }
}
