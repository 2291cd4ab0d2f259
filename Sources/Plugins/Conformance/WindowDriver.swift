import TesseraPlugin
import Translation

/// Runs a translator on windows of a test picture, cut as the engine cuts them.
struct WindowDriver: Sendable {
  /// A core and what is read for it, both in px of the picture.
  struct Place: Sendable, Hashable {
    let core: PixelRegion
    let window: PixelRegion
  }

  /// What became of a window that was looked at closely.
  enum Outcome: Sendable {
    case bytes([UInt8])
    case refused(String)
  }

  /// What is tried.
  let translator: any TileTranslator
  /// What it was made for.
  let pair: PairDescription
  /// The picture that it was calibrated on.
  let picture: TestPicture
  /// Told whenever a window is done.
  let isAlive: @Sendable () -> Void

  /// The size of the picture.
  var size: PixelRegion { picture.tile.region }
  /// How output samples are stored.
  var outputFormat: SampleFormat { pair.convertsDepth ? .float32 : picture.tile.format }
  /// The halo that the engine gives, a multiple of the alignment.
  var halo: Int {
    let footprint = translator.footprint
    return (footprint.halo + footprint.alignment - 1) / footprint.alignment * footprint.alignment
  }

  /// The cores of the picture, row by row, with windows that reach `halo` px beyond them; as far as
  /// declared unless given.
  func places(core: Int, halo: Int? = nil) -> [Place] {
    let footprint = translator.footprint
    func pieces(_ length: Int) -> [AxisPlan.Piece] {
      AxisPlan(
        length: length, core: core, halo: halo ?? footprint.halo, alignment: footprint.alignment,
        least: translator.leastSide
      ).pieces
    }
    let columns = pieces(size.width)
    return pieces(size.height).flatMap { row in
      columns.map { column in
        Place(
          core: PixelRegion(columns: column.core, rows: row.core),
          window: PixelRegion(columns: column.window, rows: row.window))
      }
    }
  }

  /// The whole picture as one core.
  var whole: Place {
    places(core: max(size.width, size.height))[0]
  }

  /// What the translator makes of a place, byte for byte; `prefill` is in the core before.
  func run(
    _ place: Place, on other: TestPicture? = nil, prefill: UInt8 = 0
  ) throws(PairError) -> [UInt8] {
    let window = window(place, other)
    var core = core(place, prefill)
    try translator.translate(window, into: &core)
    isAlive()
    return Self.bytes(of: core)
  }

  /// The same, with the tile, the numbers and the range looked at; throws where those are wrong.
  func runGuarded(_ place: Place, prefill: UInt8 = 0) throws(ConformanceFault) -> Outcome {
    let window = window(place, nil)
    var core = core(place, prefill)
    let witness = TranslatorWitness(translator)
    do {
      try OutputGuard(pair).translate(window, into: &core, by: witness)
    } catch {
      isAlive()
      if let refusal = witness.refusal { return .refused(refusal) }
      throw .failed("\(picture.tile.format.rawValue), \(size.sides): \(error.message)")
    }
    isAlive()
    return .bytes(Self.bytes(of: core))
  }

  private func window(_ place: Place, _ other: TestPicture?) -> Tile {
    let picture = other ?? picture
    var window = Tile(
      region: place.window, channels: picture.tile.channels, format: picture.tile.format)
    window.fillMirrored(from: picture.tile)
    return window
  }

  private func core(_ place: Place, _ prefill: UInt8) -> Tile {
    func output(_ range: Range<Int>) -> Range<Int> {
      pair.scale.output(range.lowerBound)..<pair.scale.output(range.upperBound)
    }
    var core = Tile(
      region: PixelRegion(columns: output(place.core.columns), rows: output(place.core.rows)),
      channels: pair.outputChannels, format: outputFormat)
    if prefill != 0 {
      let count = core.bytesPerRow * core.region.height
      core.withUnsafeMutableBytes {
        _ = $0.initializeMemory(as: UInt8.self, repeating: prefill, count: count)
      }
    }
    return core
  }

  private static func bytes(of tile: borrowing Tile) -> [UInt8] {
    let count = tile.bytesPerRow * tile.region.height
    return tile.withUnsafeBytes { Array(UnsafeRawBufferPointer(start: $0, count: count)) }
  }
}

extension PixelRegion {
  /// The size in words.
  var sides: String { "\(width) x \(height) px" }
}
