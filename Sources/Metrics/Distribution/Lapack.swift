import Base
import Foundation

/// The linear algebra of LAPACK and BLAS, loaded when first asked for.
///
/// OpenBLAS, the reference libraries of Debian and Apple's Accelerate all have these names.
struct Lapack: Sendable {
  private typealias Sizes = UnsafePointer<Int32>
  // Fortran passes everything by address, and the lengths of strings behind the arguments.
  private typealias Eigen =
    @Sendable @convention(c) (
      UnsafePointer<CChar>, UnsafePointer<CChar>, Sizes, UnsafeMutablePointer<Double>, Sizes,
      UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>, Sizes,
      UnsafeMutablePointer<Int32>, Sizes, UnsafeMutablePointer<Int32>, Int, Int
    ) -> Void
  private typealias Product =
    @Sendable @convention(c) (
      UnsafePointer<CChar>, UnsafePointer<CChar>, Sizes, Sizes, Sizes, UnsafePointer<Double>,
      UnsafePointer<Double>, Sizes, UnsafePointer<Double>, Sizes, UnsafePointer<Double>,
      UnsafeMutablePointer<Double>, Sizes, Int, Int
    ) -> Void

  private let eigen: Eigen
  private let multiply: Product

  /// The library of this machine, if it has one; it stays loaded.
  static let shared: Lapack? = {
    for name in names {
      guard let handle = dlopen(name, RTLD_NOW | RTLD_LOCAL) else { continue }
      if let eigen = dlsym(handle, "dsyevd_"), let multiply = dlsym(handle, "dgemm_") {
        return Lapack(
          eigen: unsafeBitCast(eigen, to: Eigen.self),
          multiply: unsafeBitCast(multiply, to: Product.self))
      }
    }
    return nil
  }()

  #if os(macOS)
    private static let names = ["/System/Library/Frameworks/Accelerate.framework/Accelerate"]
  #else
    private static let names = [
      "libopenblas.so.0", "liblapack.so.3", "libopenblas.so", "liblapack.so",
    ]
  #endif

  /// The library, or an error that says how to install it.
  static func required(_ purpose: String) throws(TesseraError) -> Lapack {
    guard let shared else {
      throw TesseraError(
        "\(purpose) needs LAPACK, which is not installed; run make setup (on Debian: apt-get install "
          + "libopenblas0)")
    }
    return shared
  }

  /// The eigenvalues of a symmetric matrix in ascending order; `vectors`, if wanted, one after the
  /// other.
  func eigenvalues(
    _ matrix: [Double], count: Int, wantsVectors: Bool
  ) throws(TesseraError) -> (values: [Double], vectors: [Double]) {
    precondition(matrix.count == count * count, "\(matrix.count) entries for \(count) rows")
    var (a, values) = (matrix, [Double](repeating: 0, count: count))
    var (n, stride, status) = (Int32(count), Int32(count), Int32(0))
    var (size, integerSize) = (Int32(-1), Int32(-1))
    var (work, integers) = ([0.0], [Int32(0)])
    let job = CChar(bitPattern: UInt8(ascii: wantsVectors ? "V" : "N"))
    let upper = CChar(bitPattern: UInt8(ascii: "U"))
    // The first call tells how much memory the second needs.
    for _ in 0..<2 {
      withUnsafePointer(to: job) { job in
        withUnsafePointer(to: upper) { upper in
          eigen(
            job, upper, &n, &a, &stride, &values, &work, &size, &integers, &integerSize, &status, 1,
            1)
        }
      }
      guard status == 0 else { break }
      if size < 0 {
        (size, integerSize) = (Int32(work[0]), integers[0])
        work = [Double](repeating: 0, count: Int(size))
        integers = [Int32](repeating: 0, count: Int(integerSize))
      }
    }
    guard status == 0 else {
      throw TesseraError(
        "finding eigenvalues: LAPACK gave up (\(status)); the features hold numbers that are not "
          + "finite")
    }
    return (values, wantsVectors ? a : [])
  }

  /// The products of rows: entry (i, j) is row i of `a` times row j of `b`, rows of `length`.
  func rowProducts(_ a: [Double], _ b: [Double], length: Int) -> [Double] {
    let (rows, columns) = (a.count / length, b.count / length)
    var product = [Double](repeating: 0, count: rows * columns)
    guard !product.isEmpty else { return product }
    // Fortran counts down the columns: what it sees is the transposed of everything.
    var (m, n, k) = (Int32(columns), Int32(rows), Int32(length))
    var (strideA, strideB, strideC) = (k, k, m)
    var (one, zero) = (1.0, 0.0)
    let transposed = CChar(bitPattern: UInt8(ascii: "T"))
    let plain = CChar(bitPattern: UInt8(ascii: "N"))
    withUnsafePointer(to: transposed) { transposed in
      withUnsafePointer(to: plain) { plain in
        multiply(
          transposed, plain, &m, &n, &k, &one, b, &strideB, a, &strideA, &zero, &product, &strideC,
          1, 1)
      }
    }
    return product
  }
}
