import Base
import Synchronization
public import TesseraPlugin
public import TileIO

extension TranslationEngine {
  /// The most pixels of an overview, and of a strip that a reducer is given.
  static let overviewPixels = 1 << 22

  /// The whole image reduced by a power of two to at most 4 megapixels.
  public func overview(of source: any ImageSource) throws(TesseraError) -> Overview {
    let info = source.info
    var reduction = 1
    while (info.width / reduction) * (info.height / reduction) > TranslationEngine.overviewPixels {
      reduction *= 2
    }
    let pixels =
      info.hasAlpha && !(source is JoinedSource)
      ? try OpaqueSource.overview(of: source, reduction: reduction)
      : try source.overview(reduction: reduction)
    return Overview(
      image: info.forPairs, reduction: reduction,
      pixels: info.hasAlpha ? ChannelSplit.colors(of: pixels, own: Self.own(source)) : pixels)
  }

  /// Color channels of the image itself, behind which further inputs lie.
  private static func own(_ source: any ImageSource) -> Int {
    (source as? JoinedSource)?.ownColors ?? source.info.forPairs.channels
  }

  /// Fits the pair to one image.
  public func calibrate(
    _ source: any ImageSource, _ settings: TranslationSettings
  ) throws -> Calibration {
    try calibrate(joined: joined(source, settings), settings)
  }

  /// Fits the pair to a volume once for all of its slices: `source` is the middle one, `slices` are
  /// slices from all over it.
  public func calibrate(
    _ source: any ImageSource, _ settings: TranslationSettings, slices: [PixelSample]
  ) throws -> Calibration {
    var overview = try overview(of: joined(source, settings))
    overview.samples = slices
    return try settings.pair.calibrate(
      overview, options: settings.options, reference: settings.reference)
  }

  /// Fits the pair to an image as it sees it.
  func calibrate(
    joined source: any ImageSource, _ settings: TranslationSettings
  ) throws -> Calibration {
    try settings.pair.calibrate(
      measured(source, settings), options: settings.options, reference: settings.reference)
  }

  /// The overview with all that the pair asks for beside it.
  private func measured(
    _ source: any ImageSource, _ settings: TranslationSettings
  ) throws -> Overview {
    let (pair, options) = (settings.pair, settings.options)
    var overview = try overview(of: source)
    overview.fitMask = try settings.fitArea?.mask(of: overview)
    // Of a volume there is one slice only.
    let regions =
      source.info.slices == nil
      ? try pair.samples(for: overview, options: options) : [source.info.region]
    overview.samples = try samples(regions, of: source)
    if let reducer = try pair.reducer(for: overview.image, options: options) {
      overview.statistics = try gathered(reducer, of: source)
    }
    return overview
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
    return tiles.map { $0.sample(own: Self.own(source), hasAlpha: info.hasAlpha) }
  }

  /// Shows a reducer all of an image, a few strips at a time.
  private func gathered<Reducer: ImageReducer>(
    _ empty: Reducer, of source: any ImageSource
  ) throws -> Reducer {
    let info = source.info
    let rows = max(1, min(256, Self.overviewPixels / info.width))
    let starts = Array(stride(from: 0, to: info.height, by: rows))
    let pass = try source.reopened()
    let one: @Sendable (Int) throws -> Reducer = { top in
      var strip = Tile(
        region: PixelRegion(
          x: 0, y: top, width: info.width, height: min(rows, info.height - top)),
        channels: info.channels, format: info.sampleFormat)
      try pass.read(into: &strip)
      var part = empty
      try part.accumulate(
        info.hasAlpha ? ChannelSplit.colors(of: strip, own: Self.own(source)) : strip)
      return part
    }
    var total = empty
    // A source without random access is read from one thread.
    let width = info.isRandomAccess ? pool.count : 1
    for first in stride(from: 0, to: starts.count, by: width) {
      let group = Array(starts[first..<min(first + width, starts.count)])
      guard group.count > 1 else {
        total.merge(try one(group[0]))
        continue
      }
      let parts = Mutex([Int: Reducer]())
      try pool.run(group.count, throwing: (any Error).self) { index in
        let part = try one(group[index])
        parts.withLock { $0[index] = part }
      }
      for index in group.indices {
        if let part = parts.withLock({ $0[index] }) { total.merge(part) }
      }
    }
    return total
  }

  /// Fits the pair's target to one image with the further ones that belong to it, for a reference file.
  public func fit(_ source: any ImageSource, _ settings: TranslationSettings) throws -> PairValue {
    try settings.pair.fit(
      measured(joined(source, settings), settings), options: settings.options)
  }

  /// What the pair measures on one image, as a translation would report it, and why it would only copy
  /// it; the pair's own target is used.
  public func measure(
    _ source: any ImageSource, _ settings: TranslationSettings
  ) throws -> (summary: [String: PairValue], copyReason: String?) {
    let calibration = try calibrate(source, settings)
    guard case .copy(let reason) = calibration.outcome else { return (calibration.summary, nil) }
    return (calibration.summary, reason)
  }

