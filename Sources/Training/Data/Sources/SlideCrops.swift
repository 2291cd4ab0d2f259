import Base
import Synchronization
import TesseraPlugin
import TileIO

/// A slide as a source of squares of tissue, without cutting tiles to the disk first.
final class SlideCrops: Sendable {
  let path: String
  private let source: any ImageSource
  /// Squares of the overview that hold tissue, by their place in level 0.
  private let tissue: [PixelRegion]

  /// Images of more pixels are never read whole.
  static let minimumPixels = 40_000_000

  /// Whether a file is read by squares: a scanner's, a pyramid, or one that is large.
  static func isSlide(_ info: ImageInfo) -> Bool {
    let isScan = info.levels.count > 1 || info.format.hasSuffix(" slide")
    return info.region.area > minimumPixels || info.isRandomAccess && isScan
  }

  /// Opens a slide and finds its tissue.
  init(_ path: String) throws(TesseraError) {
    self.path = path
    source = try ImageFile.open(path)
    let info = source.info
    guard info.isRandomAccess else {
      throw TesseraError(
        path, "opening the slide",
        "windows of this format cannot be read by themselves; convert it to a tiled TIFF")
    }
    let reduction = max(1, max(info.width, info.height) / 1024)
    let overview = try source.overview(reduction: reduction)
    let (width, height) = (overview.region.width, overview.region.height)
    var isTissue = [Bool](repeating: true, count: width * height)
    if info.color == .rgb, info.sampleFormat == .uint8 {
      var rgb: [UInt8] = []
      for row in 0..<height {
        overview.withRow(row, columns: 0..<width, as: UInt8.self) { span in
          for column in 0..<width {
            for channel in 0..<3 { rgb.append(span[column * info.channels + channel]) }
          }
        }
      }
      isTissue = TissueMask(rgb, width: width, height: height, score: .saturation).isTissue
    }
    tissue = isTissue.indices.filter { isTissue[$0] }.map { place in
      PixelRegion(
        x: place % width * reduction, y: place / width * reduction, width: reduction,
        height: reduction)
    }
    guard !tissue.isEmpty else {
      throw TesseraError(
        path, "looking for tissue", "there is none; take the slide out of the data")
    }
  }

  /// What the file says of itself.
  var info: ImageInfo { source.info }

  /// A square whose middle is tissue.
  func crop(
    _ side: Int, _ reader: PictureReader, _ numbers: inout SeededNumbers
  ) throws(TesseraError) -> Picture {
    let info = source.info
    guard info.width >= side, info.height >= side else {
      throw TesseraError(
        path, "cutting squares", "it is smaller than \(side) px; lower --crop-size")
    }
    let square = tissue[numbers.index(below: tissue.count)]
    let x = square.x + numbers.index(below: square.width) - side / 2
    let y = square.y + numbers.index(below: square.height) - side / 2
    return try reader.read(
      source,
      PixelRegion(
        x: max(0, min(info.width - side, x)), y: max(0, min(info.height - side, y)), width: side,
        height: side), path)
  }
}
