/// Counts the colours of label pictures to find out which of them stand for classes.
///
/// JPEG and resizing blur the borders of areas, so only pixels in the middle of a flat 3 x 3 square
/// count; what is left gathers closely around the true colours.
struct ColourCensus: Sendable {
  /// Colours by 4 levels a channel: pixels, and sums of red, green and blue.
  private var bins: [Int: (count: Int, sum: (Int, Int, Int))] = [:]
  private(set) var flat = 0
  private(set) var pixels = 0

  /// Colours nearer than this, in levels, are one class.
  private static let radius = 28
  /// Share of the flat pixels that a class has at least.
  private static let leastShare = 2e-4

  /// Counts interleaved RGB.
  mutating func add(_ rgb: [UInt8], width: Int, height: Int) {
    pixels += width * height
    for row in 1..<max(1, height - 1) {
      for column in 1..<max(1, width - 1) {
        let place = (row * width + column) * 3
        var isFlat = true
        for offset in [-width - 1, -width, -width + 1, -1, 1, width - 1, width, width + 1] {
          let other = place + offset * 3
          for channel in 0..<3
          where abs(Int(rgb[place + channel]) - Int(rgb[other + channel])) > 10 { isFlat = false }
        }
        guard isFlat else { continue }
        flat += 1
        let (r, g, b) = (Int(rgb[place]), Int(rgb[place + 1]), Int(rgb[place + 2]))
        let key = (r >> 2) << 12 | (g >> 2) << 6 | b >> 2
        var bin = bins[key] ?? (0, (0, 0, 0))
        bin.count += 1
        bin.sum = (bin.sum.0 + r, bin.sum.1 + g, bin.sum.2 + b)
        bins[key] = bin
      }
    }
  }

  mutating func add(_ other: ColourCensus) {
    flat += other.flat
    pixels += other.pixels
    for (key, more) in other.bins {
      var bin = bins[key] ?? (0, (0, 0, 0))
      bin.count += more.count
      bin.sum = (bin.sum.0 + more.sum.0, bin.sum.1 + more.sum.1, bin.sum.2 + more.sum.2)
      bins[key] = bin
    }
  }

  /// The colours found with their share of the flat pixels, in the order of red, green, blue; nil
  /// where the pictures have none, as photos.
  var colours: [(colour: [UInt8], share: Double)]? {
    guard flat * 5 > pixels * 2 else { return nil }
    let sorted = bins.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
    var found: [(colour: [UInt8], count: Int)] = []
    for (_, bin) in sorted {
      let mean = [bin.sum.0, bin.sum.1, bin.sum.2].map { UInt8(($0 + bin.count / 2) / bin.count) }
      let near = found.firstIndex {
        LabelColours.distance($0.colour, mean[0], mean[1], mean[2]) < Self.radius * Self.radius
      }
      if let near {
        found[near].count += bin.count
      } else {
        found.append((mean, bin.count))
      }
      if found.count > 4096 { return nil }
    }
    let least = max(1, Int(Double(flat) * Self.leastShare))
    let classes = found.filter { $0.count >= least }
    guard classes.count <= 256 else { return nil }
    return classes.map { ($0.colour, Double($0.count) / Double(flat)) }
      .sorted { $0.0.lexicographicallyPrecedes($1.0) }
  }
}
