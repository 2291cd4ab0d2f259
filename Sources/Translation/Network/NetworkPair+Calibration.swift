import ModelGraph
public import TesseraPlugin
import TileIO

extension NetworkPair {
  /// The windows on which norms are measured, if there are any.
  public func samples(
    for overview: borrowing Overview, options: PairOptions
  ) throws(PairError) -> [PixelRegion] {
    try checkScale(overview.image)
    guard needsMeasuring else { return [] }
    let image = PixelRegion(x: 0, y: 0, width: overview.image.width, height: overview.image.height)
    return plan(overview, options).windows.map { $0.region.intersection(image) }
  }

  var needsMeasuring: Bool {
    norm != .tile && settings.calibration == nil
      && package.analysis.map { !$0.statistics.isEmpty } ?? false
  }

  private func plan(_ overview: borrowing Overview, _ options: PairOptions) -> SamplePlan {
    plan(overview.image, options, foreground: foreground(overview, options))
  }

  func plan(
    _ image: ImageDescription, _ options: PairOptions, foreground: RegionMask?
  ) -> SamplePlan {
    let memory = WindowMemory(package.graph, shapes: package.analysis?.shapesByName ?? [:])
    return SamplePlan(
      width: image.width, height: image.height,
      halo: package.footprint?.halo ?? 0, alignment: package.footprint?.alignment ?? 1,
      // Windows are measured side by side, however many threads there are.
      windowPixels: memory.pixels(budget: Self.sampleBudget),
      needsCells: norm == .local, seed: Int(options.values["seed"] ?? "") ?? 0,
      foreground: foreground)
  }

  /// The tissue, for networks that were made for slides; nil for all of the picture.
  ///
  /// What the file says of its resolution is no reason: the same pixels in another format would give
  /// another result.
  private func foreground(
    _ overview: borrowing Overview, _ options: PairOptions
  ) -> RegionMask? {
    let choice = options.values["statistics"] ?? "auto"
    guard choice != "image",
      package.manifest.input.isColor, choice == "tissue" || package.manifest.micronsPerPixel != nil
    else { return nil }
    return RegionMask(tissueOf: overview)
  }

  /// Refuses an image whose pixels are of another size than the network was trained on.
  private func checkScale(_ image: ImageDescription) throws(PairError) {
    guard let wanted = package.manifest.micronsPerPixel, let found = image.micronsPerPixel else {
      return
    }
    guard abs(found / wanted - 1) <= 0.1 else {
      throw PairError(
        "the model was trained at \(wanted) µm/px, the image has \(decimal(found)); resample it"
          + " with 'vips resize', or use a model for this magnification")
    }
  }

  private func decimal(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }

  /// Measures what the norms see on the samples, fixes it, and makes the translator.
  public func calibrate(
    _ overview: borrowing Overview, options: PairOptions, reference: PairValue?
  ) throws(PairError) -> Calibration {
    guard reference == nil else {
      throw PairError("a model has no reference; leave --reference out")
    }
    try checkScale(overview.image)
    do {
      guard overview.image.slices != nil, let frozen = try frozen(on: overview.samples) else {
        return try prepare(overview, options)
      }
      return try frozen.prepare(overview, options)
    } catch let error as PairError {
      throw error
    } catch {
      throw PairError("\(error)")
    }
  }

  func prepare(
    _ overview: borrowing Overview, _ options: PairOptions
  ) throws -> Calibration {
    var summary: [String: PairValue] = ["norm": .text(norm.rawValue)]
    var sidecar: [UInt8]?
    let runner: NetworkRunner
    var field: LocalField?
    if norm == .tile || package.analysis.map(\.statistics.isEmpty) ?? true {
      runner = fixed()
    } else {
      let measured = try measure(overview, options, &summary)
      let lattice = norm == .local ? measured.lattice : nil
      let form = try form(lattice)
      var cells: [String: [Moments]] = [:]
      if let lattice {
        cells = measured.windows.mapValues {
          LocalField.cells($0, at: measured.cells, lattice: lattice)
        }
        field = LocalField(
          axes: form.fields, lattice: lattice,
          imageSize: [overview.image.width, overview.image.height])
      }
      let graph = exactForm(of: form.frozen(measured.pooled, cells: cells))
      runner = self.runner(of: graph)
      sidecar = Array(try measured.encoded())
    }
    let mask = overview.image.channels == 3 ? RegionMask(tissueOf: overview) : nil
    var result = Calibration(
      .translate(translator(runner, overview.image, field)), foreground: mask, summary: summary)
    result.sidecar = sidecar
    return result
  }

