/// Collects something from all rows of two images, which come from top to bottom.
///
/// Measures of one pass run side by side, but no measure takes two bands at once.
protocol BandMeasure: AnyObject, Sendable {
  /// Takes the next rows.
  func add(_ band: Band)
}

/// Sums of the similarities in a map.
struct SimilaritySums: Sendable {
  /// Of the whole similarity.
  var similarity = 0.0
  /// Of contrast and structure only.
  var structure = 0.0
  var count = 0

  static func + (a: Self, b: Self) -> Self {
    Self(
      similarity: a.similarity + b.similarity, structure: a.structure + b.structure,
      count: a.count + b.count)
  }
}
