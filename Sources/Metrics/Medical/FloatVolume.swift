/// A grid of numbers in memory: columns run fastest, then rows, then slices.
public struct FloatVolume: Sendable {
  /// Columns.
  public let width: Int
  /// Rows.
  public let height: Int
  /// Slices.
  public let depth: Int
  /// The numbers.
  public var values: [Float]

  /// Makes a volume; `values` has `width` times `height` times `depth` entries.
  public init(width: Int, height: Int, depth: Int, values: [Float]) {
    precondition(
      width > 0 && height > 0 && depth > 0 && values.count == width * height * depth,
      "\(values.count) values for \(width) x \(height) x \(depth)")
    (self.width, self.height, self.depth, self.values) = (width, height, depth, values)
  }

  /// The size in messages.
  var size: String { "\(width) x \(height) x \(depth)" }

  func hasSize(of other: FloatVolume) -> Bool {
    width == other.width && height == other.height && depth == other.depth
  }

  /// Repeats the border until every axis has at least `minimum` entries, half before and half after.
  func padded(to minimum: Int) -> FloatVolume {
    let sizes = [width, height, depth].map { max($0, minimum) }
    guard sizes != [width, height, depth] else { return self }
    func places(_ count: Int, _ padded: Int) -> [Int] {
      let before = (padded - count) / 2
      return (0..<padded).map { max(0, min(count - 1, $0 - before)) }
    }
    let columns = places(width, sizes[0])
    var padded: [Float] = []
    padded.reserveCapacity(sizes.reduce(1, *))
    for z in places(depth, sizes[2]) {
      for y in places(height, sizes[1]) {
        let row = (z * height + y) * width
        for x in columns { padded.append(values[row + x]) }
      }
    }
    return FloatVolume(width: sizes[0], height: sizes[1], depth: sizes[2], values: padded)
  }
}
