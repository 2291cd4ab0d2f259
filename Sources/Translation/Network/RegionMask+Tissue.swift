import TesseraPlugin

extension RegionMask {
  /// The tissue of an overview of three channels.
  init(tissueOf overview: borrowing Overview) {
    var bytes: [UInt8] = []
    let tile = Tile.converted(overview.pixels, to: .uint8)
    let columns = tile.region.columns
    bytes.reserveCapacity(tile.region.area * 3)
    for row in tile.region.rows {
      tile.withRow(row, columns: columns, as: UInt8.self) { samples in
        samples.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
      }
    }
    let mask = TissueMask(
      bytes, width: tile.region.width, height: tile.region.height, score: .saturation)
    self.init(
      width: mask.width, height: mask.height, reduction: overview.reduction,
      isForeground: mask.isTissue)
  }
}

extension Tile {
  /// The samples of `source` in another format.
  static func converted(_ source: borrowing Tile, to format: SampleFormat) -> Tile {
    var result = Tile(region: source.region, channels: source.channels, format: format)
    DepthConversion.convert(source, into: &result)
    return result
  }
}
