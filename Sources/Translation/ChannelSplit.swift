import TesseraPlugin

/// Takes alpha off a tile before translation and puts it back after.
enum ChannelSplit {
  /// All channels but the last.
  static func colours(of tile: borrowing Tile) -> Tile {
    var colours = Tile(region: tile.region, channels: tile.channels - 1, format: tile.format)
    switch tile.format {
    case .uint8: copyColours(of: tile, into: &colours, as: UInt8.self)
    case .uint16: copyColours(of: tile, into: &colours, as: UInt16.self)
    case .float32: copyColours(of: tile, into: &colours, as: Float.self)
    }
    return colours
  }

  /// The colours of one tile with the last channel of another.
  static func join(
    _ colours: borrowing Tile, alphaOf window: borrowing Tile, into core: inout Tile
  ) {
    switch core.format {
    case .uint8: join(colours, alphaOf: window, into: &core, as: UInt8.self)
    case .uint16: join(colours, alphaOf: window, into: &core, as: UInt16.self)
    case .float32: join(colours, alphaOf: window, into: &core, as: Float.self)
    }
  }

  private static func copyColours<S: Sample>(
    of tile: borrowing Tile, into colours: inout Tile, as: S.Type
  ) {
    let (columns, count) = (tile.region.columns, colours.channels)
    for row in tile.region.rows {
      tile.withRow(row, columns: columns, as: S.self) { input in
        colours.withMutableRow(row, columns: columns, as: S.self) { output in
          for pixel in 0..<columns.count {
            for channel in 0..<count {
              output[pixel * count + channel] = input[pixel * (count + 1) + channel]
            }
          }
        }
      }
    }
  }

  private static func join<S: Sample>(
    _ colours: borrowing Tile, alphaOf window: borrowing Tile, into core: inout Tile, as: S.Type
  ) {
    let (columns, count) = (core.region.columns, colours.channels)
    for row in core.region.rows {
      colours.withRow(row, columns: columns, as: S.self) { input in
        window.withRow(row, columns: columns, as: S.self) { alpha in
          core.withMutableRow(row, columns: columns, as: S.self) { output in
            for pixel in 0..<columns.count {
              for channel in 0..<count {
                output[pixel * (count + 1) + channel] = input[pixel * count + channel]
              }
              output[pixel * (count + 1) + count] = alpha[pixel * (count + 1) + count]
            }
          }
        }
      }
    }
  }
}
