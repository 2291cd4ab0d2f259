import Color

/// Mean and standard deviation of L (0...100), a and b in an image.
struct LabFit: Sendable, Hashable {
  /// The means.
  var means: SIMD3<Double>
  /// The standard deviations.
  var deviations: SIMD3<Double>

  /// The average of about 50,000 tiles of 450 TCGA slides that slideflow publishes as its preset v3,
  /// for fits on whole images.
  static let builtIn = LabFit(
    means: SIMD3(65.22, 28.93, -14.14), deviations: SIMD3(15.80, 9.26, 6.02))

  /// The same means with the deviations found inside of tissue, for fits inside of a mask: medians of
  /// 20 tiles of CAMELYON17 from five hospitals.
  ///
  /// The chroma of a whole tile varies twice as much as that of its tissue, because of the glass;
  /// stretching tissue by so much would turn its pale parts green.
  static let builtInTissue = LabFit(
    means: SIMD3(65.22, 28.93, -14.14), deviations: SIMD3(15.7, 4.9, 6.8))

  /// What makes the fit unusable, or nil.
  ///
  /// The gates: finite numbers; means inside of Lab; deviations of at least 0.5, for they divide.
  var fault: String? {
    guard means.isFinite, deviations.isFinite else { return "the Lab statistics are not finite" }
    guard (0...100).contains(means.x), abs(means.y) <= 128, abs(means.z) <= 128 else {
      return "the mean colour lies outside of Lab"
    }
    guard deviations.min() >= 0.5 else {
      return "a Lab channel varies by \(decimal(deviations.min(), 2)) only; 0.5 is the least that "
        + "can be matched"
    }
    return nil
  }
}
