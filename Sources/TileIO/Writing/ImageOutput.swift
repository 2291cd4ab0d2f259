import Base
import Foundation
import TesseraPlugin

/// Chooses how a file is written by the ending of its name.
public enum ImageOutput {
  static let action = "writing the image"
  private static let pyramidEndings = ["tif", "tiff", "svs"]

  /// Every ending of a name that can be written, without the dot.
  public static var endings: [String] {
    pyramidEndings + PlainFormat.all.flatMap { $0.extensions }
  }

  /// Starts the file at `path`: a pyramid for .tif, .tiff and .svs, a plain image for the others.
  ///
  /// Where the options leave the profile open, .ome.tif and .ome.tiff get ome, .svs aperio, other
  /// pyramids what shows the most of the image.
  public static func open(
    path: String, info: ImageInfo, options: OutputOptions, pool: WorkerPool,
    willPublish: @escaping WillPublish = { _ in }
  ) throws(TesseraError) -> any ImageSink {
    if let fault = fault(path: path, info: info, options: options) { throw fault }
    if isPyramid(path) {
      return try PyramidWriter(
        path: path, info: info, options: options, pool: pool, willPublish: willPublish)
    }
    if let palette = PaletteWriter.palette(of: info, path: path) {
      return try PaletteWriter(
        path: path, info: info, palette: palette, willPublish: willPublish)
    }
    return try PlainImageWriter(
      path: path, info: info, options: options, willPublish: willPublish)
  }

  /// Whether the ending of `path` names a format that can be written.
  public static func canWrite(path: String) -> Bool { endings.contains(ending(of: path)) }

  /// Why an image like this cannot go into a file of such a name, wherever that is.
  public static func fault(
    path: String, info: ImageInfo, options: OutputOptions
  ) -> TesseraError? {
    guard canWrite(path: path) else {
      return TesseraError(path, "planning the file", unknownEnding)
    }
    if isPyramid(path) {
      do throws(TesseraError) {
        _ = try PyramidPlan(path: path, info: info, options: options)
      } catch {
        return error
      }
    } else if let fault = PlainImageWriter.fault(path: path, info: info, options: options) {
      return fault
    }
    return nil
  }

  static var unknownEnding: String {
    "its name does not end in a known format: use "
      + endings.map { ".\($0)" }.joined(separator: ", ")
  }

  static func ending(of path: String) -> String { (path as NSString).pathExtension.lowercased() }

  private static func isPyramid(_ path: String) -> Bool {
    pyramidEndings.contains(ending(of: path))
  }

  /// The profile that the name of a pyramid asks for; nil for most names.
  static func profile(named path: String) -> OutputOptions.Profile? {
    if ending(of: path) == "svs" { return .aperio }
    return ending(of: (path as NSString).deletingPathExtension) == "ome" ? .ome : nil
  }
}
