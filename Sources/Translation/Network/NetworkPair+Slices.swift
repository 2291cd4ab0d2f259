public import TesseraPlugin

extension NetworkPair {
  /// How volumes become slices of this network; nil where it is for pictures.
  public var slices: SliceFormat? { package.manifest.volume }

  /// Refuses pictures where the network is for volumes, however their channels may fit.
  public func checkTakesPictures() throws(TranslationError) {
    guard slices != nil else { return }
    throw TranslationError(
      "the pair \(package.manifest.id) takes volumes, this is a picture; give NIfTI, MetaImage, NRRD,"
        + " DICOM or a stack, or choose another pair")
  }

  /// The same network with its statistics measured on slices of one volume and fixed, so that all
  /// of its slices are translated alike; itself where nothing is measured.
  public func frozen(on slices: [PixelSample]) throws -> NetworkPair {
    guard let first = slices.first, norm == .frozen,
      package.analysis?.statistics.isEmpty == false
    else { return self }
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
