import Base
import Foundation
import TesseraPlugin
import TestSupport
import TileIO

@testable import Training

/// A folder of training data, made for one test.
final class ExampleFolder: Sendable {
  let directory: TemporaryDirectory
  var root: String { directory.url.path }

  init() throws { directory = try TemporaryDirectory() }

  func path(_ name: String) throws -> String {
    let path = directory.path(name)
    let folder = (path as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return path
  }

  /// Writes an image in the format of the name's ending.
  @discardableResult
  func write<S: Sample>(
    _ name: String, _ width: Int, _ height: Int, _ channels: Int = 3, of: S.Type,
    _ value: (_ x: Int, _ y: Int, _ channel: Int) -> S
  ) throws -> String {
    let path = try path(name)
    let info = ImageInfo(
      format: "memory", width: width, height: height, channels: channels,
      color: channels == 3 ? .rgb : channels == 1 ? .gray : .other, sampleFormat: S.sampleFormat)
    var options = OutputOptions()
    options.quality = 92
    let sink = try ImageOutput.open(
      path: path, info: info, options: options, pool: WorkerPool(count: 1))
    for top in stride(from: 0, to: height, by: 256) {
      var strip = Tile(
        region: PixelRegion(x: 0, y: top, width: width, height: min(256, height - top)),
        channels: channels, format: S.sampleFormat)
      for row in strip.region.rows {
        strip.withMutableRow(row, columns: 0..<width, as: S.self) { samples in
          for x in 0..<width {
            for channel in 0..<channels {
              samples[x * channels + channel] = value(x, row, channel)
            }
          }
        }
      }
      try sink.write(strip)
    }
    try sink.finish()
    return path
  }

  /// Writes an image of 8 bits.
  @discardableResult
  func write(
    _ name: String, _ width: Int, _ height: Int, _ channels: Int = 3,
    _ value: (_ x: Int, _ y: Int, _ channel: Int) -> UInt8
  ) throws -> String { try write(name, width, height, channels, of: UInt8.self, value) }

  /// Writes colors without structure that depend on the name.
  func noise(_ names: [String], _ width: Int = 12, _ height: Int = 10) throws {
    for name in names {
      let shift = name.utf8.reduce(0) { ($0 * 31 + Int($1)) % 65521 }
      try write(name, width, height) { UInt8(MemorySource.noise($0 + shift, $1, $2)) }
    }
  }

  func text(_ name: String, _ content: String) throws {
    try content.write(toFile: path(name), atomically: false, encoding: .utf8)
  }

  /// Options for small pictures that stay as they are.
  static var plain: DataOptions {
    var options = DataOptions()
    (options.preprocess, options.flips) = (.none, false)
    (options.loadSize, options.cropSize) = (16, 8)
    options.holdOut = 0
    return options
  }

  func open(
    _ kind: Dataset.Kind, _ options: DataOptions = ExampleFolder.plain, multiple: Int = 1
  ) throws -> Dataset {
    try opened(kind, options, multiple: multiple).training
  }

  func opened(
    _ kind: Dataset.Kind, _ options: DataOptions = ExampleFolder.plain, multiple: Int = 1
  ) throws -> Dataset.Opened {
    try Dataset.open(
      root, kind: kind, options: options, multiple: multiple, seed: 1, pool: WorkerPool(count: 2))
  }

  /// What opening says.
  func complaint(
    _ kind: Dataset.Kind, _ options: DataOptions = ExampleFolder.plain, multiple: Int = 1
  ) -> String {
    do {
      _ = try open(kind, options, multiple: multiple)
      return ""
    } catch { return "\(error)" }
  }
}

extension TrainingExample {
  /// The source of data without label maps.
  var picture: Picture? { if case .picture(let picture) = source { picture } else { nil } }
  /// The classes of data with label maps.
  var map: LabelPicture? { if case .labels(let map, _) = source { map } else { nil } }
  /// Everything, to compare without listing it.
  var fingerprint: Int {
    var hasher = Hasher()
    hasher.combine(picture)
    hasher.combine(map)
    hasher.combine(target)
    return hasher.finalize()
  }
}
