internal import CVips
import TesseraPlugin

/// What libvips knows about a file before its pixels are touched.
struct VipsHeader {
  private let image: VipsImage
  private let loader: String
  private let path: String
  private let directories: [TIFFDirectory]

  init(_ image: VipsImage, loader: String, path: String) {
    self.image = image
    self.loader = loader
    self.path = path
    directories = loader.hasPrefix("VipsForeignLoadTiff") ? TIFFDirectory.all(in: path) : []
  }

  private var described: DescribedScale { DescribedScale(image.text("image-description") ?? "") }

  private var isSlide: Bool { loader.hasPrefix("VipsForeignLoadOpenslide") }

  /// The stored resolutions of the image, level 0 first.
  func levels(page: Int) -> [VipsLevel] {
    var levels = [VipsLevel(path: path, loader: loader, kind: .first(page: page))]
    if isSlide {
      let count = Int(saturating: image.number("openslide.level-count") ?? 1)
      levels += (1..<max(1, count)).map {
        VipsLevel(path: path, loader: loader, kind: .slideLevel($0))
      }
    } else {
      levels += smallerLevels(page: page).map(\.level)
    }
    return levels
  }

  private func smallerLevels(
    page: Int
  ) -> [(level: VipsLevel, size: ImageInfo.Level)] {
    TIFFDirectory.smallerLevels(directories, page: page, path: path, loader: loader)
  }

  private func size(of level: VipsLevel) -> ImageInfo.Level? {
    switch level.kind {
    case .first: return ImageInfo.Level(width: image.width, height: image.height)
    case .slideLevel(let index):
      guard let width = image.number("openslide.level[\(index)].width"),
        let height = image.number("openslide.level[\(index)].height")
      else { return nil }
      return ImageInfo.Level(width: Int(saturating: width), height: Int(saturating: height))
    case .page(let index):
      return ImageInfo.Level(width: directories[index].width, height: directories[index].height)
    case .subIFD(let index, let page): return directories[page].reducedSubIFDs[index]
    }
  }

  func info(of delivered: VipsImage, levels: [VipsLevel], isRandomAccess: Bool) -> ImageInfo {
    let orientation = image.number("orientation").map { Int(saturating: $0) } ?? 1
    let isSideways = (5...8).contains(orientation)
    // The library takes the second of two channels for alpha whatever the file says.
    let isData = delivered.bands == 2 && directories.first?.endsInData == true
    let hasAlpha = delivered.hasAlpha && !isData
    let colors = delivered.bands - (hasAlpha ? 1 : 0)
    let sampleFormat: SampleFormat =
      switch delivered.bandFormat {
      case VIPS_FORMAT_UCHAR: .uint8
      case VIPS_FORMAT_USHORT: .uint16
      default: .float32
      }
    var info = ImageInfo(
      format: formatName, width: delivered.width, height: delivered.height,
      channels: delivered.bands, hasAlpha: hasAlpha,
      color: colors == 1 ? .gray : colors == 3 ? .rgb : .other, sampleFormat: sampleFormat)
    info.levels = levels.compactMap(size).map {
      isSideways ? ImageInfo.Level(width: $0.height, height: $0.width) : $0
    }
    info.orientation = (1...8).contains(orientation) ? orientation : 1
    info.pages = max(1, Int(saturating: image.number("n-pages") ?? 1) - pageLevels(levels))
    info.storedAs = storedAs
    info.isRandomAccess = isRandomAccess
    info.isLossy = isLossy
    if image.interpretation != VIPS_INTERPRETATION_CMYK {
      // OpenSlide before version 4 leaves the profile of a slide where it is.
      info.iccProfile =
        delivered.blob("icc-profile-data") ?? (isSlide ? TIFFDirectory.iccProfile(in: path) : nil)
    }
    let page = if case .first(let page) = levels.first?.kind { page } else { 0 }
    if let microns = micronsPerPixel(page: page) {
      info.micronsPerPixel = isSideways ? (microns.y, microns.x) : microns
    } else if !isSlide, let stated = statedResolution(page: page) {
      info.printResolution = isSideways ? (stated.y, stated.x) : (stated.x, stated.y)
    }
    info.objectivePower =
      image.number("openslide.objective-power") ?? described.objectivePower
    info.storedTile = storedTile
    if isSlide { info.scannedBounds = scannedBounds }
    return info
  }

