import Base
public import TesseraPlugin
import TileIO

/// What of an image a pair is fitted on, where the user says so.
public enum FitArea: Sendable, Hashable {
  /// What lies in polygons.
  case polygons(PolygonRegions)
  /// What is not 0 in a picture of the whole image, at any scale.
  case picture(path: String, width: Int, height: Int, isWanted: [Bool])

  /// The most pixels of a picture.
  private static let greatestPicture = 1 << 26

  /// Reads GeoJSON or a picture: the content of the file decides.
  public init(_ path: String) throws(TesseraError) {
    guard ImageFile.isImage(path) else {
      self = .polygons(try GeoJSONFile.polygons(in: path))
      return
    }
    let source = try ImageFile.open(path, as: .mask)
    let info = source.info
    guard info.region.area <= Self.greatestPicture else {
      throw TesseraError(
        path, "reading the mask",
        "\(info.width) x \(info.height) px are more than a mask needs; reduce it below 64 megapixels"
      )
    }
    var tile = Tile(region: info.region, channels: info.channels, format: info.sampleFormat)
    try source.read(into: &tile)
    let count = info.channels - (info.hasAlpha ? 1 : 0)
    func wanted<S: Sample>(_: S.Type) -> [Bool] {
      tile.region.rows.flatMap { y in
        tile.withRow(y, columns: tile.region.columns, as: S.self) { samples in
          (0..<info.width).map { x in
            (0..<count).contains { samples[x * info.channels + $0].intensity > 0 }
          }
        }
      }
    }
    let isWanted =
      switch info.sampleFormat {
      case .uint8: wanted(UInt8.self)
      case .uint16: wanted(UInt16.self)
      case .float32: wanted(Float.self)
      }
    self = .picture(path: path, width: info.width, height: info.height, isWanted: isWanted)
  }

  /// The area at the scale of an overview; throws where it is none of this image.
  func mask(of overview: borrowing Overview) throws(TesseraError) -> RegionMask {
    let (width, height) = (overview.pixels.region.width, overview.pixels.region.height)
    let image = overview.image
    let isForeground: [Bool]
    switch self {
    case .polygons(let regions):
      isForeground = regions.mask(of: overview.pixels.region, step: overview.reduction)
    case .picture(let path, let columns, let rows, let isWanted):
      let scale = Double(image.width) / Double(columns)
      guard abs(Double(image.height) / scale - Double(rows)) <= 1.5 else {
        throw TesseraError(
          path, "reading the mask",
          "\(columns) x \(rows) px are not of the shape of the image, \(image.width) x \(image.height) px"
        )
      }
      isForeground = (0..<(width * height)).map { index in
        let x = min(columns - 1, (2 * (index % width) + 1) * columns / (2 * width))
        let y = min(rows - 1, (2 * (index / width) + 1) * rows / (2 * height))
        return isWanted[y * columns + x]
      }
    }
    guard isForeground.contains(true) else {
      throw TesseraError(
        "--mask: none of it lies in the image of \(image.width) x \(image.height) px; make it for this"
          + " image")
    }
    return RegionMask(
      width: width, height: height, reduction: overview.reduction, isForeground: isForeground)
  }
}
