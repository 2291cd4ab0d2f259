import Foundation
import TestSupport
import TileIO

@testable import Training

/// A run of a few steps on small pictures that are made on the spot.
struct SmallRun {
  let folder: TemporaryDirectory
  let data: String

  init(_ kind: Dataset.Kind, count: Int = 5, side: Int = 40, heldOut: Int = 2) throws {
    folder = try TemporaryDirectory()
    data = folder.path("data")
    for (phase, count) in [("train", count), ("test", heldOut)] where count > 0 {
      for index in 0..<count {
        switch kind {
        case .paired:
          try Self.write("\(data)/\(phase)/\(index).ppm", width: 2 * side, height: side, index)
        case .unpaired:
          try Self.write("\(data)/\(phase)A/\(index).ppm", width: side, height: side, index)
          try Self.write("\(data)/\(phase)B/\(index).ppm", width: side, height: side, index + 50)
        case .labels:
          try Self.write("\(data)/\(phase)_img/\(index).ppm", width: side, height: side, index)
          try Self.writeLabels("\(data)/\(phase)_label/\(index).pgm", side: side, index)
        }
      }
    }
  }

  /// Settings of a method at the smallest widths.
  func settings(_ method: MethodName, steps: Int) -> TrainingSettings {
    var settings = TrainingSettings(method, data: data, threads: 1)
    settings.maxSteps = steps
    settings.options.ngf = 4
    settings.options.ndf = 4
    settings.reading.loadSize = 36
    settings.reading.cropSize = 32
    switch method {
    case .cyclegan: settings.options.generator = .resnet(blocks: 1)
    case .cut, .fastcut:
      settings.options.generator = .resnet(blocks: 1)
      settings.options.nceLayers = [0, 4, 8]
    case .spade: (settings.options.discriminatorLayers, settings.batchSize) = (2, 2)
    case .pix2pixhd: (settings.options.downs, settings.options.blocks) = (2, 1)
    case .pix2pix: break
    }
    return settings
  }

  static func write(_ path: String, width: Int, height: Int, _ index: Int) throws {
    var bytes = Array("P6\n\(width) \(height)\n255\n".utf8)
    for y in 0..<height {
      for x in 0..<width {
        for channel in 0..<3 {
          let wave =
            sin(Double(x * (index % 5 + 1) + 7 * channel) / 9) + cos(Double(y + 3 * index) / 7)
          bytes.append(UInt8(127.5 + 60 * wave))
        }
      }
    }
    try save(bytes, path)
  }

  static func writeLabels(_ path: String, side: Int, _ index: Int) throws {
    var bytes = Array("P5\n\(side) \(side)\n255\n".utf8)
    for y in 0..<side { for x in 0..<side { bytes.append(UInt8((x / 8 + y / 8 + index) % 5)) } }
    try save(bytes, path)
  }

  private static func save(_ bytes: [UInt8], _ path: String) throws {
    let url = URL(filePath: path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  /// What a run leaves that does not depend on how long it took.
  static func remains(_ run: String) throws -> [String: Data] {
    var found: [String: Data] = [:]
    let names = try FileManager.default.contentsOfDirectory(atPath: "\(run)/checkpoints")
    for name in names where name.hasPrefix("latest_net") || name.hasPrefix("best_net") {
      found[name] = try Data(contentsOf: URL(filePath: "\(run)/checkpoints/\(name)"))
    }
    let store = CheckpointStore("\(run)/checkpoints")
    if let last = store.entries.last {
      found["state"] = try Data(contentsOf: URL(filePath: last.path))
    }
    let table = try LossTable.read("\(run)/loss.csv")
    for column in table.columns where column != "seconds" && column != "dataWait" {
      found["loss \(column)"] = Data("\(table[column])".utf8)
    }
    if let text = try? Data(contentsOf: URL(filePath: "\(run)/validation.csv")) {
      found["validation"] = text
    }
    return found
  }
}
