import TesseraPlugin

/// The windows on which a network's statistics are measured: a function of the image, the mask of
/// its foreground and a seed, never of the windows in which it is translated.
///
/// An image for which that costs no more than the sample is measured as a whole: exactly what the
/// network's own norms would see. A larger one is cut into a lattice of cells, and each cell that has
/// foreground gives one core, placed in it by a hash of the cell's number.
struct SamplePlan: Sendable, Hashable {
  /// A window, and the part of it that is measured.
  struct Window: Sendable, Hashable {
    let region: PixelRegion
    let core: PixelRegion
    /// Column and row of the cell in the lattice.
    let cell: [Int]
  }

  /// Side of a core in px.
  static let coreSide = 128
  /// Windows that are wanted at least.
  static let minimumWindows = 64

  let windows: [Window]
  /// Whether the image is one window, which is measured to its very border.
  let isWhole: Bool
  /// Cells across and down.
  let lattice: [Int]

  /// Plans an image of `width` x `height` px, with windows of at most `windowPixels`; with
  /// `needsCells` there is a lattice however small the image.
  init(
    width: Int, height: Int, halo: Int, alignment: Int, windowPixels: Int, needsCells: Bool,
    seed: Int, foreground: RegionMask?
  ) {
    func up(_ value: Int) -> Int { (value + alignment - 1) / alignment * alignment }
    let side = up(Self.coreSide) + 2 * up(halo)
    let budget = side * side * Self.wantedWindows(width: width, height: height)
    let isSmall = width < side || height < side
    if isSmall || (!needsCells && up(width) * up(height) <= min(windowPixels, budget)) {
      let whole = PixelRegion(x: 0, y: 0, width: up(width), height: up(height))
      windows = [Window(region: whole, core: whole, cell: [0, 0])]
      isWhole = true
      lattice = [1, 1]
      return
    }
    let cover = Self.cover(
      width: width, height: height, halo: halo, alignment: alignment, windowPixels: windowPixels)
    if !needsCells, cover.reduce(0, { $0 + $1.region.area }) <= budget {
      windows = cover
      isWhole = false
      lattice = [1, 1]
      return
    }
    isWhole = false
    // More cells until enough of them have foreground.
    var wanted = Self.wantedWindows(width: width, height: height)
    var found: [Window] = []
    var cells = [1, 1]
    for _ in 0..<4 {
      cells = Self.lattice(width: width, height: height, cells: wanted)
      found = Self.windows(
        width: width, height: height, cells: cells, side: side, halo: up(halo),
        alignment: alignment, seed: seed, foreground: foreground)
      if found.count >= Self.minimumWindows || found.count >= cells[0] * cells[1] { break }
      wanted *= 2
    }
    if found.isEmpty {
      found = Self.windows(
        width: width, height: height, cells: cells, side: side, halo: up(halo),
        alignment: alignment, seed: seed, foreground: nil)
    }
    windows = found
    lattice = cells
  }

  /// Plans slices of one size, each measured to its border.
  init(slices: Int, width: Int, height: Int, alignment: Int) {
    func up(_ value: Int) -> Int { (value + alignment - 1) / alignment * alignment }
    let whole = PixelRegion(x: 0, y: 0, width: up(width), height: up(height))
    windows = (0..<slices).map { _ in Window(region: whole, core: whole, cell: [0, 0]) }
    isWhole = true
    lattice = [1, 1]
  }

  /// Windows whose cores are all of the image, as large as memory allows.
  private static func cover(
    width: Int, height: Int, halo: Int, alignment: Int, windowPixels: Int
  ) -> [Window] {
    let core = max(
      coreSide,
      Int(saturating: Double(windowPixels).squareRoot().rounded(.down)) - 2 * (halo + alignment))
    let columns = AxisPlan(length: width, core: core, halo: halo, alignment: alignment)
    let rows = AxisPlan(length: height, core: core, halo: halo, alignment: alignment)
    return rows.pieces.flatMap { row in
      columns.pieces.map { column in
        Window(
          region: PixelRegion(columns: column.window, rows: row.window),
          core: PixelRegion(columns: column.core, rows: row.core), cell: [0, 0])
      }
    }
  }

