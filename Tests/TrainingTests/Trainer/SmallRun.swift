import Foundation
import TestSupport
import Testing
import TileIO

@testable import Training

/// A run of a few steps on small pictures that are made on the spot.
struct SmallRun {
  let folder: TemporaryDirectory
  let data: String

  init(_ kind: Dataset.Kind, count: Int = 5, side: Int = 40, heldOut: Int = 2) throws {
    folder = try TemporaryDirectory()
    data = folder.path("data")
    for (phase, count) in [("train", count), ("val", heldOut)] where count > 0 {
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
  func settings(_ name: String, steps: Int) throws -> TrainingSettings {
    var settings = TrainingSettings(
      try #require(ChosenMethod(named: name)), data: data, threads: 1)
    settings.maxSteps = steps
    try settings.method.set("ngf", "4")
    try settings.method.set("ndf", "4")
    settings.reading.loadSize = 36
    settings.reading.cropSize = 32
    let options: [String: [String: String]] = [
      "cyclegan": ["generator": "resnet_1blocks"],
      "cut": ["generator": "resnet_1blocks", "nce-layers": "0,4,8"],
      "fastcut": ["generator": "resnet_1blocks", "nce-layers": "0,4,8"],
      "spade": ["discriminator-layers": "2"],
      "pix2pixhd": ["downs": "2", "blocks": "1"],
    ]
    for (option, value) in options[name] ?? [:] { try settings.method.set(option, value) }
    if name == "spade" { settings.batchSize = 2 }
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
