import Base
internal import CVips
import Foundation

/// Opens images of any format that libvips and OpenSlide read.
public enum ImageFile {
  /// What is refused because no honest file is like that.
  public struct Limits: Sendable, Hashable {
    /// The most pixels an image may claim to have.
    public var pixels: Int

    /// Sets the limit; the default of 200 gigapixels is twenty slides of 100,000 px squared.
    public init(pixels: Int = 200_000_000_000) { self.pixels = pixels }
  }

  /// Opens the image of `page` in the file; its content decides the format, not its name.
  ///
  /// Pixels are decoded when they are read: a file whose header is in order may still fail then.
  ///
  /// As labels the image is of one channel: a PNG file with a palette is read as its indices instead
  /// of its colors, gray of 1, 2 or 4 bits in PNG as it is stored, gray of 8 or 16 bits as always,
  /// RGB of 8 bits by the colors given. Overviews then hold the label in the middle of each square,
  /// not a mean. Anything else is refused.
  public static func open(
    _ path: String, page: Int = 0, limits: Limits = Limits(),
    as content: ImageContent = .picture
  ) throws(TesseraError) -> any ImageSource {
    let fileSize = try checkFile(path)
    try VipsLibrary.start(for: path)
    guard let loader = findLoader(path) else {
      throw TesseraError(
        path, "opening",
        "the content is of no image format that can be read; check that the file is complete")
    }
    if loader.hasPrefix("VipsForeignLoadPpm") { try PNMHeader.check(path) }
    let source = try VipsSource(path, loader: loader, page: page)
    let info = source.info
    guard info.width <= limits.pixels / max(1, info.height) else {
      throw TesseraError(
        path, "opening",
        "\(info.width) x \(info.height) px is over the limit of \(limits.pixels) px; raise it with "
          + "--max-pixels if the file is genuine")
    }
    let image: any ImageSource = JPEGTileSource(path, fallback: source) ?? source
    guard content != .picture else { return image }
    if loader.hasPrefix("VipsForeignLoadPng"),
      let labels = try PaletteSource(path, picture: info, fileSize: fileSize)
    {
      return labels
    }
    guard case .labels(let colors) = content else { return image }
    if let colors,
      let labels = ColorLabelSource(image, colors: colors, path: path, page: page)
    {
      return labels
    }
    return try LabelSource(image, path: path, page: page)
  }

  /// Looks through a picture that is read in one pass for damage, as reading it does.
  package static func check(_ source: any ImageSource) throws(TesseraError) {
    guard !source.info.isRandomAccess else { return }
    try (source as? VipsSource)?.check()
  }

  /// Whether the content of the file is of a format that can be read.
  public static func isImage(_ path: String) -> Bool {
    guard (try? checkFile(path)) != nil, (try? VipsLibrary.start(for: path)) != nil else {
      return false
    }
    return findLoader(path) != nil
  }

  /// The loader that recognizes the content; ImageMagick, which takes anything, is none.
  private static func findLoader(_ path: String) -> String? {
    defer { vips_error_clear() }
    // The empty brackets keep libvips from reading options out of the file's own name.
    guard let name = vips_foreign_find_load("\(path)[]") else { return nil }
    let loader = String(cString: name)
    return VipsLibrary.isAllowed(loader) ? loader : nil
  }

  /// Returns the size of the file in bytes.
  @discardableResult
  private static func checkFile(_ path: String) throws(TesseraError) -> Int {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw TesseraError(
        path, "opening",
        errno == ENOENT ? "there is no such file" : String(cString: strerror(errno)))
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw TesseraError(path, "opening", "this is a directory, not an image")
    default:
      throw TesseraError(path, "opening", "this is no regular file; save the image to disk first")
    }
    guard status.st_size > 0 else { throw TesseraError(path, "opening", "the file is empty") }
    guard access(path, R_OK) == 0 else {
      throw TesseraError(path, "opening", "no permission to read it")
    }
    return Int(status.st_size)
  }
}
