import Base
import TesseraPlugin
import TileIO

/// A whole image in memory, as planes from 0 to 255: what networks look at.
struct WholeImage: Sendable {
  let width: Int
  let height: Int
  /// R, G, B or gray.
  let planes: [[Float]]

  /// Reads an image; one of more than `maximumPixels` px is reduced by whole factors first.
  init(_ source: any ImageSource, maximumPixels: Int) throws {
    let info = source.info
    let channels = info.channels - (info.hasAlpha ? 1 : 0)
    guard channels == 1 || channels == 3 else {
      throw TesseraError(
        "a network looks at grey or RGB images, this one has \(channels) channels; leave out "
          + "--backbone")
    }
    let scale = 255 / info.sampleFormat.white
    let splitter = PlaneSplitter(info, scale: scale, wantsLuminance: false)
    var reduction = 1
    while info.width / reduction * (info.height / reduction) > maximumPixels { reduction += 1 }
    guard reduction == 1 else {
      let overview = try source.overview(reduction: reduction)
      (width, height) = (overview.region.width, overview.region.height)
      planes = splitter.planes(overview, rows: overview.region.rows)
      return
    }
    (width, height) = (info.width, info.height)
    var planes = [[Float]](repeating: [], count: channels)
    let strips = StripReader(info)
    for rows in strips.rows {
      let strip = splitter.planes(try strips.read(rows, of: source), rows: rows)
      for channel in 0..<channels { planes[channel] += strip[channel] }
    }
    self.planes = planes
  }
}