  /// 64 up to 64 megapixels, and twice as many for 16 times the pixels.
  private static func wantedWindows(width: Int, height: Int) -> Int {
    let megapixels = Double(width) * Double(height) / 1e6
    return Int(
      saturating: (64 * max(1, (megapixels / 64).squareRoot().squareRoot())).rounded(.down))
  }

  private static func lattice(width: Int, height: Int, cells: Int) -> [Int] {
    let across = (Double(cells) * Double(width) / Double(height)).squareRoot()
    let columns = max(1, min(cells, Int(saturating: across)))
    let rows = max(1, Int(saturating: (Double(cells) / Double(columns)).rounded(.up)))
    // A cell is no smaller than a core.
    return [
      max(1, min(columns, width / coreSide)), max(1, min(rows, height / coreSide)),
    ]
  }

  private static func windows(
    width: Int, height: Int, cells: [Int], side: Int, halo: Int, alignment: Int, seed: Int,
    foreground: RegionMask?
  ) -> [Window] {
    var result: [Window] = []
    for row in 0..<cells[1] {
      for column in 0..<cells[0] {
        let cell = PixelRegion(
          columns: (column * width / cells[0])..<((column + 1) * width / cells[0]),
          rows: (row * height / cells[1])..<((row + 1) * height / cells[1]))
        guard
          let core = core(
            in: cell, number: row * cells[0] + column, alignment: alignment, seed: seed,
            foreground: foreground)
        else { continue }
        let lastX = (width - side) / alignment * alignment
        let lastY = (height - side) / alignment * alignment
        let region = PixelRegion(
          x: max(0, min(core.x - halo, lastX)), y: max(0, min(core.y - halo, lastY)), width: side,
          height: side)
        result.append(
          Window(region: region, core: core.intersection(region), cell: [column, row]))
      }
    }
    return result
  }

  /// A core within the cell, in its foreground where it has any; nil where it has none.
  private static func core(
    in cell: PixelRegion, number: Int, alignment: Int, seed: Int, foreground: RegionMask?
  ) -> PixelRegion? {
    for attempt in 0..<16 {
      let place = hash(number, seed, attempt)
      // Kept on the alignment, so that a core of the sample is a core of some plan.
      let x = cell.x + Int(place & 0xffff_ffff) % max(1, cell.width - coreSide + 1)
      let y = cell.y + Int(place >> 32) % max(1, cell.height - coreSide + 1)
      let core = PixelRegion(
        x: x / alignment * alignment, y: y / alignment * alignment, width: coreSide,
        height: coreSide)
      guard let foreground else { return core }
      if share(of: core, in: foreground) >= 0.5 { return core }
    }
    return nil
  }

  /// The share of foreground on a grid of 5 x 5 places.
  private static func share(of core: PixelRegion, in mask: RegionMask) -> Double {
    var covered = 0
    for row in 0..<5 {
      for column in 0..<5 {
        let x = core.x + column * (core.width - 1) / 4
        let y = core.y + row * (core.height - 1) / 4
        if mask.covers(x: x, y: y) { covered += 1 }
      }
    }
    return Double(covered) / 25
  }

  /// SplitMix64 of three numbers.
  private static func hash(_ number: Int, _ seed: Int, _ attempt: Int) -> UInt64 {
    var value = UInt64(truncatingIfNeeded: number) &* 0x9e37_79b9_7f4a_7c15
    value ^= UInt64(truncatingIfNeeded: seed) &* 0xd1b5_4a32_d192_ed03
    value &+= UInt64(truncatingIfNeeded: attempt) &* 0xabc9_8388_fb8f_ac03
    for _ in 0..<2 {
      value &+= 0x9e37_79b9_7f4a_7c15
      value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
      value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
      value ^= value >> 31
    }
    return value
  }
}
