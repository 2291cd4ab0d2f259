import Color
import TesseraPlugin

extension StainNormalization {
  /// The side of a cell of level 0, in px.
  private static let cellSide = 128
  /// The most cells that are looked at: a megapixel.
  private static let greatestCellCount = 64

  /// Returns cells of level 0 that hold tissue, where the overview is reduced by 4 and more.
  ///
  /// A box filter mixes nuclei with what lies around them: reduced 8 times, a slide is fitted wrong by
  /// dE 4 (docs/decisions/stain-fit.md). All cells with tissue are taken, or those of 64 pixels of
  /// tissue at regular spacing. Other packages' conventions look at the overview alone.
  public func samples(
    for overview: borrowing Overview, options: PairOptions
  ) throws(PairError) -> [PixelRegion] {
    let options = try FitOptions(options)
    guard overview.reduction >= 4, options.conventions == .tessera, overview.pixels.channels == 3
    else { return [] }
    let pixels = FitPixels(overview.pixels)
    let glass = options.white ?? Glass(pixels) ?? Glass()
    var mask = TissueMask(pixels.balanced(glass), score: options.score)
    if let wanted = overview.fitMask { mask.formIntersection(wanted.isForeground) }
    var cells: [PixelRegion] = []
    var known: Set<PixelRegion> = []
    func add(_ index: Int) {
      func edge(_ place: Int) -> Int {
        place * overview.reduction / Self.cellSide * Self.cellSide
      }
      let cell = PixelRegion(
        x: edge(index % pixels.width), y: edge(index / pixels.width), width: Self.cellSide,
        height: Self.cellSide
      ).intersection(
        PixelRegion(x: 0, y: 0, width: overview.image.width, height: overview.image.height))
      if known.insert(cell).inserted { cells.append(cell) }
    }
    for index in 0..<pixels.count where mask.isTissue[index] {
      add(index)
      if cells.count > Self.greatestCellCount { break }
    }
    guard cells.count > Self.greatestCellCount else { return cells }
    (cells, known) = ([], [])
    // Ranks of pixels in the mask, at regular spacing.
    var (rank, next) = (0, 0)
    for index in 0..<pixels.count where mask.isTissue[index] {
      if rank == (next * mask.count + mask.count / 2) / Self.greatestCellCount {
        add(index)
        next += 1
      }
      rank += 1
    }
    return cells
  }
}
