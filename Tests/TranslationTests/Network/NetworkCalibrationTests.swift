import Base
import Foundation
import Networks
import TesseraPlugin
import TestSupport
import Testing
import TileIO

@testable import Translation

@Suite(.enabled(if: TestNetworks.engine != nil, "OpenVINO is missing: run make setup"))
struct NetworkCalibrationTests {
  /// A calibration with one tensor replaced.
  private func damaged(
    _ file: SafetensorsFile, _ name: String, _ change: (inout [Float], inout [Int]) -> Void
  ) throws -> SafetensorsFile {
    var file = file
    // As of a version that kept no digest, so that each number is looked at.
    file.metadata["sha256"] = nil
    let tensor = try #require(file.tensors[name])
    var (values, shape) = (tensor.floats(), tensor.shape)
    change(&values, &shape)
    file.tensors[name] =
      tensor.element == .f32
      ? CheckpointTensor(shape: shape, floats: values)
      : CheckpointTensor(
        shape: shape, element: .f64,
        bytes: values.map(Double.init).withUnsafeBytes { Data($0) })
    return file
  }

  @Test func `a damaged calibration is refused, whichever number it is`() throws {
    let folder = try TemporaryDirectory()
    let path = folder.url.appending(path: "c.safetensors").path
    let pair = try TestNetworks.pair(TestNetworks.resnet())
    let sink = MemorySink()
    let result = try TranslationEngine(pool: .init(count: 2)).translate(
      TestNetworks.picture(width: 200, height: 160), try TestNetworks.settings(pair)
    ) { _ in sink }
    let good = try SafetensorsFile(data: Data(try #require(result.sidecar)), name: path)
    try good.write(to: path)
    #expect(throws: Never.self) { try NetworkCalibration(contentsOf: path, of: pair.package) }
    let stem = try #require(good.tensors.names.first { $0.hasSuffix("/mean") }).dropLast(5)
    var cases: [SafetensorsFile] = []
    for value in [Float.nan, .infinity, -.infinity, 1e30, -1, 0.5] {
      cases.append(try damaged(good, "cells") { numbers, _ in numbers[0] = value })
    }
    for name in ["mean", "squares", "count"] {
      cases.append(try damaged(good, "\(stem)/\(name)") { numbers, _ in numbers[0] = .nan })
      cases.append(try damaged(good, "\(stem)/\(name)") { numbers, _ in numbers[0] = .infinity })
    }
    cases.append(try damaged(good, "\(stem)/maximum") { numbers, _ in numbers[0] = .nan })
    cases.append(try damaged(good, "\(stem)/squares") { numbers, _ in numbers[0] = -1 })
    cases.append(try damaged(good, "\(stem)/count") { numbers, _ in numbers[0] = 0 })
    cases.append(try damaged(good, "\(stem)/count") { numbers, _ in numbers[0] = 1e30 })
    // One channel too few, no cell, and nothing at all.
    var short = good
    for name in ["mean", "squares", "maximum"] {
      short = try damaged(short, "\(stem)/\(name)") { numbers, shape in
        numbers.removeLast()
        shape[1] -= 1
      }
    }
    cases.append(short)
    cases.append(
      try damaged(good, "cells") { numbers, shape in (numbers, shape) = ([], [0, 2]) })
    cases.append(try damaged(good, "cells") { _, shape in shape = [2] })
    // Bytes that are of another type.
    for (name, element) in [("mean", CheckpointElement.i64), ("count", .u64), ("maximum", .i32)] {
      let tensor = try #require(good.tensors["\(stem)/\(name)"])
      var other = good
      other.metadata["sha256"] = nil
      other.tensors["\(stem)/\(name)"] = CheckpointTensor(
        shape: tensor.shape, element: element, bytes: tensor.bytes)
      cases.append(other)
    }
    // One bit of a number that still is one.
    var bytes = try good.encoded()
    bytes[bytes.count - 2] ^= 1
    cases.append(try SafetensorsFile(data: bytes, name: path))
    var less = good
    for name in ["mean", "squares", "maximum", "count"] { less.tensors["\(stem)/\(name)"] = nil }
    cases.append(less)
    for (index, file) in cases.enumerated() {
      try file.write(to: path)
      let error = #expect(throws: TesseraError.self, "case \(index)") {
        try NetworkCalibration(contentsOf: path, of: pair.package)
      }
      #expect(error?.description.contains("measure it anew") == true, "case \(index)")
    }
  }

  @Test(arguments: [Float.nan, Float.infinity])
  func `a picture with a value that is no number is refused instead of painted black`(value: Float)
    throws
  {
    let source = FloatSource(width: 96, height: 96, place: (40, 50), value: value)
    // One with norms, and one that measures nothing.
    for graph in [TestNetworks.resnet(), TestNetworks.identity()] {
      let pair = try TestNetworks.pair(graph)
      let error = #expect(throws: (any Error).self) {
        try TestNetworks.translate(source, try TestNetworks.settings(pair))
      }
      #expect("\(String(describing: error))".contains("are no numbers"))
    }
  }
}

/// A float picture of soft waves with one value of its own.
private final class FloatSource: ImageSource {
  let info: ImageInfo
  private let place: (x: Int, y: Int)
  private let value: Float

  init(width: Int, height: Int, place: (Int, Int), value: Float) {
    var info = ImageInfo(
      format: "memory", width: width, height: height, channels: 3, color: .rgb,
      sampleFormat: .float32)
    info.isRandomAccess = true
    self.info = info
    self.place = place
    self.value = value
  }

  func read(into tile: inout Tile) throws(TesseraError) {
    let columns = tile.region.columns
    for row in tile.region.rows {
      tile.withMutableRow(row, columns: columns, as: Float.self) { samples in
        for (index, column) in columns.enumerated() {
          for channel in 0..<3 {
            let wave = Float((7 * column + 3 * row + 20 * channel) % 64) / 80 + 0.1
            samples[3 * index + channel] =
              (column, row) == place && channel == 1 ? value : wave
          }
        }
      }
    }
  }
}
