import TesseraPlugin

/// What a network was given or gave, as a picture of a grid.
package struct SamplePicture: Sendable {
  private enum Content {
    case values([Float], channels: Int, isGray: Bool)
    case labels([Int], LabelPalette)
  }

  /// Columns.
  package let width: Int
  /// Rows.
  package let height: Int
  private let content: Content

  /// Takes values of -1...1, one channel after another, each row by row.
  ///
  /// Of three channels or more the first three are red, green and blue, unless `isGray`: then, and
  /// of fewer channels, the first is brightness. Values that are no number show as magenta.
  package init(values: [Float], channels: Int, height: Int, width: Int, isGray: Bool = false) {
    precondition(channels > 0 && height > 0 && width > 0)
    precondition(values.count == channels * height * width)
    (self.width, self.height) = (width, height)
    content = .values(values, channels: channels, isGray: isGray || channels < 3)
  }

  /// Takes a label map, row by row.
  package init(labels: [Int], height: Int, width: Int, palette: LabelPalette = .spread) {
    precondition(height > 0 && width > 0 && labels.count == height * width)
    (self.width, self.height) = (width, height)
    content = .labels(labels, palette)
  }

  /// The picture, reduced by a whole number so that no side is longer than `limit`.
  func drawn(atMost limit: Int) -> RGBPicture {
    let factor = (max(width, height) + limit - 1) / limit
    let (columns, rows) = ((width + factor - 1) / factor, (height + factor - 1) / factor)
    var picture = RGBPicture(width: columns, height: rows, filledWith: 0)
    switch content {
    case .labels(let labels, let palette):
      for y in 0..<rows {
        for x in 0..<columns {
          // Labels cannot be averaged.
          let (column, row) = (min(width - 1, x * factor), min(height - 1, y * factor))
          picture.set(x, y, palette[labels[row * width + column]])
        }
      }
    case .values(let values, _, let isGray):
      for y in 0..<rows {
        for x in 0..<columns {
          let means = (0..<(isGray ? 1 : 3)).map { mean(values, $0, x, y, factor) }
          guard means.allSatisfy(\.isFinite) else {
            picture.set(x, y, (255, 0, 255))
            continue
          }
          let bytes = means.map { UInt8(saturating: $0 * 127.5 + 127.5) }
          picture.set(x, y, (bytes[0], bytes[isGray ? 0 : 1], bytes[isGray ? 0 : 2]))
        }
      }
    }
    return picture
  }

  private func mean(_ values: [Float], _ channel: Int, _ x: Int, _ y: Int, _ factor: Int) -> Float {
    let plane = channel * width * height
    if factor == 1 { return values[plane + y * width + x] }
    var (sum, count): (Float, Float) = (0, 0)
    for row in (y * factor)..<min(height, (y + 1) * factor) {
      for column in (x * factor)..<min(width, (x + 1) * factor) {
        sum += values[plane + row * width + column]
        count += 1
      }
    }
    return sum / count
  }
}
