import TesseraPlugin

/// Takes alpha off a tile before translation and puts it back after.
enum ChannelSplit {
  /// All channels but the last, of which the first `own` are white where that is 0: what is transparent has
  /// no color.
  ///
  /// Further inputs behind them stay as they are.
  static func colors(of tile: borrowing Tile, own: Int) -> Tile {
    var colors = Tile(region: tile.region, channels: tile.channels - 1, format: tile.format)
    switch tile.format {
    case .uint8: copyColors(of: tile, own, into: &colors, as: UInt8.self)
    case .uint16: copyColors(of: tile, own, into: &colors, as: UInt16.self)
    case .float32: copyColors(of: tile, own, into: &colors, as: Float.self)
    }
    return colors
  }

  /// The channels of the image itself, among which further inputs lie in front of alpha.
  static func image(of tile: borrowing Tile, without further: Int, hasAlpha: Bool) -> Tile {
    var image = Tile(region: tile.region, channels: tile.channels - further, format: tile.format)
    let alpha = hasAlpha ? 1 : 0
    let (own, bytes) = (image.channels - alpha, tile.format.bytes)
    let (source, target) = (tile.channels * bytes, image.channels * bytes)
    let (width, height, stride) = (tile.region.width, tile.region.height, tile.bytesPerRow)
    let targetStride = image.bytesPerRow
    tile.withUnsafeBytes { from in
      image.withUnsafeMutableBytes { to in
        for row in 0..<height {
          for column in 0..<width {
            let (pixel, copy) = (
              from + row * stride + column * source, to + row * targetStride + column * target
            )
            copy.copyMemory(from: pixel, byteCount: own * bytes)
            (copy + own * bytes).copyMemory(
              from: pixel + (own + further) * bytes, byteCount: alpha * bytes)
          }
        }
      }
    }
    return image
  }

  /// The colors of one tile with the last channel of another, which may have another format and,
  /// by `scale`, another size.
  static func join(
    _ colors: borrowing Tile, alphaOf window: borrowing Tile, scale: PixelScale,
    into core: inout Tile
  ) {
    let factor = core.format.white / window.format.white
    switch core.format {
    case .uint8:
      join(colors, alphaOf: window, scale, into: &core, as: UInt8.self) {
        UInt8(saturating: $0 * factor)
      }
    case .uint16:
      join(colors, alphaOf: window, scale, into: &core, as: UInt16.self) {
        UInt16(saturating: $0 * factor)
      }
    case .float32:
      join(colors, alphaOf: window, scale, into: &core, as: Float.self) {
        $0.isNaN ? 0 : $0 * factor
      }
    }
  }

  private static func copyColors<S: Sample>(
    of tile: borrowing Tile, _ own: Int, into colors: inout Tile, as: S.Type
  ) {
    let (columns, count) = (tile.region.columns, colors.channels)
    let white = S(intensity: 1)
    for row in tile.region.rows {
      tile.withRow(row, columns: columns, as: S.self) { input in
        colors.withMutableRow(row, columns: columns, as: S.self) { output in
          for pixel in 0..<columns.count {
            let isHidden = !(input[pixel * (count + 1) + count].intensity > 0)
            for channel in 0..<count {
              output[pixel * count + channel] =
                isHidden && channel < own ? white : input[pixel * (count + 1) + channel]
            }
          }
        }
      }
    }
  }

  private static func join<S: Sample>(
    _ colors: borrowing Tile, alphaOf window: borrowing Tile, _ scale: PixelScale,
    into core: inout Tile, as: S.Type, _ convert: (Float) -> S
  ) {
    switch window.format {
    case .uint8:
      join(colors, window, scale, into: &core, as: S.self, UInt8.self) { convert(Float($0)) }
    case .uint16:
      join(colors, window, scale, into: &core, as: S.self, UInt16.self) { convert(Float($0)) }
    case .float32: join(colors, window, scale, into: &core, as: S.self, Float.self, convert)
    }
  }

  private static func join<S: Sample, Source: Sample>(
    _ colors: borrowing Tile, _ window: borrowing Tile, _ scale: PixelScale,
    into core: inout Tile, as: S.Type, _: Source.Type, _ convert: (Source) -> S
  ) {
    let (columns, count) = (core.region.columns, colors.channels)
    let sources = window.region
    for row in core.region.rows {
      // The pixel of the image in which the output pixel lies.
      let sourceRow = min(row * scale.denominator / scale.numerator, sources.rows.upperBound - 1)
      colors.withRow(row, columns: columns, as: S.self) { input in
        window.withRow(sourceRow, columns: sources.columns, as: Source.self) { alpha in
          core.withMutableRow(row, columns: columns, as: S.self) { output in
            for pixel in 0..<columns.count {
              for channel in 0..<count {
                output[pixel * (count + 1) + channel] = input[pixel * count + channel]
              }
              let column = (columns.lowerBound + pixel) * scale.denominator / scale.numerator
              let place = min(column, sources.columns.upperBound - 1) - sources.x
              output[pixel * (count + 1) + count] = convert(
                alpha[(place + 1) * window.channels - 1])
            }
          }
        }
      }
    }
  }
}
