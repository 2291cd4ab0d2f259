import Base
import TesseraPlugin

extension PlanesSource {
  /// Opens a TIFF whose channels are pages of their own, as bfconvert and ImageJ write them; nil for any
  /// other.
  ///
  /// `page` counts images of all channels: slices first, then points in time.
  convenience init?(channelsOf path: String, loader: String, page: Int) throws(TesseraError) {
    guard loader.hasPrefix("VipsForeignLoadTiff") else { return nil }
    let start = VipsLevel(path: path, loader: loader, kind: .first(page: 0))
    let any = ImageInfo.Level(width: 0, height: 0)
    guard let first = TIFFDirectory.find(start, size: any), first.samplesPerPixel == 1,
      let channels = PageChannels(first.description), let pages = channels.pages(of: page)
    else { return nil }
    let scale = try VipsSource(path, loader: loader, page: 0).info
    var planes: [VipsSource] = []
    for (channel, page) in pages.enumerated() {
      let plane = try VipsSource(path, loader: loader, page: page)
      guard plane.info.channels == 1,
        (plane.info.width, plane.info.height) == (scale.width, scale.height),
        plane.info.sampleFormat == scale.sampleFormat
      else {
        throw TesseraError(
          path, "opening",
          "page \(page) is to be channel \(channel + 1), and has another size or kind of samples "
            + "than the first; the file is damaged")
      }
      planes.append(plane)
    }
    guard let one = planes.first else { return nil }
    var info = one.info
    info.channels = planes.count
    info.color = channels.isRGB ? .rgb : .other
    info.channelNames = channels.names
    info.pages = channels.axes.z * channels.axes.t
    info.pageAxes = channels.axes
    info.micronsPerPixel = scale.micronsPerPixel
    info.printResolution = scale.printResolution
    info.objectivePower = scale.objectivePower
    info.iccProfile = scale.iccProfile
    info.isRandomAccess = planes.allSatisfy(\.info.isRandomAccess)
    self.init(planes, info: info)
  }
}
