import Foundation
import TesseraPlugin
import TileIO
import Translation

/// What is done with every image of a batch.
public struct BatchSettings: Sendable {
  /// How images are translated.
  public var translation: TranslationSettings
  /// How they are written.
  public var output: OutputOptions
  /// What is refused.
  public var limits: ImageFile.Limits
  /// Whether outputs that are complete and made with the same parameters are left alone.
  public var resumes: Bool
  /// Whether files may be replaced that Tessera did not make.
  public var overwrites = false
  /// Digest of the files of a pair that is a plugin or a package; nil where it is built in.
  public var pairFiles: String?
  /// What the pair takes besides each image.
  public var further = FurtherFiles()
  /// Which page of each file is taken, from 0, also of a stack; nil for the first of a picture.
  public var page: Int?
  /// The one channel that is taken of each image, by name or number; nil for all.
  public var channel: String?
  /// Whether slides are cropped to what was scanned.
  public var isCropped = false
  /// Digest of the file that says what the pair is fitted on; nil where there is none.
  public var fitAreaFile: String?
  /// Where each image is translated; nil is everywhere.
  public var regions: RegionFiles?
  /// What images are read as.
  public var content = ImageContent.picture
  /// Whether nothing is written.
  public var isDryRun: Bool

  /// Starts with everything at its default.
  public init(_ translation: TranslationSettings) {
    self.translation = translation
    output = OutputOptions()
    limits = ImageFile.Limits()
    resumes = false
    isDryRun = false
  }

  /// Everything that the bytes of an output depend on besides the input.
  var parameters: String {
    let pair = translation.pair.description
    var parts = [
      "tessera=\(TesseraVersion.current)", "results=\(TesseraVersion.results)",
      "pair=\(pair.id)@\(pair.version)",
    ]
    if let pairFiles { parts.append("files=\(pairFiles)") }
    parts += translation.options.values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    if let reference = translation.reference {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      let text = (try? encoder.encode(reference)).map { String(decoding: $0, as: UTF8.self) } ?? ""
      parts.append("reference=\(text)")
    }
    parts.append("keep-background=\(translation.keepBackground)")
    parts.append("depth=\(translation.depth?.rawValue ?? "input")")
    parts.append("profile=\(output.profile?.rawValue ?? "input")")
    parts.append("compression=\(output.compression?.rawValue ?? "input")")
    parts.append("quality=\(output.quality)")
    if case .labels(let colors?) = content {
      let palette = colors.entries.map { $0.color.map(String.init).joined(separator: ",") }
      parts.append("palette=\(palette.joined(separator: ";"))")
    }
    if isCropped { parts.append("crop=scanned") }
    if let fitAreaFile { parts.append("mask=\(fitAreaFile)") }
    if let page { parts.append("page=\(page)") }
    if let channel { parts.append("channel=\(channel)") }
    if pair.output != .picture { parts.append("output=\(pair.output)") }
    return parts.joined(separator: " ")
  }
}
