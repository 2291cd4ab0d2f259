import Base

/// The Fréchet distance of two sets of features, each taken for a normal distribution:
/// |μ₁ - μ₂|² + tr(Σ₁ + Σ₂ - 2 (Σ₁ Σ₂)^½).
///
/// With the Inception network of 2015 this is FID (Heusel and others 2017). It is biased upwards by small sets, the more the
/// fewer images there are: below ``minimumImages`` only sets of the same size can be compared.
public enum FrechetDistance {
  /// Images in each set from which on the bias is small.
  public static let minimumImages = 2048

  /// Measures; each set needs two images.
  ///
  /// The trace of the root is the sum of the roots of the eigenvalues of Σ₁^½ Σ₂ Σ₁^½, which is
  /// symmetric; eigenvalues that are nothing but rounding count as 0.
  public static func measure(
    _ first: FeatureSet, _ second: FeatureSet
  ) throws(TesseraError) -> Double {
    precondition(first.length == second.length, "\(first.length), \(second.length) features")
    guard first.count > 1, second.count > 1 else {
      throw TesseraError("FID needs at least two images in each set")
    }
    let lapack = try Lapack.required("FID")
    let n = first.length
    let (mean1, mean2) = (first.mean, second.mean)
    let covariance1 = covariance(first, mean1, lapack)
    let covariance2 = covariance(second, mean2, lapack)
    var distance = zip(mean1, mean2).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    for place in stride(from: 0, to: n * n, by: n + 1) {
      distance += covariance1[place] + covariance2[place]
    }
    let (values, vectors) = try lapack.eigenvalues(covariance1, count: n, wantsVectors: true)
    let floor = noise(values)
    // Rows of Σ₁^½ in the basis of its own eigenvectors; directions without variance add nothing.
    var roots: [Double] = []
    for index in 0..<n where values[index] > floor {
      let root = values[index].squareRoot()
      roots += vectors[index * n..<(index + 1) * n].map { $0 * root }
    }
    let rank = roots.count / n
    guard rank > 0 else { return distance }
    let turned = lapack.rowProducts(roots, covariance2, length: n)
    let middle = lapack.rowProducts(turned, roots, length: n)
    let products = try lapack.eigenvalues(middle, count: rank, wantsVectors: false).values
    let minimum = noise(products)
    let trace = products.reduce(0) { $1 > minimum ? $0 + $1.squareRoot() : $0 }
    return max(0, distance - 2 * trace)
  }

  /// What rounding alone makes of an eigenvalue that is 0.
  private static func noise(_ values: [Double]) -> Double {
    Double(values.count) * 2.3e-16 * max(0, values.last ?? 0)
  }

  private static func covariance(
    _ set: FeatureSet, _ mean: [Double], _ lapack: Lapack
  ) -> [Double] {
    let columns = set.centerdColumns(mean)
    let products = lapack.rowProducts(columns, columns, length: set.count)
    return products.map { $0 / Double(set.count - 1) }
  }
}
