extension NetworkPair {
  /// What a result says of itself: the package's warning and its name; nil where there is no warning.
  ///
  /// NIfTI has room for 79 letters.
  public var note: String? {
    let manifest = package.manifest
    return manifest.warning.map { "\($0) Tessera \(manifest.id) \(manifest.version)" }
  }
}
