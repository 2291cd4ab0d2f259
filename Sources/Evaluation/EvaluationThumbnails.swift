import Base
import Foundation
import TesseraPlugin
import TileIO

/// Small pictures of images and of how they differ, as text that stands in a page.
struct EvaluationThumbnails {
  let limits: ImageFile.Limits
  let pool: WorkerPool

  /// The longer side.
  static let side = 256
  /// What differences are multiplied by, so that they can be seen.
  static let gain: Float = 4

  /// Levels from 0 to 255, R G B.
  struct Picture {
    var width: Int
    var height: Int
    var levels: [Float]
    /// The levels that black and white stand for.
    var range: ClosedRange<Float>
  }

  /// Reads a small picture, nil where that fails; floats other than 0...1 are stretched.
  func picture(_ path: String, range: ClosedRange<Float>? = nil) -> Picture? {
    #if Volumes
      if EvaluatedVolumes.isVolume(path) { return Self.middleSlice(path, range: range) }
    #endif
    guard let source = try? ImageFile.open(path, limits: limits) else { return nil }
    let info = source.info
    let reduction = max(1, (max(info.width, info.height) + Self.side - 1) / Self.side)
    guard let tile = try? source.overview(reduction: reduction) else { return nil }
    let colors = info.channels - (info.hasAlpha ? 1 : 0)
    var levels: [Float] = []
    levels.reserveCapacity(tile.region.area * 3)
    func add<S: Sample>(_: S.Type) {
      for row in tile.region.rows {
        tile.withRow(row, columns: tile.region.columns, as: S.self) { samples in
          for x in 0..<tile.region.width {
            for channel in 0..<3 {
              levels.append(
                samples[x * tile.channels + (colors >= 3 ? channel : 0)].intensity)
            }
          }
        }
      }
    }
    switch tile.format {
    case .uint8: add(UInt8.self)
    case .uint16: add(UInt16.self)
    case .float32: add(Float.self)
    }
    let shown = range ?? Self.range(levels)
    let scale = 255 / (shown.upperBound - shown.lowerBound)
    levels = levels.map { $0.isFinite ? ($0 - shown.lowerBound) * scale : 0 }
    return Picture(
      width: tile.region.width, height: tile.region.height, levels: levels, range: shown)
  }

  private static func range(_ levels: [Float]) -> ClosedRange<Float> {
    let known = levels.filter(\.isFinite)
    let (low, high) = (known.min() ?? 0, known.max() ?? 1)
    return low >= -0.01 && high <= 1.01 || low >= high ? 0...1 : low...high
  }

  /// How far two pictures of one size are apart, each channel by itself, multiplied by the gain.
  static func difference(_ first: Picture, _ second: Picture) -> Picture? {
    guard first.width == second.width, first.height == second.height else { return nil }
    var difference = first
    difference.levels = zip(first.levels, second.levels).map { abs($0 - $1) * gain }
    return difference
  }

  /// A `data:` address.
  func address(_ picture: Picture) -> String? {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "tessera-thumbnail-\(UUID().uuidString)")
    guard
      (try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true))
        != nil
    else { return nil }
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "picture.jpg").path
    let info = ImageInfo(
      format: "thumbnail", width: picture.width, height: picture.height, channels: 3, color: .rgb,
      sampleFormat: .uint8)
    var tile = Tile(region: info.region, channels: 3, format: .uint8)
    for row in 0..<picture.height {
      tile.withMutableRow(row, columns: tile.region.columns, as: UInt8.self) { output in
        for index in 0..<output.count {
          let level = picture.levels[row * picture.width * 3 + index]
          output[index] = UInt8(saturating: level)
        }
      }
    }
    do {
      let sink = try ImageOutput.open(
        path: path, info: info, options: OutputOptions(quality: 88), pool: pool)
      try sink.write(tile)
      try sink.finish()
    } catch {
      return nil
    }
    return (try? Data(contentsOf: URL(filePath: path))).map {
      "data:image/jpeg;base64,\($0.base64EncodedString())"
    }
  }
}
