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

  /// Opens the image of `page` in the file, all of it or one `channel` by its name or its number from 1;
  /// its content decides the format, not its name.
  ///
  /// Pixels are decoded when they are read: a file whose header is in order may still fail then.
  ///
  /// Cropped it is what the scanner has seen, where a slide names that.
  ///
  /// As a picture it comes in sRGB: a profile that the file embeds is applied.
  ///
  /// As labels the image is of one channel: a PNG file with a palette is read as its indices instead
  /// of its colors, gray of 1, 2 or 4 bits in PNG as it is stored, gray of 8 or 16 bits as always,
  /// RGB of 8 bits by the colors given. Overviews then hold the label in the middle of each square,
  /// not a mean. Anything else is refused.
  public static func open(
    _ path: String, page: Int = 0, channel: String? = nil, isCropped: Bool = false,
    limits: Limits = Limits(),
    as content: ImageContent = .picture
  ) throws(TesseraError) -> any ImageSource {
    let fileSize = try checkFile(path)
    try VipsLibrary.start(for: path)
    let loader = OpenSlideSource.isMeant(by: path) ? nil : findLoader(path)
    let source = try stored(path, loader: loader, page: page)
    let info = source.info
    guard info.width <= limits.pixels / max(1, info.height) else {
      throw TesseraError(
        path, "opening",
        "\(info.width) x \(info.height) px is over the limit of \(limits.pixels) px; raise it with "
          + "--max-pixels if the file is genuine")
    }
    let image: any ImageSource =
      (source as? VipsSource).flatMap { JPEGTileSource(path, fallback: $0) } ?? source
    if page > 0, page >= info.pages {
      throw TesseraError(
        path, "choosing page \(page + 1)",
        "there \(info.pages == 1 ? "is one page" : "are pages 1 to \(info.pages)")")
    }
    if let channel { return try ChannelSource(image, channel, path: path) }
    guard content != .picture else {
      let part = isCropped ? CroppedSource(image) ?? image : image
      return ColorManagedSource(part) ?? part
    }
    if loader?.hasPrefix("VipsForeignLoadPng") == true,
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

  /// The image as the file stores it: by libvips, or by a recent OpenSlide where that has to be.
  private static func stored(
    _ path: String, loader: String?, page: Int
  ) throws(TesseraError) -> any ImageSource {
    guard let loader else {
      if let slide = try OpenSlideSource(path) { return slide }
      throw TesseraError(
        path, "opening",
        "the content is of no image format that can be read; check that the file is complete")
    }
    if loader.hasPrefix("VipsForeignLoadPpm") { try PNMHeader.check(path) }
    if let planes = try PlanesSource(planarTIFF: path, loader: loader, page: page) { return planes }
    if let planes = try PlanesSource(channelsOf: path, loader: loader, page: page) { return planes }
    return try VipsSource(path, loader: loader, page: page)
  }

  /// Looks through a picture that is read in one pass for damage, as reading it does.
  package static func check(_ source: any ImageSource) throws(TesseraError) {
    guard !source.info.isRandomAccess else { return }
    let stored = (source as? ColorManagedSource)?.stored ?? source
    try (stored as? VipsSource)?.check()
  }

  /// Whether the content of the file is of a format that can be read.
  public static func isImage(_ path: String) -> Bool {
    guard (try? checkFile(path)) != nil, (try? VipsLibrary.start(for: path)) != nil else {
      return false
    }
    return OpenSlideSource.isMeant(by: path) || findLoader(path) != nil
      || OpenSlideSource.isSlide(path)
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
    case S_IFDIR:
      let slide = DICOMSlideFile.slides(in: path).first.map {
        "; it holds whole slides in DICOM, give one of its files, such as "
          + URL(filePath: $0.path).lastPathComponent
      }
      throw TesseraError(
        path, "opening", "this is a directory, not an image\(slide ?? "")")
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
