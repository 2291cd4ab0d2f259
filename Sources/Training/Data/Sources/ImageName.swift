import Foundation

/// Names of files that are meant to be images.
enum ImageName {
  private static let extensions: Set<String> = [
    "svs", "ndpi", "mrxs", "scn", "bif", "svslide", "tif", "tiff", "png", "jpg", "jpeg", "jp2",
    "webp", "gif", "heic", "avif", "jxl", "ppm", "pgm", "pnm", "pfm", "exr", "hdr", "bmp", "v",
  ]

  /// Whether a file that cannot be read is a broken image rather than none.
  static func isImage(_ name: String) -> Bool {
    extensions.contains((name as NSString).pathExtension.lowercased())
  }
}
