import Foundation
import Inference
import ModelGraph
import Synchronization
import TesseraPlugin

/// Runs a network on windows with real surroundings, of which the core is kept.
///
/// With statistics frozen, every pixel is that of one pass over the whole image.
final class NetworkTranslator: TileTranslator {
  let footprint: Footprint
  private let runner: NetworkRunner
  private let codec: WindowCodec
  private let scale: PixelScale
  private let field: LocalField?
  private let count: WindowCount
  private let (imageWidth, imageHeight): (Int, Int)
  private let blanks = Mutex<[Blank: [Float]]>([:])

  /// What tells one window of a single color from another.
  private struct Blank: Hashable {
    var pixel: [UInt8]
    var width: Int
    var height: Int
  }

  init(
    _ runner: NetworkRunner, codec: WindowCodec, width: Int, height: Int, footprint: Footprint,
    scale: PixelScale, field: LocalField?, count: WindowCount
  ) {
    (imageWidth, imageHeight) = (width, height)
    self.count = count
    self.runner = runner
    self.codec = codec
    self.footprint = footprint
    self.scale = scale
    self.field = field
  }

  func translate(_ window: borrowing Tile, into core: inout Tile) throws(PairError) {
    let (x, y) = (scale.output(window.region.x), scale.output(window.region.y))
    let (width, height) = (
      scale.output(window.region.width), scale.output(window.region.height)
    )
    // The network gives a window of one color the same result wherever it lies, unless the
    // statistics differ from place to place.
    let blank =
      field == nil
      ? window.onlyPixel.map {
        Blank(pixel: $0, width: window.region.width, height: window.region.height)
      } : nil
    if let blank, let known = blanks.withLock({ $0[blank] }) {
      count.skipped()
      return codec.decode(known.span, x: x, y: y, width: width, height: height, into: &core)
    }
    var output: [Float] = []
    try run(window) { values in
      codec.decode(values, x: x, y: y, width: width, height: height, into: &core)
      if blank != nil { output = values.withUnsafeBufferPointer { Array($0) } }
    }
    count.ran(width: window.region.width, height: window.region.height)
    if let blank {
      blanks.withLock { blanks in
        // A slide has one color of glass, perhaps one of padding.
        if blanks.count >= 2 { blanks.removeAll() }
        blanks[blank] = output
      }
    }
  }

  /// About how many windows of this size the image has.
  private func windows(like window: PixelRegion) -> Int {
    func count(_ length: Int, _ side: Int) -> Int {
      // At a border there is no halo.
      let (core, inner) = (side - 2 * footprint.halo, length - 2 * footprint.halo)
      return core <= 0 || inner <= core ? 1 : (inner + core - 1) / core
    }
    return count(imageWidth, window.width) * count(imageHeight, window.height)
  }

  /// Lends the output of the whole window, NCHW, in the runtime's own memory.
  private func run(
    _ window: borrowing Tile, _ take: (Span<Float>) -> Void
  ) throws(PairError) {
    let region = window.region
    let fields = field?.inputs(for: region) ?? []
    let expected = [
      1, codec.output.channels, scale.output(region.height), scale.output(region.width),
    ]
    var failure: PairError?
    do {
      let picture = [1, codec.input.channels, region.height, region.width]
      let model = try runner.model(
        [picture] + fields.map(\.shape), output: expected, windows: windows(like: region))
      try model.run { index, input in
        guard index == 0 else { return input.replace(fields[index - 1].values) }
        do throws(PairError) {
          try codec.encode(window, into: &input)
        } catch { failure = error }
      } read: { _, output in
        if failure == nil, output.count != expected.reduce(1, *) {
          failure = NetworkRunner.misfit([output.count], of: picture, expected: expected)
        }
        if failure == nil { take(output) }
      }
    } catch let error as PairError {
      throw error
    } catch {
      throw PairError("\(error)")
    }
    if let failure { throw failure }
  }
}

extension Tile {
  /// The bytes of the pixel that every pixel of the tile equals; nil where they differ.
  var onlyPixel: [UInt8]? {
    let pixel = channels * format.bytes
    let count = region.width * pixel
    let (rows, bytesPerRow) = (region.height, bytesPerRow)
    return withUnsafeBytes { base in
      // A row equals itself moved by one pixel, and every row equals the first.
      guard memcmp(base, base + pixel, count - pixel) == 0 else { return nil }
      for row in 1..<max(rows, 1) where memcmp(base, base + row * bytesPerRow, count) != 0 {
        return nil
      }
      return Array(UnsafeRawBufferPointer(start: base, count: pixel))
    }
  }
}
