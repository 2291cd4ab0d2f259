public import Base
import Foundation
import Synchronization
import TesseraPlugin
public import TileIO

/// Proves on one image that tiling does not show: translates it whole, and with several tile sizes,
/// lattice origins and thread counts, and compares every sample.
public struct Verification: Sendable {
  /// One way to cut the image up.
  public struct Run: Sendable, Hashable {
    /// Side of a core in px; nil is the engine's own choice.
    public var tile: Int?
    /// Where the lattice of cores begins in px.
    public var origin: Int
    /// Threads; nil is all.
    public var threads: Int?

    /// Describes a run.
    public init(tile: Int?, origin: Int = 0, threads: Int? = nil) {
      self.tile = tile
      self.origin = origin
      self.threads = threads
    }
  }

  /// How one run differs from the first.
  public struct Finding: Sendable, Hashable, Codable {
    /// The core in px.
    public let tile: Int
    /// Where its lattice began in px.
    public let origin: Int
    /// Threads it used.
    public let threads: Int
    /// The largest difference of a sample, in levels of the output.
    public let maximumDifference: Double
    /// The largest difference before rounding to levels, full intensity being 1; nil where the pair
    /// computes in levels.
    public let maximumFloatDifference: Double?
    /// Samples that differ.
    public let differingSamples: Int
  }

  /// Images up to this size are compared before rounding too.
  static let floatPixels = 1 << 26

  private let pool: WorkerPool

  /// Verifies with the threads of `pool`.
  public init(_ pool: WorkerPool) { self.pool = pool }

  /// The usual runs: one for each of `tiles`, each with another origin, the last on one thread.
  public static func runs(tiles: [Int]) -> [Run] {
    tiles.enumerated().map { index, tile in
      Run(
        tile: tile, origin: index == 0 ? 0 : tile * index / (index + 1),
        threads: index > 0 && index == tiles.count - 1 ? 1 : nil)
    }
  }

  /// Translates the image that `open` opens: first whole where that fits into memory, else in the
  /// engine's own windows; then once for each of `runs`, which are held against the first.
  ///
  /// `settings` gives what is to be done with the image on so many threads.
  public func run(
    _ runs: [Run], observer: TranslationEngine.Observer = .init(),
    settings make: (WorkerPool) throws -> TranslationSettings, open: () throws -> any ImageSource
  ) throws -> [Finding] {
    let store = try ScratchFile()
    let info = try open().info
    var findings: [Finding] = []
    let first = try make(pool)
    let isWhole = first.pair.fitsWhole(info, first.options)
    let own = Run(tile: isWhole ? max(info.width, info.height) : nil)
    // The engine's own choice of windows is a run like the others where the whole fits.
    let all = [own] + (isWhole ? [Run(tile: nil)] : []) + runs
    for (index, run) in all.enumerated() {
      let pool = run.threads.map { WorkerPool(count: $0) } ?? pool
      var settings = index == 0 ? first : try make(pool)
      settings.tile = run.tile
      settings.offset = run.origin
      let depth = TranslationEngine.outputInfo(of: info, settings).sampleFormat
      let isFloat =
        settings.pair.description.convertsDepth
        && info.region.area <= Verification.floatPixels
      if isFloat { settings.depth = .float }
      let sink = RasterSink(store, isComparing: index > 0, levels: isFloat ? depth.white : nil)
      _ = try TranslationEngine(pool: pool).translate(
        try open(), settings, observer: observer
      ) { _ in sink }
      guard index > 0 else { continue }
      findings.append(
        Finding(
          tile: run.tile ?? 0, origin: run.origin, threads: pool.count,
          maximumDifference: isFloat ? sink.maximumLevels : sink.maximumDifference,
          maximumFloatDifference: isFloat ? sink.maximumDifference : nil,
          differingSamples: sink.differingSamples))
    }
    return findings
  }
}

extension DomainPair {
  /// Whether the whole image can be one window.
  fileprivate func fitsWhole(_ info: ImageInfo, _ options: PairOptions) -> Bool {
    guard let maximum = (try? footprint(options: options))??.largestWindow else { return false }
    return info.region.area <= maximum
  }
}
