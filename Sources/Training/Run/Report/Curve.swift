/// A series of numbers by step, thinned out so that it can be drawn however long it is.
struct Curve {
  struct Point: Hashable {
    var x: Double
    var y: Double
  }

  /// Extremes of short stretches: everything that a drawing of this width would show.
  let raw: [Point]
  /// The course over stretches of a fortieth, or nothing where there are too few numbers.
  let smooth: [Point]
  /// The last number.
  let last: Double?
  /// Where the first number stands that is not finite, or as good as infinite.
  let firstFault: Double?

  /// Points of a line at most.
  static let limit = 600

  init(x: [Double?], y: [Double?], isSmoothed: Bool = true) {
    var points: [Point] = []
    var (firstFault, last): (Double?, Double?)
    for case (let x?, let y?) in zip(x, y) where abs(x) < 1e15 {
      last = y
      if abs(y) < 1e100 {
        points.append(Point(x: x, y: y))
      } else if firstFault == nil {
        firstFault = x
      }
    }
    (self.firstFault, self.last) = (firstFault, last)
    raw = Self.extremes(points)
    smooth = isSmoothed && points.count >= 20 ? Self.means(points) : []
  }

  private static func extremes(_ points: [Point]) -> [Point] {
    guard points.count > limit else { return points }
    let stretches = limit / 2
    return (0..<stretches).flatMap { stretch in
      let range =
        (stretch * points.count / stretches)..<((stretch + 1) * points.count / stretches)
      var (low, high) = (range.lowerBound, range.lowerBound)
      for place in range {
        if points[place].y < points[low].y { low = place }
        if points[place].y > points[high].y { high = place }
      }
      return low == high ? [points[low]] : [min(low, high), max(low, high)].map { points[$0] }
    }
  }

  // Lines fitted to what is around each point: in the middle that is the mean, at the ends, where
  // one side is missing, it neither lags nor wavers as a mean of few numbers would.
  private static func means(_ points: [Point]) -> [Point] {
    var (sums, moments) = ([0.0], [0.0])
    for (place, point) in points.enumerated() {
      sums.append(sums[place] + point.y)
      moments.append(moments[place] + point.y * Double(place))
    }
    let low = points.map(\.y).min() ?? 0
    let high = points.map(\.y).max() ?? 0
    let reach = max(2, points.count / 80)
    let count = min(points.count, limit / 2)
    return (0..<count).map { index in
      let place = index * (points.count - 1) / (count - 1)
      let (first, end) = (max(0, place - reach), min(points.count, place + reach + 1))
      let size = Double(end - first)
      let center = Double(first + end - 1) / 2
      let sum = sums[end] - sums[first]
      let slope =
        (moments[end] - moments[first] - center * sum) / (size * (size * size - 1) / 12)
      let value = sum / size + slope * (Double(place) - center)
      return Point(x: points[place].x, y: min(high, max(low, value)))
    }
  }
}
