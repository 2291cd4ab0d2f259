import Foundation
import Inference
import ModelGraph
import TesseraPlugin

/// Runs a network on windows of one size that lie on a lattice fixed to the image, and cross-fades
/// where they overlap: for networks whose surroundings are too large to read.
///
/// The lattice does not depend on the engine's windows, so neither does the result. The outer
/// quarter of an overlap, where a window knows least of its surroundings, has no weight; within,
/// the weights are raised cosines that sum to one.
final class BlendedTranslator: TileTranslator {
  let footprint: Footprint
  private let runner: NetworkRunner
  private let codec: WindowCodec
  private let scale: PixelScale
  private let columns: BlendAxis
  private let rows: BlendAxis
  private let side: Int
  /// The engine's windows, each of which runs many of these one after the other.
  private let cores: Int

  init(
    _ runner: NetworkRunner, codec: WindowCodec, scale: PixelScale, side: Int, overlap: Int,
    width: Int, height: Int
  ) {
    self.runner = runner
    self.codec = codec
    self.scale = scale
    self.side = side
    columns = BlendAxis(length: width, side: side, overlap: overlap)
    rows = BlendAxis(length: height, side: side, overlap: overlap)
    let pitch = max(1, side - overlap)
    // Windows at the edge of a core are run again for its neighbor: large cores share more.
    footprint = Footprint(halo: side, preferredCore: max(pitch, 1024 / pitch * pitch))
    let core = footprint.preferredCore
    cores = ((width + core - 1) / core) * ((height + core - 1) / core)
  }

  func translate(_ window: borrowing Tile, into core: inout Tile) throws(PairError) {
    let region = core.region
    let channels = codec.output.channels
    var sums = [Float](repeating: 0, count: channels * region.area)
    for row in rows.windows(over: source(region.rows)) {
      for column in columns.windows(over: source(region.columns)) {
        let place = PixelRegion(
          x: columns.starts[column], y: rows.starts[row], width: side, height: side)
        let output = try run(window, place)
        add(output, of: place, row: row, column: column, to: &sums, region)
      }
    }
    codec.decode(
      sums.span, x: region.x, y: region.y, width: region.width, height: region.height, into: &core)
  }

  /// The pixels of the image that pixels of output lie over.
  private func source(_ range: Range<Int>) -> Range<Int> {
    let first = range.lowerBound * scale.denominator / scale.numerator
    let last = (range.upperBound - 1) * scale.denominator / scale.numerator
    return first..<(last + 1)
  }

  private func run(_ window: borrowing Tile, _ place: PixelRegion) throws(PairError) -> [Float] {
    var tile = Tile(region: place, channels: window.channels, format: window.format)
    tile.fillMirrored(from: window)
    var values = [Float](repeating: 0, count: codec.input.channels * place.area)
    var span = values.mutableSpan
    try codec.encode(tile, into: &span)
    let shape = [1, codec.input.channels, side, side]
    let outSide = scale.output(side)
    let expected = [1, codec.output.channels, outSide, outSide]
    do {
      let output = try runner.model([shape], output: expected, windows: cores).run([values])
      guard let first = output.first, first.count == expected.reduce(1, *) else {
        throw NetworkRunner.misfit(
          [output.first?.count ?? 0], of: shape, expected: expected)
      }
      return first
    } catch let error as PairError {
      throw error
    } catch {
      throw PairError("\(error)")
    }
  }

  private func add(
    _ output: [Float], of place: PixelRegion, row: Int, column: Int, to sums: inout [Float],
    _ region: PixelRegion
  ) {
    let outSide = scale.output(side)
    let covered = PixelRegion(
      x: scale.output(place.x), y: scale.output(place.y), width: outSide, height: outSide)
    let part = region.intersection(covered)
    guard !part.isEmpty else { return }
    let across = part.columns.map { columns.weight(column, at: center($0)) }
    for y in part.rows {
      let down = rows.weight(row, at: center(y))
      guard down > 0 else { continue }
      for channel in 0..<codec.output.channels {
        let from = (channel * outSide + y - covered.y) * outSide + part.x - covered.x
        let to = (channel * region.height + y - region.y) * region.width + part.x - region.x
        for pixel in 0..<part.width {
          sums[to + pixel] += output[from + pixel] * (down * across[pixel])
        }
      }
    }
  }

  /// The center of a pixel of output, in px of the image.
  private func center(_ index: Int) -> Double {
    (Double(index) + 0.5) / scale.value
  }
}

/// The windows of a lattice along one axis, and how much each counts at a place.
struct BlendAxis: Sendable {
  let starts: [Int]
  private let side: Int
  private let overlap: Int
  private let pitch: Int

  /// The widest overlap of windows of `side` px: of a wider one a pixel would be the mean of more
  /// than 64 x 64 windows, each of which is a run of the network.
  static func widestOverlap(side: Int) -> Int { side - max(1, side / 64) }

  init(length: Int, side: Int, overlap: Int) {
    let pitch = max(1, side - overlap)
    var starts = Array(stride(from: 0, to: max(1, length - overlap), by: pitch))
    // The last one is moved inside.
    if let last = starts.last, last + side > length {
      starts[starts.count - 1] = max(0, length - side)
    }
    self.starts = starts
    self.side = side
    self.overlap = overlap
    self.pitch = pitch
  }

  /// The windows that cover some of `range`.
  func windows(over range: Range<Int>) -> [Int] {
    near(range.lowerBound, range.upperBound).filter {
      starts[$0] < range.upperBound && starts[$0] + side > range.lowerBound
    }
  }

  /// The windows that may cover a place from `first` to `last`: all but the last begin at multiples
  /// of the pitch, and that one begins before its multiple.
  private func near(_ first: Int, _ last: Int) -> ClosedRange<Int> {
    let end = starts.count - 1
    let low = min(max(0, (first - side) / pitch), end)
    return low...(last / pitch + 1 >= end ? end : max(low, last / pitch))
  }

  /// The weight of a window at a place: all weights at a place sum to one.
  func weight(_ index: Int, at place: Double) -> Float {
    let own = raw(index, place)
    guard own > 0 else { return 0 }
    let cell = Int(saturating: place.rounded(.down))
    return Float(own / near(cell, cell).reduce(0) { $0 + raw($1, place) })
  }

  private func raw(_ index: Int, _ place: Double) -> Double {
    let start = Double(starts[index])
    let (before, after) = (place - start, start + Double(side) - place)
    guard before > 0, after > 0 else { return 0 }
    let isFirst = index == 0
    let isLast = index == starts.count - 1
    let ramp = Double(max(overlap, 1))
    func rise(_ distance: Double) -> Double {
      let share = min(max((distance / ramp - 0.25) * 2, 0), 1)
      let sine = sin(share * .pi / 2)
      return sine * sine
    }
    // Never quite nothing, so that a place which only one window covers belongs to it.
    return max((isFirst ? 1 : rise(before)) * (isLast ? 1 : rise(after)), 1e-12)
  }
}
