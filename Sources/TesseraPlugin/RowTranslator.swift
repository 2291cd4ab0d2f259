/// A translator from a function of single pixels: the shortest way to a pair.
///
/// The function gets a row of pixels, as intensities from 0 to 1 whatever the depth of the image
/// (float images may exceed this), and writes as many; it runs on several threads at once.
public struct RowTranslator: TileTranslator {
  /// The footprint of a pixel function: nothing around a pixel is read.
  public var footprint: Footprint { .pixel }

  private let body: @Sendable (_ input: Span<Float>, _ output: inout MutableSpan<Float>) -> Void

  /// Creates a translator from `body`.
  ///
  /// `input` has the pair's input channels, interleaved, `output` its output channels. The result
  /// must not depend on how many pixels there are or where they begin.
  public init(
    _ body: @escaping @Sendable (_ input: Span<Float>, _ output: inout MutableSpan<Float>) -> Void
  ) {
    self.body = body
  }

  /// Passes the window to the function row by row.
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
