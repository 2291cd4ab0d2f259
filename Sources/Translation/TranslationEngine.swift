import Base
public import TesseraPlugin
public import TileIO

/// Translates images: calibrates once, then reads, computes and writes side by side.
public struct TranslationEngine: Sendable {
  /// Tells how far a run is, and asks whether to go on.
  public struct Observer: Sendable {
    /// Called after each strip with the rows done.
    public var rowsDone: @Sendable (_ done: Int, _ total: Int) -> Void
    /// Asked before each strip.
    public var isCancelled: @Sendable () -> Bool

    /// Observes with closures that may be called from any thread.
    public init(
      rowsDone: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in },
      isCancelled: @escaping @Sendable () -> Bool = { false }
    ) {
      self.rowsDone = rowsDone
      self.isCancelled = isCancelled
    }
  }

  /// The most pixels of an overview.
  static let overviewPixels = 1 << 22

  /// The threads that read, translate and encode.
  public let pool: WorkerPool

  /// Makes an engine on `pool`.
  public init(pool: WorkerPool) { self.pool = pool }

  /// The whole image reduced by a power of two to at most 4 megapixels.
  public func overview(of source: any ImageSource) throws(TesseraError) -> Overview {
    let info = source.info
    var reduction = 1
    while (info.width / reduction) * (info.height / reduction) > TranslationEngine.overviewPixels {
      reduction *= 2
    }
    let pixels = try source.overview(reduction: reduction)
    return Overview(
      image: info.forPairs, reduction: reduction,
      pixels: info.hasAlpha ? ChannelSplit.colours(of: pixels) : pixels)
  }

  /// Fits the pair to one image.
  public func calibrate(
    _ source: any ImageSource, _ settings: TranslationSettings
  ) throws -> Calibration {
    try check(source.info, settings.pair)
    var overview = try overview(of: source)
    let regions = try settings.pair.samples(for: overview, options: settings.options)
    overview.samples = try samples(regions, of: source)
    return try settings.pair.calibrate(
      overview, options: settings.options, reference: settings.reference)
  }

  /// Reads parts of level 0, alpha left out.
  private func samples(
    _ regions: [PixelRegion], of source: any ImageSource
  ) throws(TesseraError) -> [PixelSample] {
    guard !regions.isEmpty else { return [] }
    let info = source.info
    let tiles = regions.map { SampleTile(region: $0, info: info) }
    if info.isRandomAccess {
      try pool.run(tiles.count, throwing: TesseraError.self) { index throws(TesseraError) in
        try tiles[index].fill { tile throws(TesseraError) in try source.read(into: &tile) }
      }
    } else {
      let pass = try source.reopened()
      for top in stride(from: 0, to: info.height, by: 256) {
        var strip = Tile(
          region: PixelRegion(
            x: 0, y: top, width: info.width, height: min(256, info.height - top)),
          channels: info.channels, format: info.sampleFormat)
        try pass.read(into: &strip)
        for tile in tiles { tile.take(strip) }
      }
    }
    return tiles.map { $0.sample(hasAlpha: info.hasAlpha) }
  }

  /// Fits the pair's target to one image, for a reference file.
  public func fit(
    _ source: any ImageSource, pair: any DomainPair, options: PairOptions
  ) throws -> PairValue {
    try check(source.info, pair)
    return try pair.fit(overview(of: source), options: options)
  }

  /// What an output of `source` looks like.
  public static func outputInfo(of source: ImageInfo, _ settings: TranslationSettings) -> ImageInfo
  {
    var info = source
    info.sampleFormat = settings.depth?.format ?? source.sampleFormat
    let pair = settings.pair.description
    info.channels = pair.outputChannels + (source.hasAlpha ? 1 : 0)
    if pair.outputChannels != source.forPairs.channels {
      info.colour = pair.outputChannels == 3 ? .rgb : pair.outputChannels == 1 ? .grey : .other
      // The profile describes the input's channels.
      info.iccProfile = nil
    }
    if pair.outputContent != .picture {
      (info.holdsLabels, info.iccProfile) = (true, nil)
    }
    info.width = pair.scale.output(source.width)
    info.height = pair.scale.output(source.height)
    if let mpp = source.micronsPerPixel {
      info.micronsPerPixel = (mpp.x / pair.scale.value, mpp.y / pair.scale.value)
    }
    if let print = source.printResolution {
      info.printResolution = (print.x * pair.scale.value, print.y * pair.scale.value)
    }
    if let power = source.objectivePower { info.objectivePower = power * pair.scale.value }
    info.orientation = 1
    info.pages = 1
    info.note = (settings.pair as? NetworkPair)?.note
    return info
  }

  /// Translates the whole image into the sink that `makeSink` opens; on an error everything that
  /// was written is discarded.
  public func translate(
    _ source: any ImageSource, _ settings: TranslationSettings, observer: Observer = Observer(),
    makeSink: (ImageInfo) throws -> any ImageSink
  ) throws -> TranslationResult {
    try checkLabels(source.info, settings)
    let calibration = try calibrate(source, settings)
    let output = TranslationEngine.outputInfo(of: source.info, settings)
    var result = TranslationResult(
      width: output.width, height: output.height, summary: calibration.summary,
      sidecar: calibration.sidecar)
    let translation: WindowTranslation
    switch calibration.outcome {
    case .translate(let translator):
      translation = WindowTranslation(
        translator, of: settings.pair.description, info: source.info,
        foreground: settings.keepBackground ? calibration.foreground : nil)
    case .copy(let reason):
      guard settings.pair.description.outputContent == .picture else {
        throw TranslationError(
          "the pair \(settings.pair.description.id) makes labels, which no copy of the image is:"
            + " \(reason)")
      }
      translation = WindowTranslation(copying: source.info)
      result.copyReason = reason
    }
    let sink = try makeSink(output)
    do {
      try run(source, output, settings, observer: observer, sink: sink, translation)
      try sink.finish()
    } catch {
      sink.discard()
      throw error
    }
    return result
  }

  private func check(_ info: ImageInfo, _ pair: any DomainPair) throws(TranslationError) {
    let description = pair.description
    guard info.forPairs.channels == description.channels else {
      throw TranslationError(
        "the pair \(description.id) takes \(description.channels) colour channels, the image has "
          + "\(info.forPairs.channels); convert it first, or choose another pair")
    }
    guard description.formats.contains(info.sampleFormat) else {
      let known = SampleFormat.allCases.filter(description.formats.contains).map(\.rawValue)
      throw TranslationError(
        "the pair \(description.id) takes samples of \(known.joined(separator: ", ")), the image has"
          + " \(info.sampleFormat.rawValue); convert it first, or choose another pair")
    }
  }

  /// Refuses what would put other numbers among the labels that a pair makes.
  private func checkLabels(
    _ info: ImageInfo, _ settings: TranslationSettings
  ) throws(TranslationError) {
    let pair = settings.pair.description
    guard pair.outputContent != .picture else { return }
    guard !settings.keepBackground else {
      throw TranslationError(
        "--keep-background would put pixels of the image among the labels that \(pair.id) makes;"
          + " leave it out")
    }
    let format = settings.depth?.format ?? info.sampleFormat
    guard format == info.sampleFormat || pair.convertsDepth else {
      throw TranslationError(
        "--depth would rescale the labels that \(pair.id) makes; leave it out")
    }
  }

  private func run(
    _ source: any ImageSource, _ output: ImageInfo, _ settings: TranslationSettings,
    observer: Observer, sink: any ImageSink, _ translation: WindowTranslation
  ) throws {
    let info = source.info
    let plan = WindowPlan(
      info, footprint: translation.translator.footprint, least: translation.translator.leastSide,
      scale: translation.scale, tile: settings.tile, offset: settings.offset)
    let reader = RowReader(source, plan: plan, pool: pool)
    defer { reader.stop() }
    let writer = StripWriter(sink)
    defer { writer.stop() }
    var blocks: [PixelBlock] = []
    // Windows of a row begin while the last ones of the row above still run, so no thread waits.
    var above: RunningRow?
    defer { above?.end() }
    for (row, piece) in plan.rows.pieces.enumerated() {
      if observer.isCancelled() { throw TranslationError.cancelled }
      let lastRow = min(piece.window.upperBound, info.height)
      while (blocks.last?.region.rows.upperBound ?? 0) < lastRow {
        guard let block = try reader.next() else { break }
        blocks.append(block)
      }
      let strip = writer.strip(
        PixelRegion(columns: 0..<output.width, rows: plan.output(piece.core)),
        channels: output.channels, format: output.sampleFormat)
      let running = RunningRow(row, of: plan, blocks: blocks, strip: strip, translation, on: pool)
      defer { above = running }
      guard let above else { continue }
      try above.write(to: writer)
      observer.rowsDone(above.rows.upperBound, info.height)
      let needed = plan.firstRow(ofRow: row)
      while let first = blocks.first, first.region.rows.upperBound <= needed {
        reader.recycle(blocks.removeFirst())
      }
    }
    try above?.write(to: writer)
    observer.rowsDone(info.height, info.height)
    try writer.finish()
  }
}
