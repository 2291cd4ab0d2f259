import Base
import TesseraPlugin

extension PlanesSource {
  /// Opens a tiled TIFF that keeps its channels apart; nil for any other.
  convenience init?(planarTIFF path: String, loader: String, page: Int) throws(TesseraError) {
    guard loader.hasPrefix("VipsForeignLoadTiff") else { return nil }
    let start = VipsLevel(path: path, loader: loader, kind: .first(page: page))
    let any = ImageInfo.Level(width: 0, height: 0)
    guard let first = TIFFDirectory.find(start, size: any), first.isPlanar,
      first.samplesPerPixel > 1, let tile = first.tile, tile.width > 0,
      tile.height > 0
    else { return nil }
    let directories = TIFFDirectory.all(in: path)
    func refused(_ reason: String) -> TesseraError {
      TesseraError(
        path, "opening",
        "its channels are stored in tiles of their own, and \(reason); convert it to interleaved "
          + "channels first, for example with bfconvert or vips")
    }
    guard let format = first.sampleFormat else {
      throw refused("its samples are not of 8 or 16 bits or 32-bit floating point")
    }
    guard first.orientation == 1 else {
      throw refused("it is turned (orientation \(first.orientation))")
    }
    let places =
      [
        (
          level: start,
          size: ImageInfo.Level(width: first.width, height: first.height)
        )
      ] + TIFFDirectory.smallerLevels(directories, page: page, path: path, loader: loader)
    let colors = first.samplesPerPixel - (first.endsInAlpha ? 1 : 0)
    var info = ImageInfo(
      format: first.isBig ? "tiled BigTIFF" : "tiled TIFF", width: first.width,
      height: first.height,
      channels: first.samplesPerPixel, hasAlpha: first.endsInAlpha,
      color: colors == 1 ? .gray : colors == 3 && first.photometric == 2 ? .rgb : .other,
      sampleFormat: format)
    var planes: [[TIFFPlane.Level]] = Array(repeating: [], count: first.samplesPerPixel)
    for (place, size) in places {
      guard let directory = TIFFDirectory.find(place, size: size), directory.isPlanar,
        directory.samplesPerPixel == first.samplesPerPixel, directory.sampleFormat == format,
        let tile = directory.tile, tile.width > 0, tile.height > 0
      else { continue }
      let pieces = StoredPieces(place, size: size)
      for plane in planes.indices {
        var own = ImageInfo(
          format: info.format, width: size.width, height: size.height, channels: 1, color: .gray,
          sampleFormat: format)
        own.isRandomAccess = true
        planes[plane].append(
          TIFFPlane.Level(place, plane: plane, tile: tile, info: own, pieces: pieces))
      }
    }
    guard planes[0].first?.info.width == info.width else { return nil }
    info.levels = planes[0].map { ImageInfo.Level(width: $0.info.width, height: $0.info.height) }
    let pageLevels = places.count { if case .page = $0.level.kind { true } else { false } }
    info.pages = max(1, directories.count - pageLevels)
    info.isRandomAccess = true
    info.isLossy = first.isLossy
    info.iccProfile = TIFFDirectory.iccProfile(in: path)
    info.storedTile = tile
    let described = DescribedScale(first.description)
    if let microns = described.micronsPerPixel(tags: first.resolution) {
      info.micronsPerPixel = microns
    } else if let stated = first.statedResolution {
      info.micronsPerPixel = stated.microns
      if stated.microns == nil { info.printResolution = (stated.x, stated.y) }
    }
    info.objectivePower = described.objectivePower
    self.init(planes.map(TIFFPlane.init), info: info)
  }
}
