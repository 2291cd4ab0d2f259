import TesseraPlugin
import TileIO

/// Everything that is collected from the rows of a result.
struct SeamSums: Sendable {
  private let grid: SeamGrid
  private let info: ImageInfo
  private var current: PlanarRow
  private var previous: PlanarRow
  private var vertical: VerticalSteps
  private var horizontal: HorizontalSteps
  private var profiles: GradientProfiles
  private var nonFinite = 0

  init(_ grid: SeamGrid, _ info: ImageInfo) {
    self.grid = grid
    self.info = info
    current = PlanarRow(info)
    previous = current
    let (width, height, planes) = (info.width, info.height, current.planes)
    vertical = VerticalSteps(grid, width: width, height: height, planes: planes)
    horizontal = HorizontalSteps(grid, width: width, height: height, planes: planes)
    profiles = GradientProfiles(width: width, planes: planes)
  }

  /// Takes the next rows, of the full width.
  mutating func add(_ strip: borrowing Tile) {
    for row in strip.region.rows {
      swap(&current, &previous)
      current.load(row, of: strip)
      nonFinite += current.nonFinite
      vertical.add(current)
      horizontal.add(current)
      profiles.add(current, previous: row > 0 ? previous : nil)
    }
  }

  /// The figures, once all rows have been taken.
  mutating func report(gridShift: GridShift?) -> SeamReport {
    vertical.endSegment()
    let across = seams(vertical.sums, info.width, info.height, profiles.columns)
    let down = seams(horizontal.sums, info.height, info.width, profiles.rows)
    return SeamReport(
      width: info.width, height: info.height, pitch: grid.pitch, offset: grid.offset,
      vertical: across, horizontal: down, gridShift: gridShift, nonFiniteSamples: nonFinite,
      notes: notes("vertical", across, info.width, "wide")
        + notes("horizontal", down, info.height, "high")
        + (nonFinite > 0
          ? ["\(nonFinite) samples are NaN or infinite and were left out"] : []))
  }

  private func seams(
    _ steps: [SeamStepSums], _ length: Int, _ breadth: Int, _ profile: (Int) -> [Double]
  ) -> SeamReport.Seams {
    let levels = 255 / Double(info.sampleFormat.white)
    let names = PlanarRow.names(info)
    return SeamReport.Seams(
      steps: names.indices.compactMap { steps[$0].figure(names[$0], levels: levels) },
      combs: names.indices.compactMap { plane in
        CombEnergy.ratio(
          profile(plane).map { $0 * levels }, pitch: grid.pitch, count: breadth
        ).map { CombEnergy(channel: names[plane], ratio: $0) }
      })
  }

  private func notes(
    _ direction: String, _ seams: SeamReport.Seams, _ length: Int, _ dimension: String
  ) -> [String] {
    var notes: [String] = []
    let size = "the image is \(length) px \(dimension)"
    if !grid.lines(in: length).contains(where: { $0.group == 0 }) {
      notes.append("no \(direction) seam: \(size)")
    } else if seams.steps.count < current.planes {
      notes.append("no \(direction) seam step of some channels: they hold too few finite samples")
    }
    if seams.combs.isEmpty {
      notes.append(
        "no comb energy of \(direction) seams: it needs more than two tiles (\(2 * grid.pitch) px), "
          + size)
    }
    return notes
  }
}
