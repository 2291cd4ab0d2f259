import Base
import TesseraPlugin

/// One channel of an image with several.
final class ChannelSource: ImageSource {
  let info: ImageInfo
  private let image: any ImageSource
  private let channel: Int

  /// Chooses a channel by its name, in any case, or by its number from 1.
  convenience init(_ image: any ImageSource, _ wanted: String, path: String) throws(TesseraError) {
    let info = image.info
    let named = info.channelNames.enumerated().filter {
      $0.element.lowercased() == wanted.lowercased()
    }
    let count = info.channels
    let found = named.count == 1 ? named[0].offset : Int(wanted).map { $0 - 1 }
    guard named.count < 2, let channel = found, (0..<count).contains(channel) else {
      let names = info.channelNames.enumerated().map { "\($0 + 1) \($1)" }.joined(separator: ", ")
      throw TesseraError(
        path, "choosing --channel \(wanted)",
        named.count > 1
          ? "several channels have that name; give a number from 1 to \(count)"
          : "there is none; the image has \(count == 1 ? "one channel" : "channels 1 to \(count)")"
            + (names.isEmpty ? "" : ": \(names)"))
    }
    self.init(image, channel)
  }

  private init(_ image: any ImageSource, _ channel: Int) {
    self.image = image
    self.channel = channel
    var info = image.info
    info.channels = 1
    info.hasAlpha = false
    info.color = .gray
    info.channelNames = info.channelNames.isEmpty ? [] : [info.channelNames[channel]]
    // It describes all colors together.
    info.iccProfile = nil
    self.info = info
  }

  func read(into tile: inout Tile) throws(TesseraError) {
    var whole = Tile(region: tile.region, channels: image.info.channels, format: tile.format)
    try image.read(into: &whole)
    pick(whole, into: &tile)
  }

  func reopened() throws(TesseraError) -> any ImageSource {
    info.isRandomAccess ? self : ChannelSource(try image.reopened(), channel)
  }

  func overview(reduction: Int) throws(TesseraError) -> Tile {
    let whole = try image.overview(reduction: reduction)
    var overview = Tile(region: whole.region, channels: 1, format: whole.format)
    pick(whole, into: &overview)
    return overview
  }

  private func pick(_ whole: borrowing Tile, into tile: inout Tile) {
    switch tile.format {
    case .uint8: pick(whole, into: &tile, as: UInt8.self)
    case .uint16: pick(whole, into: &tile, as: UInt16.self)
    case .float32: pick(whole, into: &tile, as: Float.self)
    }
  }

  private func pick<S: Sample>(
    _ whole: borrowing Tile, into tile: inout Tile, as _: S.Type
  ) {
    let (columns, channels) = (tile.region.columns, whole.channels)
    for row in tile.region.rows {
      whole.withRow(row, columns: columns, as: S.self) { source in
        tile.withMutableRow(row, columns: columns, as: S.self) { target in
          for index in target.indices { target[index] = source[index * channels + channel] }
        }
      }
    }
  }
}
