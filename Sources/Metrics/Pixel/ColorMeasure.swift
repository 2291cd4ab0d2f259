import Synchronization

/// Sums of the color differences of every so many rows.
final class ColorMeasure: BandMeasure {
  /// What has been summed.
  struct Sums: Sendable {
    var cie76 = 0.0
    var ciede2000 = 0.0
    var count = 0
  }

  /// Measures that share out the rows.
  static let parts = 4

  private let part: Int
  private let wantsCIEDE2000: Bool
  private let color: LabColor
  private let state = Mutex(Sums())

  init(part: Int, color: LabColor, wantsCIEDE2000: Bool) {
    (self.part, self.color, self.wantsCIEDE2000) = (part, color, wantsCIEDE2000)
  }

  var sums: Sums { state.withLock { $0 } }

  func add(_ band: Band) {
    let width = band.width
    let (reds, greens, blues) = (band.result[0], band.result[1], band.result[2])
    let (otherReds, otherGreens, otherBlues) = (band.target[0], band.target[1], band.target[2])
    let r1 = reds.span
    let g1 = greens.span
    let b1 = blues.span
    let r2 = otherReds.span
    let g2 = otherGreens.span
    let b2 = otherBlues.span
    var sums = Sums()
    for (row, place) in band.rows.enumerated() where place % Self.parts == part {
      for index in row * width..<(row + 1) * width
      where band.mask.isEmpty || band.mask[index] {
        let first = color(r1[index], g1[index], b1[index])
        let second = color(r2[index], g2[index], b2[index])
        if first == second {
          sums.count += 1
          continue
        }
        let distance = ColorDifference.cie76(first, second)
        guard distance.isFinite else { continue }
        sums.cie76 += distance
        if wantsCIEDE2000 { sums.ciede2000 += ColorDifference.ciede2000(first, second) }
        sums.count += 1
      }
    }
    state.withLock {
      $0.cie76 += sums.cie76
      $0.ciede2000 += sums.ciede2000
      $0.count += sums.count
    }
  }
}
