import TesseraPlugin

/// Holds a pair to what it declared: the tile it was given, values that are numbers, its range, its classes.
package struct OutputGuard: Sendable {
  /// Name of the pair, for messages.
  let pair: String
  /// What float output keeps to; nil is any number.
  let range: ClosedRange<Float>?
  /// How many classes it makes; nil where it makes none, or does not say.
  private let classes: Int?

  /// Guards the cores of `pair`.
  package init(_ pair: PairDescription) {
    self.pair = pair.id
    if case .labels(let classes) = pair.output, !classes.isEmpty {
      self.classes = classes.count
    } else {
      classes = nil
    }
    range = pair.outputRange.map { range in
      // A rounding beyond an end is no lie.
      let slack = (range.upperBound - range.lowerBound) * 1e-4
      return (range.lowerBound - slack)...(range.upperBound + slack)
    }
  }

  /// Lets `translator` write `core` and looks at what it wrote.
  package func translate(
    _ window: borrowing Tile, into core: inout Tile, by translator: any TileTranslator
  ) throws(PairError) {
    let (region, channels, format) = (core.region, core.channels, core.format)
    let memory = core.withUnsafeBytes { UInt(bitPattern: $0) }
    try translator.translate(window, into: &core)
    guard core.region == region, core.channels == channels, core.format == format else {
      throw PairError(
        "the pair \(pair) made \(core.region) of \(core.channels) x \(core.format) where \(region) of"
          + " \(channels) x \(format) was asked for; this is a fault of the pair")
    }
    guard core.withUnsafeBytes({ UInt(bitPattern: $0) }) == memory else {
      throw PairError(
        "the pair \(pair) put another tile in the place of its core instead of writing into it; this"
          + " is a fault of the pair")
    }
    if format == .float32 { try check(core, of: window) }
    guard let classes else { return }
    switch format {
    case .uint8: try check(core, as: UInt8.self, classes)
    case .uint16: try check(core, as: UInt16.self, classes)
    case .float32: try check(core, as: Float.self, classes)
    }
  }

  /// Refuses numbers of classes that were not declared.
  private func check<S: Sample>(
    _ core: borrowing Tile, as: S.Type, _ classes: Int
  ) throws(PairError) {
    guard
      let place = Self.firstUnlike(
        core, as: S.self,
        isAllowed: { sample in
          let number = Self.number(sample)
          return number >= 0 && number < Float(classes) && number == number.rounded()
        })
    else { return }
    let number = Int(exactly: place.value).map { "\($0)" } ?? "\(place.value)"
    throw PairError(
      "the pair \(pair) made class \(number), but \(classes) classes are declared, at"
        + " (\(place.x), \(place.y)); this is a fault of the pair")
  }

  private static func number<S: Sample>(_ sample: S) -> Float {
    switch sample {
    case let sample as UInt8: Float(sample)
    case let sample as UInt16: Float(sample)
    case let sample as Float: sample
    default: 0
    }
  }

  private func check(_ core: borrowing Tile, of window: borrowing Tile) throws(PairError) {
    guard let place = Self.firstUnlike(core, as: Float.self, isAllowed: \.isFinite) else {
      guard let range,
        let place = Self.firstUnlike(core, as: Float.self, isAllowed: { range.contains($0) })
      else { return }
      throw PairError(
        "the pair \(pair) made the value \(place.value) at (\(place.x), \(place.y)), outside of the"
          + " range \(range.lowerBound)...\(range.upperBound) that it declares; this is a fault of the"
          + " pair")
    }
    // What came in without a number may go out without one.
    if window.format == .float32,
      Self.firstUnlike(window, as: Float.self, isAllowed: \.isFinite) != nil
    {
      return
    }
    throw PairError(
      "the pair \(pair) made \(place.value) at (\(place.x), \(place.y)) of pixels that are all"
        + " numbers; this is a fault of the pair")
  }

  /// The first sample for which `isAllowed` is false.
  private static func firstUnlike<S: Sample>(
    _ tile: borrowing Tile, as: S.Type, isAllowed: (S) -> Bool
  ) -> (x: Int, y: Int, value: Float)? {
    let (region, channels) = (tile.region, tile.channels)
    for row in region.rows {
      let found: (Int, Float)? = tile.withRow(row, columns: region.columns, as: S.self) {
        samples in
        // Without a branch first: nearly always there is nothing to find.
        var isClean = true
        for index in samples.indices { isClean = isAllowed(samples[index]) && isClean }
        guard !isClean else { return nil }
        for index in samples.indices where !isAllowed(samples[index]) {
          return (index, number(samples[index]))
        }
        return nil
      }
      if let (index, value) = found { return (region.x + index / channels, row, value) }
    }
    return nil
  }
}
