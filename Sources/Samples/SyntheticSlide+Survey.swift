import TesseraPlugin

extension SyntheticSlide {
  /// What a part of the slide holds.
  struct Survey {
    /// The share of the pixels that hold stain to speak of.
    var stained: Double
    /// The mean density of hematoxylin: how many nuclei there are.
    var hematoxylin: Double
  }

  /// Looks at one row in 16 of `region`.
  func survey(_ region: PixelRegion) -> Survey {
    var survey = Survey(stained: 0, hematoxylin: 0)
    var count = 0.0
    for y in stride(from: region.y, to: region.rows.upperBound, by: 16) {
      var row = Tile(
        region: PixelRegion(x: region.x, y: y, width: region.width, height: 1), channels: 2,
        format: .float32)
      readDensities(into: &row)
      row.withRow(y, columns: region.columns, as: Float.self) { span in
        for index in 0..<region.width {
          count += 1
          if span[2 * index] + span[2 * index + 1] > 0.1 { survey.stained += 1 }
          survey.hematoxylin += Double(span[2 * index])
        }
      }
    }
    survey.stained /= count
    survey.hematoxylin /= count
    return survey
  }
}
