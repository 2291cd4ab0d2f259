/// A function of single pixels as a translator: the shortest way to a pair.
///
/// The function is given pixels in a row, as intensities from 0 to 1 whatever the depth of the image
/// (float images may go beyond), and writes as many; it runs on several threads at once.
public struct RowTranslator: TileTranslator {
  /// A function of single pixels: nothing around them is read.
  public var footprint: Footprint { .pixel }

  private let body: @Sendable (_ input: Span<Float>, _ output: inout MutableSpan<Float>) -> Void

  /// Makes a translator of `body`.
  ///
  /// `input` has the channels that the pair takes, interleaved, `output` those that it makes. How many
  /// pixels there are, and from where, may not matter to the result.
  public init(
    _ body: @escaping @Sendable (_ input: Span<Float>, _ output: inout MutableSpan<Float>) -> Void
  ) {
    self.body = body
  }

  /// Hands over row by row.
  public func translate(_ window: borrowing Tile, into core: inout Tile) throws(PairError) {
    switch window.format {
    case .uint8: translate(window, into: &core, as: UInt8.self)
    case .uint16: translate(window, into: &core, as: UInt16.self)
    case .float32: translate(window, into: &core, as: Float.self)
    }
  }

  private func translate<S: Sample>(
    _ window: borrowing Tile, into core: inout Tile, as: S.Type
  ) {
    let columns = core.region.columns
    var input = [Float](repeating: 0, count: columns.count * window.channels)
    var output = [Float](repeating: 0, count: columns.count * core.channels)
    for row in core.region.rows {
      window.withRow(row, columns: columns, as: S.self) { samples in
        for index in 0..<samples.count { input[index] = samples[index].intensity }
      }
      var span = output.mutableSpan
      body(input.span, &span)
      core.withMutableRow(row, columns: columns, as: S.self) { samples in
        for index in 0..<samples.count { samples[index] = S(intensity: output[index]) }
      }
    }
  }
}
