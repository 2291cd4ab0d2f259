import TesseraPlugin
import TileIO
import Volumes

/// A volume as a stack of pictures: the third axis goes from one to the next.
///
/// With neighbors, each picture has the slices before and after it as channels; beyond the ends
/// the last slice stands in.
struct SliceStack: Sendable {
  let volume: Volume
  let neighbors: Int
  /// Whether all slices are translated alike, and not each by itself.
  var isCommon = true

  var count: Int { volume.geometry.size.z }

  var region: PixelRegion {
    PixelRegion(x: 0, y: 0, width: volume.geometry.size.x, height: volume.geometry.size.y)
  }

  var info: ImageInfo {
    var info = ImageInfo(
      format: "slice", width: region.width, height: region.height, channels: 2 * neighbors + 1,
      color: neighbors == 0 ? .gray : .other, sampleFormat: .float32)
    info.isRandomAccess = true
    info.slices = isCommon ? count : nil
    return info
  }

  /// One slice as a picture.
  func source(_ index: Int) -> SliceSource { SliceSource(stack: self, index: index) }

  /// Copies the part of a slice and its neighbors that `tile` covers.
  func read(_ index: Int, into tile: inout Tile) {
    let (columns, width) = (tile.region.columns, region.width)
    let channels = 2 * neighbors + 1
    let planes = (index - neighbors...index + neighbors).map {
      min(max($0, 0), count - 1) * region.area
    }
    volume.samples.withUnsafeBufferPointer { samples in
      for row in tile.region.rows {
        tile.withMutableRow(row, columns: columns, as: Float.self) { target in
          for (channel, plane) in planes.enumerated() {
            let start = plane + row * width + columns.lowerBound
            for column in 0..<columns.count {
              target[column * channels + channel] = samples[start + column]
            }
          }
        }
      }
    }
  }

  /// `maximum` slices, evenly spaced, for a network to measure its statistics on.
  func samples(maximum: Int) -> [PixelSample] {
    let wanted = min(maximum, count)
    return (0..<wanted).map { number in
      var tile = Tile(region: region, channels: 2 * neighbors + 1, format: .float32)
      read((2 * number + 1) * count / (2 * wanted), into: &tile)
      return PixelSample(tile)
    }
  }
}
