public import TesseraPlugin

/// A pair whose output pixel is the mean of the square around it, edges replicated.
///
/// It is the simplest function that shows every mistake in halos. Integers are rounded down, so
/// sums are exact.
public struct BoxBlur: DomainPair, TileTranslator {
  /// Pixels on each side.
  public let radius: Int
  /// Channels it takes.
  public let channels: Int
  /// Foreground that it reports.
  public let foreground: RegionMask?

  /// Makes a blur of `2 * radius + 1` px.
  public init(radius: Int = 24, channels: Int = 3, foreground: RegionMask? = nil) {
    self.radius = radius
    self.channels = channels
    self.foreground = foreground
  }

  /// What it is called.
  public var description: PairDescription {
    PairDescription(
      id: "box-blur", title: "Box blur", sourceDomain: "sharp", targetDomain: "blurred",
      version: "1", license: "MIT", summary: "For tests.", channels: channels)
  }

  /// Its halo is its radius.
  public var footprint: Footprint { Footprint(halo: radius, preferredCore: 320) }

  /// Has nothing to calibrate.
  public func calibrate(
    _ overview: borrowing Overview, options: PairOptions, reference: PairValue?
  ) throws(PairError) -> Calibration {
    Calibration(.translate(self), foreground: foreground)
  }

  /// Blurs.
  public func translate(_ window: borrowing Tile, into core: inout Tile) throws(PairError) {
    switch window.format {
    case .uint8:
      blur(window, into: &core, as: UInt8.self) {
        Int($0)
      } store: {
        UInt8($0 / $1)
      }
    case .uint16:
      blur(window, into: &core, as: UInt16.self) {
        Int($0)
      } store: {
        UInt16($0 / $1)
      }
    case .float32:
      blur(window, into: &core, as: Float.self) {
        Int(($0 * 255).rounded())
      } store: {
        Float($0) / Float($1)
      }
    }
  }

  private func blur<S: Sample>(
    _ window: borrowing Tile, into core: inout Tile, as: S.Type, load: (S) -> Int,
    store: (Int, Int) -> S
  ) {
    let (region, channels) = (window.region, window.channels)
    var values = [Int](repeating: 0, count: region.area * channels)
    for row in region.rows {
      window.withRow(row, columns: region.columns, as: S.self) { samples in
        for index in 0..<samples.count {
          values[(row - region.y) * region.width * channels + index] = load(samples[index])
        }
      }
    }
    // Columns first, then rows; indices are clamped at the window's edge, which is the image's.
    let side = 2 * radius + 1
    var vertical = [Int](repeating: 0, count: core.region.height * region.width * channels)
    for row in core.region.rows {
      for offset in -radius...radius {
        let source = min(max(row + offset, region.y), region.y + region.height - 1) - region.y
        for index in 0..<(region.width * channels) {
          vertical[(row - core.region.y) * region.width * channels + index] +=
            values[source * region.width * channels + index]
        }
      }
    }
    let (columns, top) = (core.region.columns, core.region.y)
    for row in core.region.rows {
      core.withMutableRow(row, columns: columns, as: S.self) { output in
        for (index, column) in columns.enumerated() {
          for channel in 0..<channels {
            var sum = 0
            for offset in -radius...radius {
              let source = min(max(column + offset, region.x), region.x + region.width - 1)
              sum +=
                vertical[
                  ((row - top) * region.width + source - region.x) * channels + channel]
            }
            output[index * channels + channel] = store(sum, side * side)
          }
        }
      }
    }
  }
}
