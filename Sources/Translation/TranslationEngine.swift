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
  public func overview(of source: any ImageSource) throws(ImageError) -> Overview {
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
    return try settings.pair.calibrate(
      overview(of: source), options: settings.options, reference: settings.reference)
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
    info.orientation = 1
    info.pages = 1
    return info
  }

  /// Translates the whole image into the sink that `makeSink` opens; on an error everything that
  /// was written is discarded.
  public func translate(
    _ source: any ImageSource, _ settings: TranslationSettings, observer: Observer = Observer(),
    makeSink: (ImageInfo) throws -> any ImageSink
  ) throws -> TranslationResult {
    let calibration = try calibrate(source, settings)
    var result = TranslationResult(
      width: source.info.width, height: source.info.height, summary: calibration.summary)
    let translator: any TileTranslator
    switch calibration.outcome {
    case .translate(let chosen): translator = chosen
    case .copy(let reason):
      translator = CopyTranslator()
      result.copyReason = reason
    }
    let sink = try makeSink(TranslationEngine.outputInfo(of: source.info, settings))
    do {
      try run(
        source, settings, observer: observer, sink: sink,
        WindowTranslation(
          translator: translator, hasAlpha: source.info.hasAlpha,
          foreground: settings.keepBackground ? calibration.foreground : nil))
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
  }

  private func run(
    _ source: any ImageSource, _ settings: TranslationSettings, observer: Observer,
    sink: any ImageSink, _ translation: WindowTranslation
  ) throws {
    let info = source.info
    let plan = WindowPlan(info, footprint: translation.translator.footprint, tile: settings.tile)
    let reader = RowReader(source, plan: plan, pool: pool)
    defer { reader.stop() }
    let writer = StripWriter(sink)
    defer { writer.stop() }
    var blocks: [PixelBlock] = []
    for (row, piece) in plan.rows.pieces.enumerated() {
      if observer.isCancelled() { throw TranslationError.cancelled }
      while (blocks.last?.region.rows.upperBound ?? 0) < piece.window.upperBound {
        guard let block = try reader.next() else { break }
        blocks.append(block)
      }
      let strip = writer.strip(
        PixelRegion(columns: 0..<info.width, rows: piece.core), channels: info.channels,
        format: settings.depth?.format ?? info.sampleFormat)
      try translate(row, of: plan, blocks: blocks, strip: strip, translation)
      try writer.write(strip)
      observer.rowsDone(piece.core.upperBound, info.height)
      guard row + 1 < plan.rows.pieces.count else { break }
      let needed = plan.rows.pieces[row + 1].window.lowerBound
      while let first = blocks.first, first.region.rows.upperBound <= needed {
        reader.recycle(blocks.removeFirst())
      }
    }
    try writer.finish()
  }

  private func translate(
    _ row: Int, of plan: WindowPlan, blocks: [PixelBlock], strip: PixelBlock,
    _ translation: WindowTranslation
  ) throws(PairError) {
    try pool.run(plan.columns.pieces.count, throwing: PairError.self) {
      column throws(PairError) in
      let (window, core) = plan.window(row: row, column: column)
      try translation.run(window, core: core, blocks: blocks, strip: strip)
    }
  }
}