  /// How many pages are smaller versions of the first: levels, also where those are SubIFDs, too.
  private func pageLevels(_ levels: [VipsLevel]) -> Int {
    let count = levels.count { if case .page = $0.kind { true } else { false } }
    guard count == 0, directories.first?.reducedSubIFDs.isEmpty == false else { return count }
    return TIFFDirectory.pyramidPages(directories).count { directories[$0].isReduced }
  }

  private var scannedBounds: PixelRegion? {
    let numbers = ["x", "y", "width", "height"].compactMap {
      image.number("openslide.bounds-\($0)").map { Int(saturating: $0) }
    }
    guard numbers.count == 4, numbers.allSatisfy({ (0...Int(Int32.max)).contains($0) }) else {
      return nil
    }
    return PixelRegion(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
  }

  private var storedTile: ImageInfo.Level? {
    if isSlide, let width = image.number("openslide.level[0].tile-width"),
      let height = image.number("openslide.level[0].tile-height")
    {
      return ImageInfo.Level(width: Int(saturating: width), height: Int(saturating: height))
    }
    return directories.first?.tile
  }

  private var storedAs: String? {
    if image.interpretation == VIPS_INTERPRETATION_CMYK { return "CMYK" }
    return switch image.bandFormat {
    case VIPS_FORMAT_UCHAR, VIPS_FORMAT_USHORT, VIPS_FORMAT_FLOAT: nil
    case VIPS_FORMAT_CHAR: "int8"
    case VIPS_FORMAT_SHORT: "int16"
    case VIPS_FORMAT_INT: "int32"
    case VIPS_FORMAT_UINT: "uint32"
    case VIPS_FORMAT_DOUBLE: "double"
    default: "complex"
    }
  }

  /// What OpenSlide or the description says, else tags as fine as a microscope's.
  private func micronsPerPixel(page: Int) -> (x: Double, y: Double)? {
    if isSlide {
      guard let x = image.number("openslide.mpp-x"), let y = image.number("openslide.mpp-y"),
        x > 0, y > 0, x.isFinite, y.isFinite
      else { return nil }
      return (x, y)
    }
    let tags = directories.indices.contains(page) ? directories[page].resolution : nil
    return described.micronsPerPixel(tags: tags) ?? statedResolution(page: page)?.microns
  }

  private func statedResolution(page: Int) -> StatedResolution? {
    if directories.indices.contains(page) {
      return directories[page].statedResolution
    }
    if loader.contains("LoadPng"), let stated = StatedResolution(png: path) { return stated }
    if let stated = image.blob("exif-data").flatMap({ StatedResolution(exif: $0) }) {
      return stated
    }
    if loader.contains("LoadJpeg") { return StatedResolution(jfif: path) }
    // What libvips fills in for PNG, and its word for 'not given'.
    let x = vips_image_get_xres(image.pointer)
    let y = vips_image_get_yres(image.pointer)
    guard !loader.contains("LoadPng"), x != 1 || y != 1 else { return nil }
    return StatedResolution(x, y)
  }

  private var isLossy: Bool {
    if isSlide {
      let size = ImageInfo.Level(width: image.width, height: image.height)
      let first = VipsLevel(path: path, loader: loader, kind: .first(page: 0))
      return TIFFDirectory.find(first, size: size)?.isLossy ?? true
    }
    if let directory = directories.first { return directory.isLossy }
    return ["Jpeg", "Jp2k", "Webp", "Heif", "Jxl"].contains { loader.contains("Load\($0)") }
  }

  private var formatName: String {
    if isSlide {
      let vendor = image.text("openslide.vendor") ?? "unknown"
      return "\(vendor.prefix(1).uppercased())\(vendor.dropFirst()) slide"
    }
    if let first = directories.first {
      let layout = first.tile == nil ? "striped" : "tiled"
      return "\(layout) \(first.isBig ? "BigTIFF" : "TIFF")"
    }
    let name = loader.replacing("VipsForeignLoad", with: "").replacing("File", with: "")
    let known = [
      "Png": "PNG", "Jpeg": "JPEG", "Webp": "WebP", "Jp2k": "JPEG 2000", "Ppm": "PNM",
      "Nsgif": "GIF", "Heif": "HEIF", "Jxl": "JPEG XL", "Vips": "VIPS", "Rad": "Radiance",
      "Openexr": "OpenEXR",
    ]
    return known[name] ?? name
  }
}
