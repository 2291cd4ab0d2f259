public import TesseraPlugin

/// A pixel function for tests: every sample becomes white minus itself.
public struct Inversion: DomainPair, TileTranslator {
  /// Channels it takes.
  public let channels: Int
  /// Foreground that it reports.
  public let foreground: RegionMask?
  /// Why it copies the image instead.
  public let copyReason: String?

  /// Makes the pair.
  public init(channels: Int = 3, foreground: RegionMask? = nil, copyReason: String? = nil) {
    self.channels = channels
    self.foreground = foreground
    self.copyReason = copyReason
  }

  /// What it is called.
  public var description: PairDescription {
    var description = PairDescription(
      id: "inversion", title: "Inversion", sourceDomain: "positive", targetDomain: "negative",
      version: "1", license: "MIT", summary: "For tests.", channels: channels)
    description.hasForeground = foreground != nil
    return description
  }

  /// A pixel function.
  public var footprint: Footprint { .pixel }

  /// Has nothing to calibrate.
  public func calibrate(
    _ overview: borrowing Overview, options: PairOptions, reference: PairValue?
  ) throws(PairError) -> Calibration {
    Calibration(
      copyReason.map { .copy(reason: $0) } ?? .translate(self), foreground: foreground)
  }

  /// Inverts.
  public func translate(_ window: borrowing Tile, into core: inout Tile) throws(PairError) {
    switch window.format {
    case .uint8: invert(window, into: &core, as: UInt8.self) { 255 - $0 }
    case .uint16: invert(window, into: &core, as: UInt16.self) { 65535 - $0 }
    case .float32: invert(window, into: &core, as: Float.self) { 1 - $0 }
    }
  }

  private func invert<S: Sample>(
    _ window: borrowing Tile, into core: inout Tile, as: S.Type, _ function: (S) -> S
  ) {
    let columns = core.region.columns
    for row in core.region.rows {
      window.withRow(row, columns: columns, as: S.self) { input in
        core.withMutableRow(row, columns: columns, as: S.self) { output in
          for index in 0..<input.count { output[index] = function(input[index]) }
        }
      }
    }
  }
}
