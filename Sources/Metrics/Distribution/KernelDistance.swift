import Base

/// The kernel distance of two sets of features: the unbiased squared maximum mean discrepancy with the
/// kernel (x·y / d + 1)³, the mean over random subsets as in clean-fid.
///
/// With the Inception network of 2015 this is KID (Bińkowski and others 2018). It has no bias, so sets may be small and of
/// different sizes; below 0 is chance.
public struct KernelDistance: Sendable {
  /// What was found.
  public struct Figure: Sendable, Hashable, Codable {
    /// The mean over the subsets.
    public let mean: Double
    /// Their standard deviation; 0 where every subset is the whole set.
    public let deviation: Double
  }

  /// Subsets.
  public var subsets = 100
  /// The most images of a subset.
  public var maximumSubset = 1000
  /// Decides which images are in which subset.
  public var seed: UInt64 = 0

  /// With clean-fid's numbers of subsets and images.
  public init() {}

  /// Measures; each set needs two images.
  public func measure(
    _ first: FeatureSet, _ second: FeatureSet, isCancelled: () -> Bool = { false }
  ) throws(TesseraError) -> Figure {
    precondition(first.length == second.length, "\(first.length), \(second.length) features")
    let size = min(first.count, second.count, maximumSubset)
    guard size > 1 else { throw TesseraError("KID needs at least two images in each set") }
    // Whole sets are the same subset every time.
    let isWhole = first.count == size && second.count == size
    var numbers = SeededNumbers(state: seed)
    var values: [Double] = []
    for _ in 0..<(isWhole ? 1 : subsets) {
      if isCancelled() { throw TesseraError.cancelled }
      let x = first.rows(numbers.choose(size, of: first.count))
      let y = second.rows(numbers.choose(size, of: second.count))
      values.append(Self.discrepancy(x, y, length: first.length))
    }
    let mean = values.reduce(0, +) / Double(values.count)
    let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    return Figure(mean: mean, deviation: square.squareRoot())
  }

  static func discrepancy(_ x: [Double], _ y: [Double], length: Int) -> Double {
    let size = x.count / length
    func kernel(_ product: Double) -> Double {
      let base = product / Double(length) + 1
      return base * base * base
    }
    func within(_ products: [Double]) -> Double {
      var sum = 0.0
      for i in 0..<size {
        for j in 0..<size where i != j { sum += kernel(products[i * size + j]) }
      }
      return sum
    }
    let same =
      within(FeatureSet.products(x, x, length: length))
      + within(FeatureSet.products(y, y, length: length))
    let between = FeatureSet.products(x, y, length: length).reduce(0) { $0 + kernel($1) }
    let n = Double(size)
    return (same / (n - 1) - 2 * between / n) / n
  }
}

extension SeededNumbers {
  /// So many different numbers below `count`.
  fileprivate mutating func choose(_ size: Int, of count: Int) -> [Int] {
    var numbers = Array(0..<count)
    for index in 0..<size {
      let other = index + Int(next() % UInt64(count - index))
      numbers.swapAt(index, other)
    }
    return Array(numbers.prefix(size))
  }
}
