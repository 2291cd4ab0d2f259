import Base
import Foundation
import Inference
import TesseraPlugin
import TileIO
import Translation

/// Translations with a network within this process, where the windows can be counted.
struct NetworkPass {
  let generator: Generator
  let engine: InferenceEngine
  let pool: WorkerPool

  /// What a pass over an image took.
  struct Result {
    var effort: Effort
    var windows: Int
    /// Width and height of a window.
    var windowSize: [Int]
  }

  /// Measures the statistics of the image and keeps them in `file`.
  func calibrate(_ image: String, to file: String) throws -> Effort {
    let (_, settings) = try prepare(calibration: nil)
    let source = try ImageFile.open(image)
    var sidecar: [UInt8]?
    let effort = try Effort {
      sidecar = try TranslationEngine(pool: pool).calibrate(source, settings).sidecar
    }
    guard let sidecar else { throw RunFailure(description: "\(image) has no statistics") }
    try Data(sidecar).write(to: URL(filePath: file))
    return effort
  }

  /// Translates the image with statistics that are known.
  func run(
    _ image: String, calibration: String, output: String, keepBackground: Bool = false
  ) throws -> Result {
    let (pair, prepared) = try prepare(calibration: calibration)
    var settings = prepared
    settings.keepBackground = keepBackground
    let source = try ImageFile.open(image)
    let effort = try Effort {
      _ = try TranslationEngine(pool: pool).translate(source, settings) { info in
        try ImageOutput.open(
          path: output, info: info, options: OutputOptions(compression: .jpeg), pool: pool)
      }
    }
    let count = pair.windowCount
    return Result(
      effort: effort, windows: count.run, windowSize: count.size)
  }

  /// The bare network on `count` windows of `size`, one on each thread.
  func bare(_ count: Int, size: [Int], calibration: String) throws -> Effort {
    let known = try NetworkCalibration(
      contentsOf: calibration, model: generator.package.manifest.model.sha256)
    let model = try engine.compile(
      onnx: try generator.frozen(known.pooled).onnx(),
      options: InferenceOptions(
        threads: pool.count, streams: pool.count, inputShapes: [[1, 3, size[1], size[0]]]))
    let picture = RandomParameters.noise(3 * size[0] * size[1], seed: "picture")
    // Fills the input of every request that will be used.
    try pool.run(pool.count, throwing: TesseraError.self) { _ throws(TesseraError) in
      _ = try model.run([picture])
    }
    return try Effort {
      try pool.run(count, throwing: TesseraError.self) { _ throws(TesseraError) in
        try model.run(write: { _, _ in }, read: { _, _ in })
      }
    }
  }

  private func prepare(calibration: String?) throws -> (NetworkPair, TranslationSettings) {
    var settings = NetworkSettings(threads: pool.count)
    settings.calibration = try calibration.map {
      try NetworkCalibration(contentsOf: $0, model: generator.package.manifest.model.sha256)
    }
    let pair = try NetworkPair(generator.package, settings: settings, engine: engine, pool: pool)
    let options = try PairOptions([:], declared: pair.description.options)
    return (pair, TranslationSettings(pair, options: options))
  }
}
