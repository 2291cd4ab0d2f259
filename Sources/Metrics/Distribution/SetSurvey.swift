public import Base
import Color
import Synchronization
import TesseraPlugin
public import TileIO

/// What is known of a set of images, one added after the other: the images need not stay in memory.
public struct SetSurvey: Sendable {
  /// What will be measured.
  public let metrics: Set<SetMetric>
  /// Images added.
  public private(set) var count = 0
  /// Features of the images, where a network was given.
  public private(set) var features: FeatureSet?
  /// What was left out of some image, and why.
  public private(set) var notes: [String] = []

  private(set) var histogram = LevelHistogram()
  private(set) var colors = LabMoments()
  private(set) var stains: [MeasuredStains] = []
  private(set) var intensities: [Double] = []
  /// The data range, or white.
  private(set) var width = 255.0

  private let range: LevelRange?
  private let network: FeatureNetwork?

  /// Sides of the overview in which stains are looked for.
  private static let overviewSide = 2048

  /// Chooses what to measure; without a network FID and KID are left out.
  public init(_ metrics: Set<SetMetric>, range: LevelRange? = nil, network: FeatureNetwork? = nil) {
    self.metrics = network == nil ? metrics.filter { !$0.needsBackbone } : metrics
    self.range = range
    self.network = metrics.contains(where: \.needsBackbone) ? network : nil
    features = self.network.map { FeatureSet(length: $0.length) }
  }

  /// Reads an image, from its top as often as it takes.
  ///
  /// - Parameters:
  ///   - name: The image in notes.
  ///   - pool: Threads.
  ///   - isCancelled: Asked between strips.
  ///   - open: Opens the image from its top.
  /// - Throws: Where reading fails, or the image does not fit to the others.
  public mutating func add(
    _ name: String, pool: WorkerPool, isCancelled: @Sendable () -> Bool = { false },
    open: () throws -> any ImageSource
  ) throws {
    let source = try open()
    let info = source.info
    let channels = info.channels - (info.hasAlpha ? 1 : 0)
    if histogram.channels > 0, histogram.channels != channels {
      throw TesseraError(
        "it has \(channels) colour channel\(channels == 1 ? "" : "s"), those before it "
          + "\(histogram.channels); give images of the same kind")
    }
    // First what may fail, so that an image is in all figures or in none.
    let features = try network?.features(of: open())
    if metrics.contains(.stainAngle) || metrics.contains(.stainNMI), channels == 3 {
      try addStains(name, try open())
    }
    if metrics.contains(.histogram) || metrics.contains(.color) {
      try addLevels(source, pool, isCancelled)
    }
    if let features { self.features?.append(features) }
    width = range?.width ?? Double(info.sampleFormat.white)
    count += 1
  }

  private mutating func addLevels(
    _ source: any ImageSource, _ pool: WorkerPool, _ isCancelled: @Sendable () -> Bool
  ) throws {
    let info = source.info
    let splitter = PlaneSplitter(info, scale: 1, wantsLuminance: false)
    let isColor = splitter.channels == 3 && metrics.contains(.color)
    let white = Double(info.sampleFormat.white)
    let lab = LabColor(white: white, isWhole: info.sampleFormat != .float32)
    let (low, scale) = (Float(range?.low ?? 0), Float(1 / (range?.width ?? white)))
    var (histogram, colors) = (histogram, colors)
    for rows in BandReader.bands(of: [info]) {
      if isCancelled() { throw TesseraError.cancelled }
      let reader = StripReader(height: info.height, rows: rows.count)
      let planes = splitter.planes(try reader.read(rows, of: source), rows: rows)
      if isColor {
        let parts = Mutex([LabMoments](repeating: LabMoments(), count: 4))
        let count = planes[0].count
        pool.run(4) { part in
          var moments = LabMoments()
          moments.add(planes, count * part / 4..<count * (part + 1) / 4, lab)
          let done = moments
          parts.withLock { $0[part] = done }
        }
        colors = parts.withLock { $0.reduce(colors, +) }
      }
      histogram.add(planes.map { plane in plane.map { ($0 - low) * scale } }[...])
    }
    (self.histogram, self.colors) = (histogram, colors)
  }

  private mutating func addStains(_ name: String, _ source: any ImageSource) throws {
    let info = source.info
    let side = max(info.width, info.height)
    let reduction = (side + Self.overviewSide - 1) / Self.overviewSide
    let pixels = Self.withoutAlpha(try source.overview(reduction: max(1, reduction)))
    if metrics.contains(.stainNMI),
      let intensity = MeasuredStains.normalizedMedianIntensity(pixels)
    {
      intensities.append(intensity)
    }
    guard metrics.contains(.stainAngle) else { return }
    do throws(PairError) {
      stains.append(try MeasuredStains(pixels))
    } catch {
      notes.append("\(name): no stain vectors: \(error)")
    }
  }

  private static func withoutAlpha(_ tile: consuming Tile) -> Tile {
    guard tile.channels > 3 else { return tile }
    let (bytes, channels, stride) = (tile.format.bytes, tile.channels, tile.bytesPerRow)
    let region = tile.region
    var colors = Tile(region: region, channels: 3, format: tile.format)
    let width = colors.bytesPerRow
    tile.withUnsafeBytes { input in
      colors.withUnsafeMutableBytes { output in
        for y in 0..<region.height {
          for x in 0..<region.width {
            (output + y * width + x * 3 * bytes).copyMemory(
              from: input + y * stride + x * channels * bytes, byteCount: 3 * bytes)
          }
        }
      }
    }
    return colors
  }
}
