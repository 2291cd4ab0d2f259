public import Base
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

  /// The threads that read, translate and encode.
  public let pool: WorkerPool

  /// Makes an engine on `pool`.
  public init(pool: WorkerPool) { self.pool = pool }

  /// What an output of `source` looks like.
  public static func outputInfo(of source: ImageInfo, _ settings: TranslationSettings) -> ImageInfo
  {
    var info = source
    let pair = settings.pair.description
    info.sampleFormat = settings.depth?.format ?? source.sampleFormat
    if case .values = pair.output { info.sampleFormat = settings.depth?.format ?? .float32 }
    // Neither numbers of classes nor values are anything to see through.
    info.hasAlpha = source.hasAlpha && pair.output == .picture
    info.channels = pair.outputChannels + (info.hasAlpha ? 1 : 0)
    if pair.outputChannels != source.forPairs.channels {
      info.color = pair.outputChannels == 3 ? .rgb : pair.outputChannels == 1 ? .gray : .other
      // The profile describes the input's channels.
      info.iccProfile = nil
    }
    switch pair.output {
    case .picture: info.labelClasses = nil
    case .labels(let classes):
      (info.labelClasses, info.iccProfile) = (classes, nil)
      if classes.count > 256, settings.depth == nil, info.sampleFormat == .uint8 {
        info.sampleFormat = .uint16
      }
    case .values(let names):
      (info.valueNames, info.color, info.iccProfile) = (names, .other, nil)
      info.labelClasses = nil
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
    info.channelNames = []
    info.storedProfile = nil
    info.note = pair.note
    return info
  }

  /// Translates the whole image into the sink that `makeSink` opens; on an error everything that
  /// was written is discarded.
  ///
  /// `known` is what the pair decided of it; it is calibrated where that is nil.
  public func translate(
    _ source: any ImageSource, _ settings: TranslationSettings,
    calibration known: Calibration? = nil, observer: Observer = Observer(),
    makeSink: (ImageInfo) throws -> any ImageSink
  ) throws -> TranslationResult {
    if let misuse = settings.misuse { throw TesseraError(misuse) }
    let seen = try joined(source, settings)
    let calibration = try known ?? calibrate(joined: seen, settings)
    let output = TranslationEngine.outputInfo(of: source.info, settings)
    var result = TranslationResult(
      width: output.width, height: output.height, summary: calibration.summary,
      sidecar: calibration.sidecar)
    let pair = settings.pair.description
    let translation: WindowTranslation
    switch calibration.outcome {
    case .translate(let translator):
      guard !settings.keepBackground || calibration.foreground != nil else {
        throw TesseraError(
          "--keep-background: the pair \(pair.id) tells no foreground of this image with these"
            + " options; leave it out")
      }
      if let fault = translator.footprint.fault {
        throw TesseraError("the pair \(pair.id) \(fault)")
      }
      if settings.keepBackground, let fault = calibration.foreground?.fault(on: source.info) {
        throw TesseraError("the pair \(pair.id) \(fault)")
      }
      if let regions = settings.regions, !regions.mayTouch(source.info.region) {
        throw TesseraError(
          "--region: none of its polygons lies in the image of \(source.info.width) x"
            + " \(source.info.height) px; export it for this image, in pixels of the full resolution"
        )
      }
      translation = WindowTranslation(
        translator, of: pair, info: seen.info,
        area: TranslatedArea(
          foreground: settings.keepBackground ? calibration.foreground : nil,
          regions: settings.regions))
    case .copy(let reason):
      guard reason.contains(where: { !$0.isWhitespace }) else {
        throw TesseraError(
          "the pair \(pair.id) wants the image copied and gives no reason; this is a fault of the pair"
        )
      }
      guard pair.output == .picture else {
        throw TesseraError(
          "the pair \(pair.id) makes \(pair.output.isLabels ? "labels" : "values"), which no copy of"
            + " the image is: \(reason)")
      }
      guard pair.scale == .one, pair.outputChannels == pair.channels else {
        throw TesseraError(
          "the pair \(pair.id) makes images of another size or other channels, which no copy of the"
            + " image is: \(reason)")
      }
      translation = WindowTranslation(copying: source.info)
      result.copyReason = reason
    }
    var described = output
    described.copies = copies(of: source, as: output, translation)
    let sink = try makeSink(described)
    do {
      let read = result.copyReason == nil ? seen : source
      try run(read, output, settings, observer: observer, sink: sink, translation)
      try (translation.translator as? any WatchedTranslator)?.checkUnchanged()
      try sink.finish()
    } catch {
      sink.discard()
      throw error
    }
    return result
  }

  /// The tiles of the file whose pixels come out as they are; nil where none can be.
  private func copies(
    of source: any ImageSource, as output: ImageInfo, _ translation: WindowTranslation
  ) -> TileCopies? {
    guard let area = translation.area, output.sampleFormat == source.info.sampleFormat,
      output.channels == source.info.channels, let tiles = source.storedJPEGTiles
    else { return nil }
    return TileCopies(tiles) { area.share(of: $0) == .none }
  }

  private func run(
    _ source: any ImageSource, _ output: ImageInfo, _ settings: TranslationSettings,
    observer: Observer, sink: any ImageSink, _ translation: WindowTranslation
  ) throws {
    let info = source.info
    let plan = WindowPlan(
      info, footprint: translation.translator.footprint, scale: translation.scale,
      tile: settings.tile, offset: settings.offset)
    let reader = RowReader(source, plan: plan, pool: pool)
    defer { reader.stop() }
    let writer = StripWriter(sink)
    defer { writer.stop() }
    var blocks: [PixelBlock] = []
    // Windows of a row begin while the last ones of the row above still run, so no thread waits.
    var above: RunningRow?
    defer { above?.end() }
    for (row, piece) in plan.rows.pieces.enumerated() {
      if observer.isCancelled() { throw TesseraError.cancelled }
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
