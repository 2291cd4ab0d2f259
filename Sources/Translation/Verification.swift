import Foundation
import Synchronization
import TesseraPlugin
public import TileIO

/// Proves on one image that tiling does not show: translates it with several tile sizes and
/// compares every sample.
public struct Verification: Sendable {
  /// How one run differs from the first.
  public struct Finding: Sendable, Hashable, Codable {
    /// The core in px.
    public let tile: Int
    /// The largest difference of a sample, in units of the output's samples.
    public let maximumDifference: Double
    /// Samples that differ.
    public let differingSamples: Int
  }

  private let engine: TranslationEngine

  /// Verifies with the threads of `engine`.
  public init(_ engine: TranslationEngine) { self.engine = engine }

  /// Translates the image that `open` opens, once for each tile size; the first finding is that of
  /// the second run against the first, and so on for all `tiles`.
  public func run(
    _ settings: TranslationSettings, tiles: [Int],
    observer: TranslationEngine.Observer = .init(), open: () throws -> any ImageSource
  ) throws -> [Finding] {
    let store = try RasterStore()
    var findings: [Finding] = []
    // The engine's own choice of windows is what the others are held against.
    for tile in [nil] + tiles.map(Optional.some) {
      var settings = settings
      settings.tile = tile
      let sink = RasterSink(store, isComparing: tile != nil)
      _ = try engine.translate(try open(), settings, observer: observer) { _ in sink }
      if let tile {
        findings.append(
          Finding(
            tile: tile, maximumDifference: sink.maximumDifference,
            differingSamples: sink.differingSamples))
      }
    }
    return findings
  }
}
