public import TesseraPlugin

extension NetworkPair {
  /// What the user should know of one image: that a slide is sampled all over, glass included, because
  /// nothing says that the network is for slides.
  public func remark(on image: ImageDescription, options: PairOptions) -> String? {
    guard image.micronsPerPixel != nil, package.manifest.micronsPerPixel == nil, needsMeasuring,
      package.manifest.input.colour == .rgb || package.manifest.input.colour == .bgr,
      options.values["statistics"] ?? "auto" == "auto",
      plan(image, options, foreground: nil).lattice != [1, 1]
    else { return nil }
    return "norms are measured all over the image, which names its µm/px, and the model none;"
      + " --set statistics=tissue leaves glass out"
  }

  /// What a result says of itself: the package's warning and its name; nil where there is no warning.
  ///
  /// NIfTI has room for 79 letters.
  public var note: String? {
    let manifest = package.manifest
    return manifest.warning.map { "\($0) Tessera \(manifest.id) \(manifest.version)" }
  }
}
