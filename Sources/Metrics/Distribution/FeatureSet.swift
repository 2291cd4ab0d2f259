/// The features that a network has of each of a set of images.
public struct FeatureSet: Sendable {
  /// Features of an image.
  public let length: Int
  /// Image after image.
  public private(set) var values: [Double] = []

  /// An empty set.
  public init(length: Int) {
    precondition(length > 0, "features of length \(length)")
    self.length = length
  }

  /// Number of images.
  public var count: Int { values.count / length }

  /// Adds the features of an image.
  public mutating func append(_ features: [Float]) {
    precondition(features.count == length, "\(features.count) features for \(length)")
    values.append(contentsOf: features.lazy.map(Double.init))
  }

  /// The features of some images.
  func rows(_ indices: [Int]) -> [Double] {
    var rows: [Double] = []
    rows.reserveCapacity(indices.count * length)
    for index in indices { rows += values[index * length..<(index + 1) * length] }
    return rows
  }

  /// The mean of each feature.
  var mean: [Double] {
    var mean = [Double](repeating: 0, count: length)
    for index in 0..<count {
      for place in 0..<length { mean[place] += values[index * length + place] }
    }
    return mean.map { $0 / Double(count) }
  }

  /// One feature of all images after the other, less its mean.
  func centerdColumns(_ mean: [Double]) -> [Double] {
    var columns = [Double](repeating: 0, count: values.count)
    for index in 0..<count {
      for place in 0..<length {
        columns[place * count + index] = values[index * length + place] - mean[place]
      }
    }
    return columns
  }

  /// The products of rows, by LAPACK's BLAS where there is one.
  static func products(_ a: [Double], _ b: [Double], length: Int) -> [Double] {
    if let lapack = Lapack.shared { return lapack.rowProducts(a, b, length: length) }
    let (rows, columns) = (a.count / length, b.count / length)
    var product = [Double](repeating: 0, count: rows * columns)
    for i in 0..<rows {
      let first = a.span.extracting(i * length..<(i + 1) * length)
      for j in 0..<columns {
        let second = b.span.extracting(j * length..<(j + 1) * length)
        var sum = 0.0
        for k in 0..<length { sum += first[k] * second[k] }
        product[i * columns + j] = sum
      }
    }
    return product
  }
}
