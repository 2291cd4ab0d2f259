public import TesseraPlugin

extension NetworkPair {
  /// What the user should know of one image: that a slide is sampled all over, glass included, because
  /// nothing says that the network is for slides.
  public func remark(on image: ImageDescription, options: PairOptions) -> String? {
    guard image.micronsPerPixel != nil, package.manifest.micronsPerPixel == nil, needsMeasuring,
      package.manifest.input.isColour, options.values["statistics"] ?? "auto" == "auto",
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
