import Base
import TesseraPlugin
import TileIO

/// Reads two images and a mask in bands of the full width.
struct BandReader: Sendable {
  private let result: PlaneSplitter
  private let target: PlaneSplitter

  init(_ result: ImageInfo, _ target: ImageInfo, wantsLuminance: Bool, keepsNumbers: Bool = false) {
    let scale = keepsNumbers ? 1 : target.sampleFormat.white / result.sampleFormat.white
    self.result = PlaneSplitter(result, scale: scale, wantsLuminance: wantsLuminance)
    self.target = PlaneSplitter(target, scale: 1, wantsLuminance: wantsLuminance)
  }

  /// Rows that are read at once: whole tiles where that takes no more than 64 MB of planes.
  static func bands(of images: [ImageInfo]) -> [Range<Int>] {
    guard let image = images.first else { return [] }
    let bytesPerRow = images.reduce(0) { $0 + $1.width * ($1.channels + 1) * 4 }
    let tile = images.compactMap { $0.storedTile?.height }.max() ?? 64
    let height = max(1, min(max(64, tile), (64 << 20) / max(1, bytesPerRow)))
    return StripReader(height: image.height, rows: height).rows
  }

  func read(
    _ rows: Range<Int>, _ first: any ImageSource, _ second: any ImageSource,
    _ mask: (any ImageSource)?
  ) throws(TesseraError) -> Band {
    let reader = StripReader(height: first.info.height, rows: rows.count)
    let one = try reader.read(rows, of: first)
    let other = try reader.read(rows, of: second)
    let isCounted = try mask.map { source throws(TesseraError) in
      Self.mask(try reader.read(rows, of: source))
    }
    return Band(
      rows: rows, width: first.info.width, result: result.planes(one, rows: rows),
      target: target.planes(other, rows: rows), mask: isCounted ?? [])
  }

  private static func mask(_ tile: borrowing Tile) -> [Bool] {
    switch tile.format {
    case .uint8: mask(tile, UInt8.self) { $0 != 0 }
    case .uint16: mask(tile, UInt16.self) { $0 != 0 }
    case .float32: mask(tile, Float.self) { $0 > 0 }
    }
  }

  private static func mask<S: Sample>(
    _ tile: borrowing Tile, _: S.Type, _ isCounted: (S) -> Bool
  ) -> [Bool] {
    let (width, channels) = (tile.region.width, tile.channels)
    var mask: [Bool] = []
    mask.reserveCapacity(tile.region.area)
    for row in tile.region.rows {
      tile.withRow(row, columns: tile.region.columns, as: S.self) { samples in
        for x in 0..<width { mask.append(isCounted(samples[x * channels])) }
      }
    }
    return mask
  }
}
