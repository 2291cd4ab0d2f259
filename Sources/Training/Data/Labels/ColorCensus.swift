import TesseraPlugin
import TileIO

/// Counts the colors of label pictures to find out which of them stand for classes.
///
/// Where files are stored without loss and hold few colors, each of them is a class. JPEG and
/// resizing blur the borders of areas: then only pixels in the middle of a flat 3 x 3 square count,
/// and what is left gathers closely around the true colors.
struct ColorCensus: Sendable {
  /// Colors by 4 levels a channel: pixels, and sums of red, green and blue.
  private var bins: [Int: (count: Int, sum: (Int, Int, Int))] = [:]
  private var flat = 0
  private var pixels = 0
  /// Pixels of each color as it is; nil once they are too many, or stored with loss.
  private var exact: [Int: Int]? = [:]

  /// Colors nearer than this, in levels, are one class.
  private static let radius = 18
  /// Colors nearer than this may be what JPEG made of the larger one of them.
  private static let doubtful = 36
  /// Share of a color that JPEG moves that far at most.
  private static let noise = 0.005
  /// Share of the flat pixels that a class has at least.
  private static let minimumShare = 1e-4
  /// Share of the flat pixels that lie within `core` of a class; photos have in-between colors too.
  private static let gathered = 0.85
  private static let core = 8
  private static let maximumClasses = 256

  /// Counts interleaved RGB.
  mutating func add(_ rgb: [UInt8], width: Int, height: Int, isLossy: Bool) {
    pixels += width * height
    if isLossy { exact = nil }
    for pixel in 0..<(width * height) where exact != nil {
      let place = pixel * 3
      let key = Int(rgb[place]) << 16 | Int(rgb[place + 1]) << 8 | Int(rgb[place + 2])
      exact?[key, default: 0] += 1
      if exact?.count ?? 0 > Self.maximumClasses { exact = nil }
    }
    let around = [-width - 1, -width, -width + 1, -1, 1, width - 1, width, width + 1]
    for row in 1..<max(1, height - 1) {
      for column in 1..<max(1, width - 1) {
        let place = (row * width + column) * 3
        var isFlat = true
        for offset in around {
          let other = place + offset * 3
          for channel in 0..<3
          where abs(Int(rgb[place + channel]) - Int(rgb[other + channel])) > 10 { isFlat = false }
        }
        guard isFlat else { continue }
        flat += 1
        let (r, g, b) = (Int(rgb[place]), Int(rgb[place + 1]), Int(rgb[place + 2]))
        gather((r >> 2) << 12 | (g >> 2) << 6 | b >> 2, 1, (r, g, b))
      }
    }
  }

  /// Adds what was counted elsewhere.
  mutating func add(_ other: ColorCensus) {
    flat += other.flat
    pixels += other.pixels
    if let more = other.exact {
      exact?.merge(more, uniquingKeysWith: +)
      if exact?.count ?? 0 > Self.maximumClasses { exact = nil }
    } else {
      exact = nil
    }
    for (key, more) in other.bins { gather(key, more.count, more.sum) }
  }

  private mutating func gather(_ key: Int, _ count: Int, _ sum: (Int, Int, Int)) {
    var bin = bins[key] ?? (0, (0, 0, 0))
    bin.count += count
    bin.sum = (bin.sum.0 + sum.0, bin.sum.1 + sum.1, bin.sum.2 + sum.2)
    bins[key] = bin
  }

  /// The colors found, in the order of red, green, blue; nil where the pictures have none, as photos.
  var colors: [[UInt8]]? {
    if let exact {
      return exact.keys.sorted().map { key in
        [16, 8, 0].map { UInt8(truncatingIfNeeded: key >> $0) }
      }
    }
    guard flat * 5 > pixels * 2 else { return nil }
    let sorted = bins.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
    let means: [(color: [UInt8], count: Int)] = sorted.map { _, bin in
      let sums = [bin.sum.0, bin.sum.1, bin.sum.2]
      return (sums.map { UInt8(($0 + bin.count / 2) / bin.count) }, bin.count)
    }
    var found: [(color: [UInt8], count: Int)] = []
    for (mean, count) in means {
      if let near = Self.near(mean, Self.radius, in: found) {
        found[near].count += count
      } else {
        found.append((mean, count))
      }
      if found.count > 4096 { return nil }
    }
    let minimum = max(1, Int(saturating: (Double(flat) * Self.minimumShare).rounded(.down)))
    var classes: [(color: [UInt8], count: Int)] = []
    for candidate in found.sorted(by: { $0.count > $1.count }) where candidate.count >= minimum {
      if let near = Self.near(candidate.color, Self.doubtful, in: classes),
        Double(candidate.count) < Self.noise * Double(classes[near].count)
      {
        continue
      }
      classes.append(candidate)
    }
    let near = means.reduce(0) { sum, bin in
      sum + (Self.near(bin.color, Self.core, in: classes) == nil ? 0 : bin.count)
    }
    guard classes.count <= Self.maximumClasses, Double(near) > Self.gathered * Double(flat) else {
      return nil
    }
    return classes.map(\.color).sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// The first color, which is the most frequent one, within a radius.
  private static func near(
    _ color: [UInt8], _ radius: Int, in all: [(color: [UInt8], count: Int)]
  ) -> Int? {
    all.firstIndex {
      LabelColors.distance($0.color, color[0], color[1], color[2]) < radius * radius
    }
  }
}
