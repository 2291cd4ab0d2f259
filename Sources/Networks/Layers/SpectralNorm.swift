/// Division of a weight by its largest singular value.
enum SpectralNorm {
  /// W / (u' W v), W with a row for each value of `u`; v is W' u of length 1 where it is nil.
  ///
  /// Returns nil where the product is 0.
  static func divided(_ weight: [Float], u: [Float], v: [Float]?) -> [Float]? {
    guard !u.isEmpty, weight.count % u.count == 0 else { return nil }
    let columns = weight.count / u.count
    // u' W, a row.
    var product = [Double](repeating: 0, count: columns)
    for (row, factor) in u.enumerated() {
      let line = weight[(row * columns)..<((row + 1) * columns)]
      let factor = Double(factor)
      for (column, value) in zip(0..<columns, line) { product[column] += factor * Double(value) }
    }
    let sigma: Double
    if let v {
      guard v.count == columns else { return nil }
      sigma = zip(product, v).reduce(0) { $0 + $1.0 * Double($1.1) }
    } else {
      sigma = product.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
    guard sigma.isFinite, sigma != 0 else { return nil }
    let divisor = Float(sigma)
    return weight.map { $0 / divisor }
  }
}
