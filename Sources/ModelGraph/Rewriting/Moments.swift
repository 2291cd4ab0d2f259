/// Mean and variance of the channels of a value over many pixels.
///
/// Two of them merge as if their pixels had been one set (Chan, Golub and LeVeque 1979).
public struct Moments: Sendable, Hashable {
  /// Pixels.
  public private(set) var count: Double
  /// Means, one a channel.
  public private(set) var mean: [Double]
  /// Sums of squared deviations from the mean, one a channel.
  public private(set) var squares: [Double]
  /// Largest values, one a channel.
  public private(set) var maximum: [Float]

  /// No pixels yet.
  public init(channels: Int) {
    count = 0
    mean = [Double](repeating: 0, count: channels)
    squares = mean
    maximum = [Float](repeating: -.infinity, count: channels)
  }

  /// States moments that were measured.
  public init(count: Double, mean: [Double], squares: [Double], maximum: [Float]) {
    precondition(mean.count == squares.count && mean.count == maximum.count)
    self.count = count
    self.mean = mean
    self.squares = squares
    self.maximum = maximum
  }

  /// Biased variances, one a channel: what instance norm divides by.
  public var variance: [Double] { squares.map { count > 0 ? max(0, $0 / count) : 0 } }

  /// Adds the pixels of `other`.
  public mutating func merge(_ other: Moments) {
    precondition(other.mean.count == mean.count, "\(other.mean.count) and \(mean.count) channels")
    guard other.count > 0 else { return }
    let total = count + other.count
    for channel in mean.indices {
      let difference = other.mean[channel] - mean[channel]
      mean[channel] += difference * other.count / total
      squares[channel] +=
        other.squares[channel] + difference * difference * count * other.count / total
      maximum[channel] = max(maximum[channel], other.maximum[channel])
    }
    count = total
  }

  /// The moments of groups of channels, each channel given those of its group.
  public func pooled(groups: Int) -> Moments {
    let size = mean.count / max(groups, 1)
    guard groups > 0, size * groups == mean.count else { return self }
    var result = self
    for group in 0..<groups {
      var whole = Moments(channels: 1)
      for channel in (group * size)..<((group + 1) * size) {
        whole.merge(
          Moments(
            count: count, mean: [mean[channel]], squares: [squares[channel]],
            maximum: [maximum[channel]]))
      }
      for channel in (group * size)..<((group + 1) * size) {
        result.mean[channel] = whole.mean[0]
        // Squares are of as many pixels as `count` says.
        result.squares[channel] = whole.squares[0] / Double(size)
      }
    }
    return result
  }
}
