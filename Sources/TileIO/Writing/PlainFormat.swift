import TesseraPlugin

/// A format of plain image files, and what fits into it without a change.
struct PlainFormat: Sendable {
  /// The name for messages.
  let name: String
  /// Endings of file names, without the dot.
  let extensions: [String]
  /// Sample formats that it stores as they are.
  let samples: [SampleFormat]
  /// Numbers of color channels; nil for any.
  let colors: Set<Int>?
  /// Whether it stores alpha.
  let hasAlpha: Bool
  /// Longest side in px.
  let maximumSide: Int
  /// Whether it has a setting for quality.
  let hasQuality: Bool

  /// Every format, in the order in which messages suggest them.
  static let all: [PlainFormat] = [
    PlainFormat(
      name: "PNG", extensions: ["png"], samples: [.uint8, .uint16], colors: [1, 3],
      hasAlpha: true, maximumSide: Int(Int32.max), hasQuality: false),
    PlainFormat(
      name: "JPEG", extensions: ["jpg", "jpeg", "jpe"], samples: [.uint8], colors: [1, 3],
      hasAlpha: false, maximumSide: 65535, hasQuality: true),
    PlainFormat(
      name: "JPEG 2000", extensions: ["jp2", "j2k", "j2c", "jpc", "jpt"],
      samples: [.uint8, .uint16], colors: [1, 3], hasAlpha: true, maximumSide: Int(Int32.max),
      hasQuality: true),
    PlainFormat(
      name: "WebP", extensions: ["webp"], samples: [.uint8], colors: [3], hasAlpha: true,
      maximumSide: 16383, hasQuality: true),
    PlainFormat(
      name: "HEIF", extensions: ["heic", "heif", "avif"], samples: [.uint8], colors: [3],
      hasAlpha: true, maximumSide: 16384, hasQuality: true),
    PlainFormat(
      name: "PPM", extensions: ["ppm"], samples: [.uint8, .uint16], colors: [3],
      hasAlpha: false, maximumSide: Int(Int32.max), hasQuality: false),
    PlainFormat(
      name: "PGM", extensions: ["pgm"], samples: [.uint8, .uint16], colors: [1],
      hasAlpha: false, maximumSide: Int(Int32.max), hasQuality: false),
    PlainFormat(
      name: "PFM", extensions: ["pfm"], samples: [.float32], colors: [1, 3], hasAlpha: false,
      maximumSide: Int(Int32.max), hasQuality: false),
    PlainFormat(
      name: "libvips", extensions: ["v", "vips"], samples: [.uint8, .uint16, .float32],
      colors: nil, hasAlpha: true, maximumSide: Int(Int32.max), hasQuality: false),
  ]

  /// The format that the ending of `path` names.
  init?(path: String) {
    let ending = ImageOutput.ending(of: path)
    guard let found = Self.all.first(where: { $0.extensions.contains(ending) }) else { return nil }
    self = found
  }

  private init(
    name: String, extensions: [String], samples: [SampleFormat], colors: Set<Int>?,
    hasAlpha: Bool, maximumSide: Int, hasQuality: Bool
  ) {
    self.name = name
    self.extensions = extensions
    self.samples = samples
    self.colors = colors
    self.hasAlpha = hasAlpha
    self.maximumSide = maximumSide
    self.hasQuality = hasQuality
  }

  /// Whether the image can be stored as it is.
  func holds(_ info: ImageInfo) -> Bool { refusal(of: info) == nil }

  /// What of the image the format cannot store, and which formats can.
  func fault(of info: ImageInfo) -> String? {
    guard let refusal = refusal(of: info) else { return nil }
    let others = Self.all.filter { $0.holds(info) }.map { ".\($0.extensions[0])" }
    return "\(name) \(refusal): write \((others + [".tif"]).joined(separator: ", "))"
  }

  private func refusal(of info: ImageInfo) -> String? {
    let alpha = info.hasAlpha ? 1 : 0
    if info.holdsLabels, hasQuality { return "would make classes that do not exist" }
    if !samples.contains(info.sampleFormat) { return "cannot store \(info.sampleFormat.rawValue)" }
    if info.hasAlpha && !hasAlpha { return "has no alpha" }
    if let colors, !colors.contains(info.channels - alpha) {
      let known = colors.sorted().map(String.init).joined(separator: " or ")
      return "stores \(known) colour channels, not \(info.channels - alpha)"
    }
    if max(info.width, info.height) > maximumSide {
      return "has at most \(maximumSide) px a side, not \(info.width) x \(info.height)"
    }
    return nil
  }
}