  /// The image as the pair is to see it.
  func joined(
    _ source: any ImageSource, _ settings: TranslationSettings
  ) throws -> any ImageSource {
    let pair = settings.pair.description
    try check(source.info, pair)
    let wanted = pair.furtherInputs.filter { $0.kind.channels > 0 }
    guard settings.furtherImages.count == wanted.count else {
      let names = wanted.map(\.name).joined(separator: ", ")
      throw TesseraError(
        "the pair \(pair.id) takes \(wanted.isEmpty ? "no further images" : "the further images \(names)")"
          + "; give each with --input NAME=FILE")
    }
    let format = try computed(source.info, settings)
    let further = try zip(wanted, settings.furtherImages).map { input, image in
      try check(image.info, as: input, beside: source.info, in: format)
      return JoinedSource.Part(source: try image.reopened(), kind: input.kind)
    }
    guard !further.isEmpty || format != source.info.sampleFormat else { return source }
    let isLabels = if case .labels = pair.input { true } else { false }
    return JoinedSource(
      .init(source: source, kind: isLabels ? .labels : .picture(channels: pair.channels)), further,
      format: format)
  }

  /// The samples in which the pair computes: those of the output where these are deeper than the
  /// image's, so that nothing is rounded on the way, and the image's otherwise.
  private func computed(
    _ info: ImageInfo, _ settings: TranslationSettings
  ) throws(TesseraError) -> SampleFormat {
    let pair = settings.pair.description
    let wanted = Self.outputInfo(of: info, settings).sampleFormat
    if case .labels(let classes) = pair.output, classes.count > 256 {
      guard wanted != .uint8 else {
        throw TesseraError(
          "--depth 8 has no room for the \(classes.count) classes that \(pair.id) makes; leave it out"
        )
      }
      guard wanted == info.sampleFormat || pair.convertsDepth else {
        throw TesseraError(
          "the pair \(pair.id) makes \(classes.count) classes in the depth of the image, and 8 bits have"
            + " no room for them; convert the image to 16 bits first")
      }
    }
    guard wanted == info.sampleFormat || pair.convertsDepth || !pair.output.isLabels else {
      throw TesseraError(
        "--depth would rescale the labels that \(pair.id) makes; leave it out")
    }
    guard wanted.bytes > info.sampleFormat.bytes, !pair.convertsDepth, !pair.output.isLabels else {
      return info.sampleFormat
    }
    guard pair.formats.contains(wanted) else {
      let known = SampleFormat.allCases.filter(pair.formats.contains).map(\.rawValue)
      throw TesseraError(
        "the pair \(pair.id) computes in \(known.joined(separator: ", ")); an output in"
          + " \(wanted.rawValue) would only be rescaled. Choose another --depth, or convert the image"
          + " first")
    }
    return wanted
  }

  /// Refuses an image that is none for the pair.
  public func check(_ info: ImageInfo, _ pair: PairDescription) throws(TesseraError) {
    if case .volume = pair.input, info.slices == nil {
      throw TesseraError(
        "the pair \(pair.id) takes volumes, this is a picture; give NIfTI, MetaImage, NRRD,"
          + " DICOM or a stack, or choose another pair")
    }
    guard info.forPairs.channels == pair.channels else {
      throw TesseraError(
        "the pair \(pair.id) takes \(pair.channels) colour channels, the image has "
          + "\(info.forPairs.channels); convert it first, or choose another pair")
    }
    guard pair.formats.contains(info.sampleFormat) else {
      let known = SampleFormat.allCases.filter(pair.formats.contains).map(\.rawValue)
      throw TesseraError(
        "the pair \(pair.id) takes samples of \(known.joined(separator: ", ")), the image has"
          + " \(info.sampleFormat.rawValue); convert it first, or choose another pair")
    }
  }

  private func check(
    _ further: ImageInfo, as input: FurtherInput, beside image: ImageInfo, in format: SampleFormat
  ) throws(TesseraError) {
    func fault(_ reason: String) -> TesseraError {
      TesseraError("--input \(input.name): \(reason)")
    }
    guard (further.width, further.height) == (image.width, image.height) else {
      throw fault(
        "it has \(further.width) x \(further.height) px, the image \(image.width) x"
          + " \(image.height); they must be of one size")
    }
    switch input.kind {
    case .mask, .number: return
    case .picture(let channels):
      guard further.forPairs.channels == channels else {
        throw fault(
          "it has \(further.forPairs.channels) colour channels, the pair takes \(channels)")
      }
    case .labels:
      guard further.sampleFormat.bytes <= format.bytes else {
        throw fault(
          "labels of \(8 * further.sampleFormat.bytes) bits do not fit into the"
            + " \(8 * format.bytes) bits of the image; convert one of them")
      }
    }
  }
}
