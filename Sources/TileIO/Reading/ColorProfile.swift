internal import CLCMS
import TesseraPlugin

/// An ICC profile, by which the levels of a picture are colors.
final class ColorProfile {
  private let handle: cmsHPROFILE
  /// What the profile calls itself.
  let name: String

  /// Reads an embedded profile; nil where it is damaged or not one of `colors` (1 or 3) colors.
  init?(_ bytes: [UInt8], colors: Int) {
    guard let handle = cmsOpenProfileFromMem(bytes, UInt32(clamping: bytes.count)) else {
      return nil
    }
    let space = cmsGetColorSpace(handle)
    guard space == (colors == 1 ? cmsSigGrayData : cmsSigRgbData) else {
      cmsCloseProfile(handle)
      return nil
    }
    self.handle = handle
    var text = [CChar](repeating: 0, count: 256)
    let count = clcms_description(handle, &text, 255)
    name = String(
      decoding: text.prefix(Int(count)).prefix { $0 != 0 }.map(UInt8.init(bitPattern:)),
      as: UTF8.self)
  }

  deinit { cmsCloseProfile(handle) }

  /// sRGB, or gray with its curve, as a file embeds it.
  static func sRGB(colors: Int) -> [UInt8] {
    guard let profile = open(colors: colors) else { return [] }
    defer { cmsCloseProfile(profile) }
    var count: UInt32 = 0
    guard cmsSaveProfileToMem(profile, nil, &count) != 0 else { return [] }
    var bytes = [UInt8](repeating: 0, count: Int(count))
    guard cmsSaveProfileToMem(profile, &bytes, &count) != 0, count > 36 else { return [] }
    // The date on which it was made, or two runs would differ: 1 January 2026.
    bytes.replaceSubrange(24..<36, with: [0x07, 0xEA, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0])
    return bytes
  }

  private static func open(colors: Int) -> cmsHPROFILE? {
    guard colors == 1 else { return cmsCreate_sRGBProfile() }
    // The curve of IEC 61966-2-1.
    let curve = cmsBuildParametricToneCurve(
      nil, 4, [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045])
    defer { cmsFreeToneCurve(curve) }
    return cmsCreateGrayProfile(cmsD50_xyY(), curve)
  }

  /// The map from this profile to sRGB for samples of a format; nil where the profile has none.
  func toSRGB(colors: Int, extra: Int, format: SampleFormat) -> Transform? {
    guard let target = Self.open(colors: colors) else { return nil }
    defer { cmsCloseProfile(target) }
    let layout = clcms_format(
      Int32(colors), Int32(extra), Int32(format.bytes), format == .float32 ? 1 : 0)
    // One transform serves all threads only without its cache.
    let flags =
      UInt32(cmsFLAGS_NOCACHE) | UInt32(cmsFLAGS_BLACKPOINTCOMPENSATION)
    guard
      let transform = cmsCreateTransform(
        handle, layout, target, layout, UInt32(INTENT_RELATIVE_COLORIMETRIC), flags)
    else { return nil }
    return Transform(owning: transform)
  }

  /// Whether colors by this profile are those of sRGB within a level of 255.
  func isSRGB(colors: Int) -> Bool {
    guard let transform = toSRGB(colors: colors, extra: 0, format: .uint8) else { return false }
    let levels = (0...15).map { UInt8(17 * $0) }
    let grid: [UInt8] =
      colors == 1
      ? levels : levels.flatMap { r in levels.flatMap { g in levels.flatMap { [r, g, $0] } } }
    var mapped = grid
    mapped.withUnsafeMutableBytes {
      transform.apply($0, width: grid.count / colors, rows: 1, bytesPerRow: grid.count)
    }
    return zip(grid, mapped).allSatisfy { abs(Int($0) - Int($1)) <= 1 }
  }

  /// A map between colors, for any number of threads.
  final class Transform: @unchecked Sendable {
    // Sendable: without its cache, lcms2 only reads a transform.
    private let handle: cmsHTRANSFORM

    fileprivate init(owning handle: cmsHTRANSFORM) { self.handle = handle }

    deinit { cmsDeleteTransform(handle) }

    /// Maps pixels in place.
    func apply(
      _ pixels: UnsafeMutableRawBufferPointer, width: Int, rows: Int, bytesPerRow: Int
    ) {
      let stride = UInt32(clamping: bytesPerRow)
      cmsDoTransformLineStride(
        handle, pixels.baseAddress, pixels.baseAddress, UInt32(clamping: width),
        UInt32(clamping: rows), stride, stride, 0, 0)
    }
  }
}