  private func measure(
    _ overview: borrowing Overview, _ options: PairOptions, _ summary: inout [String: PairValue]
  ) throws -> NetworkCalibration {
    if let known = settings.calibration {
      summary["statistics"] = .text("of a calibration file")
      return known
    }
    let plan = plan(overview, options)
    let calibrator = try calibrator(norm == .local ? plan.lattice : nil)
    summary["statistics"] = .text(
      plan.isWhole ? "of the whole image" : "of \(plan.windows.count) windows")
    return try calibrator.measure(plan, overview.samples, codec: codec, image: overview.image)
  }

  func form(_ lattice: [Int]?) throws -> FrozenForm {
    guard let analysis = package.analysis else {
      throw PairError(package.obstacle?.description ?? "the network cannot be analysed")
    }
    return try FrozenForm(package.graph, analysis: analysis, lattice: lattice)
  }

  func calibrator(_ lattice: [Int]?) throws -> NetworkCalibrator {
    guard let analysis = package.analysis else {
      throw PairError(package.obstacle?.description ?? "the network cannot be analysed")
    }
    let form = try form(lattice)
    return calibrators.withLock { calibrators in
      if let found = calibrators[lattice ?? []] { return found }
      let made = NetworkCalibrator(
        form, analysis: analysis, modelHash: package.manifest.model.sha256, engine: engine,
        pool: pool)
      calibrators[lattice ?? []] = made
      return made
    }
  }

  /// What the user should know of one image: that a slide is sampled all over, glass included, because
  /// nothing says that the network is for slides.
  public func remark(on image: ImageDescription, options: PairOptions) -> String? {
    guard image.micronsPerPixel != nil, package.manifest.micronsPerPixel == nil, needsMeasuring,
      package.manifest.input.isColor, options.values["statistics"] ?? "auto" == "auto",
      plan(image, options, foreground: nil).lattice != [1, 1]
    else { return nil }
    return "norms are measured all over the image, which names its µm/px, and the model none;"
      + " --set statistics=tissue leaves glass out"
  }

  /// The same network with statistics that were measured earlier.
  public func calibrated(with sidecar: [UInt8]) throws(PairError) -> any DomainPair {
    var settings = settings
    do {
      settings.calibration = try NetworkCalibration(
        sidecar, named: "the calibration", of: package)
    } catch {
      throw PairError("\(error)")
    }
    return try NetworkPair(package, settings: settings, engine: engine, pool: pool)
  }

  /// The same network with its statistics measured on slices of one volume and fixed, so that all
  /// of its slices are translated alike; nil where nothing is measured.
  func frozen(on slices: [PixelSample]) throws -> NetworkPair? {
    guard let first = slices.first, package.analysis?.statistics.isEmpty == false, norm != .tile
    else { return nil }
    guard norm == .frozen else {
      throw PairError(
        "norm mode \(norm.rawValue) is for pictures: slices of a volume have statistics in common;"
          + " use --norm frozen")
    }
    let region = first.pixels.region
    let image = ImageDescription(
      width: region.width, height: region.height, channels: first.pixels.channels,
      format: first.pixels.format, micronsPerPixel: nil)
    let measured: NetworkCalibration
    if let known = settings.calibration {
      measured = known
    } else {
      let plan = SamplePlan(
        slices: slices.count, width: region.width, height: region.height,
        alignment: package.footprint?.alignment ?? 1)
      measured = try calibrator(nil).measure(plan, slices, codec: codec, image: image)
    }
    let graph = try form(nil).frozen(measured.pooled, cells: [:])
    return try NetworkPair(
      ModelPackage(graph, manifest: package.manifest), settings: settings, engine: engine,
      pool: pool)
  }
}
