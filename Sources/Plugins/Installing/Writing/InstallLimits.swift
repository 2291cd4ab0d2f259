/// How much a plugin may bring along.
struct InstallLimits: Sendable {
  /// Files and folders.
  var entries = 10_000
  /// Bytes of all files.
  var bytes = 8 << 30
  /// Bytes of all files for a byte of the archive, above `allowance`.
  var ratio = 200
  /// Bytes that any archive may unpack to.
  var allowance = 64 << 20

  /// Bytes that an archive of `size` bytes may unpack to; more is a bomb.
  func unpacked(_ size: Int) -> Int {
    let (product, isHuge) = size.multipliedReportingOverflow(by: ratio)
    let (sum, isHuger) = product.addingReportingOverflow(allowance)
    return isHuge || isHuger ? bytes : sum
  }
}
