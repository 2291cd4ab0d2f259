import Base
import TesseraPlugin

/// An image whose channels are kept apart, each by a source of one channel.
final class PlanesSource: ImageSource {
  let info: ImageInfo
  private let planes: [any ImageSource]

  /// Joins sources of one channel, of the size and format that `info` has.
  init(_ planes: [any ImageSource], info: ImageInfo) {
    precondition(planes.allSatisfy { $0.info.channels == 1 }, "a plane of several channels")
    self.planes = planes
    self.info = info
  }

  func read(into tile: inout Tile) throws(TesseraError) {
    for (channel, plane) in planes.enumerated() {
      var part = Tile(region: tile.region, channels: 1, format: tile.format)
      try plane.read(into: &part)
      Self.put(part, into: channel, of: &tile)
    }
  }

  func reopened() throws(TesseraError) -> any ImageSource {
    guard !info.isRandomAccess else { return self }
    var planes: [any ImageSource] = []
    for plane in self.planes { planes.append(try plane.reopened()) }
    return PlanesSource(planes, info: info)
  }

  func overview(reduction: Int) throws(TesseraError) -> Tile {
    var overview = Tile(
      region: PixelRegion(
        x: 0, y: 0, width: max(1, info.width / reduction), height: max(1, info.height / reduction)),
      channels: planes.count, format: info.sampleFormat)
    for (channel, plane) in planes.enumerated() {
      Self.put(try plane.overview(reduction: reduction), into: channel, of: &overview)
    }
    return overview
  }

  private static func put(_ plane: borrowing Tile, into channel: Int, of tile: inout Tile) {
    switch tile.format {
    case .uint8: put(plane, into: channel, of: &tile, as: UInt8.self)
    case .uint16: put(plane, into: channel, of: &tile, as: UInt16.self)
    case .float32: put(plane, into: channel, of: &tile, as: Float.self)
    }
  }

  private static func put<S: Sample>(
    _ plane: borrowing Tile, into channel: Int, of tile: inout Tile, as _: S.Type
  ) {
    let (columns, channels) = (tile.region.columns, tile.channels)
    for row in tile.region.rows {
      plane.withRow(row, columns: columns, as: S.self) { source in
        tile.withMutableRow(row, columns: columns, as: S.self) { target in
          for index in source.indices { target[index * channels + channel] = source[index] }
        }
      }
    }
  }
}
