import Synchronization
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
  var size: PixelRegion { picture.region }
  /// How output samples are stored.
  var outputFormat: SampleFormat { pair.convertsDepth ? .float32 : picture.format }
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
        minimum: translator.footprint.smallestWindow
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

  /// The core that (x, y) lies in, with a window that reaches `halo` px beyond it; as far as declared
  /// unless given.
  func place(at x: Int, _ y: Int, core: Int, halo: Int? = nil) -> Place {
    let footprint = translator.footprint
    func piece(_ length: Int, _ position: Int) -> AxisPlan.Piece {
      let pieces = AxisPlan(
        length: length, core: core, halo: halo ?? footprint.halo, alignment: footprint.alignment,
        minimum: translator.footprint.smallestWindow
      ).pieces
      return pieces.first { $0.core.contains(position) } ?? pieces[pieces.count - 1]
    }
    let (column, row) = (piece(size.width, x), piece(size.height, y))
    return Place(
      core: PixelRegion(columns: column.core, rows: row.core),
      window: PixelRegion(columns: column.window, rows: row.window))
  }

  /// The pixels of the picture that a translator with a halo of `reach` px may read for a core.
  ///
  /// Cores are multiples of the alignment, and a picture that is none is continued by its mirror
  /// image: what is mirrored there is read, though it lies elsewhere.
  func readable(for core: PixelRegion, reach: Int) -> PixelRegion {
    let alignment = translator.footprint.alignment
    func axis(_ range: Range<Int>, _ length: Int) -> Range<Int> {
      func aligned(_ count: Int) -> Int { (count + alignment - 1) / alignment * alignment }
      let end = min(aligned(range.upperBound) + reach, aligned(length))
      var start = max(0, range.lowerBound / alignment * alignment - reach)
      for place in length..<max(length, end) {
        start = min(start, Tile.mirrored(place, length))
      }
      return start..<max(start + 1, min(end, length))
    }
    return PixelRegion(columns: axis(core.columns, size.width), rows: axis(core.rows, size.height))
  }

  /// What a result of `whole` says of the core of `part`, which lies in it.
  func part(_ part: Place, of bytes: [UInt8], _ whole: Place) -> [UInt8] {
    let (inner, outer) = (output(part.core), output(whole.core))
    let pixel = pair.outputChannels * outputFormat.bytes
    var result: [UInt8] = []
    result.reserveCapacity(inner.area * pixel)
    for row in inner.rows {
      let start = ((row - outer.y) * outer.width + inner.x - outer.x) * pixel
      result += bytes[start..<(start + inner.width * pixel)]
    }
    return result
  }

  /// The pixels of output that are made of those of a core.
  private func output(_ core: PixelRegion) -> PixelRegion {
    func output(_ range: Range<Int>) -> Range<Int> {
      pair.scale.output(range.lowerBound)..<pair.scale.output(range.upperBound)
    }
    return PixelRegion(columns: output(core.columns), rows: output(core.rows))
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
      throw .failed("\(picture.format.rawValue), \(size.sides): \(error.message)")
    }
    isAlive()
    return .bytes(Self.bytes(of: core))
  }

  private func window(_ place: Place, _ other: TestPicture?) -> Tile {
    (other ?? picture).part(place.window)
  }

  private func core(_ place: Place, _ prefill: UInt8) -> Tile {
    var core = Tile(
      region: output(place.core), channels: pair.outputChannels, format: outputFormat)
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

/// Passes windows on to a translator and notes what it refuses, so that its own errors can be told
/// from those about it.
private final class TranslatorWitness: TileTranslator {
  private let translator: any TileTranslator
  private let noted = Mutex<String?>(nil)

  /// Stands before `translator`.
  init(_ translator: any TileTranslator) { self.translator = translator }

  /// Why it refused a window, if it did.
  var refusal: String? { noted.withLock { $0 } }

  var footprint: Footprint { translator.footprint }

  func translate(_ window: borrowing Tile, into core: inout Tile) throws(PairError) {
    do throws(PairError) {
      try translator.translate(window, into: &core)
    } catch {
      noted.withLock { $0 = error.message }
      throw error
    }
  }
}
