public import Foundation
public import Inference
import ModelGraph
import Networks

/// A small input of a network and its output: shows that the network still computes what it did.
public struct GoldenSample: Sendable {
  /// Sizes of the input, NCHW.
  public let inputShape: [Int]
  /// The input.
  public let input: [Float]
  /// Sizes of the output.
  public let outputShape: [Int]
  /// The output.
  public let output: [Float]

  /// Runs `graph` as it is on a fixed pattern within `format`.
  public init(
    _ graph: Graph, format: PictureFormat, side: Int, engine: InferenceEngine
  ) throws {
    inputShape = [1, format.channels, side, side]
    input = Self.pattern(format, side)
    (outputShape, output) = try Self.run(graph, inputShape, input, engine)
    guard output.allSatisfy(\.isFinite) else {
      throw ModelError(
        "trying the model", "it makes values that are no numbers of a plain test picture")
    }
  }

  /// Reads a sample that was kept.
  public init(_ url: URL) throws {
    let file = try SafetensorsFile.read(url.path)
    guard let input = file.tensors["input"], let output = file.tensors["output"],
      input.shape.count == 4, output.shape.count == 4, input.shape[0] == 1
    else { throw ModelError("reading the golden sample", "it holds no input and output") }
    (inputShape, self.input) = (input.shape, input.floats())
    (outputShape, self.output) = (output.shape, output.floats())
  }

  /// Keeps the sample.
  public func write(to url: URL) throws {
    let tensors = CheckpointTensors([
      (name: "input", tensor: CheckpointTensor(shape: inputShape, floats: input)),
      (name: "output", tensor: CheckpointTensor(shape: outputShape, floats: output)),
    ])
    try SafetensorsFile(tensors: tensors).write(to: url.path)
  }

  /// The largest difference to what `graph` makes of the input now, relative to the range of the
  /// output.
  func deviation(_ graph: Graph, engine: InferenceEngine) throws -> Float {
    let (shape, values) = try Self.run(graph, inputShape, input, engine)
    guard shape == outputShape else { return .infinity }
    let reach = max(output.reduce(0) { max($0, abs($1)) }, 1e-6)
    return zip(values, output).reduce(0) {
      ($1.0 - $1.1).isFinite ? max($0, abs($1.0 - $1.1) / reach) : .infinity
    }
  }

  private static func run(
    _ graph: Graph, _ shape: [Int], _ input: [Float], _ engine: InferenceEngine
  ) throws -> ([Int], [Float]) {
    let model = try engine.compile(
      onnx: try graph.onnx(), options: .deterministic(inputShapes: [shape]))
    return (model.outputs[0].shape, try model.run([input])[0])
  }

  /// Soft waves that differ by channel, or classes in blobs, the same on every machine.
  private static func pattern(_ format: PictureFormat, _ side: Int) -> [Float] {
    let (low, high) = (format.range[0], format.range[1])
    let plane = side * side
    var values = [Float](repeating: 0, count: format.channels * plane)
    for row in 0..<side {
      for column in 0..<side {
        let place = row * side + column
        if format.color == .labels {
          let label = (row / 16 + 3 * (column / 16)) % (format.classes ?? format.channels)
          values[label * plane + place] = 1
        } else {
          for channel in 0..<format.channels {
            // A triangle wave needs no library function.
            let phase = (row * (3 + channel) + column * (5 + 2 * channel) + 17 * channel) % 64
            let wave = Float(phase < 32 ? phase : 63 - phase) / 31
            values[channel * plane + place] = low + (high - low) * wave
          }
        }
      }
    }
    return values
  }
}

extension ModelPackage {
  /// Refuses the network where it does not give the golden output.
  func checkGolden(_ url: URL, engine: InferenceEngine) throws {
    let sample = try GoldenSample(url)
    guard sample.inputShape[1] == manifest.input.channels else {
      throw ModelError(
        "trying the model",
        "the golden input has \(sample.inputShape[1]) channels, the network"
          + " takes \(manifest.input.channels)")
    }
    let deviation = try sample.deviation(graph, engine: engine)
    guard deviation <= 2e-3 else {
      throw ModelError(
        "trying the model",
        "it does not give its golden output (largest difference \(deviation) of the range): the"
          + " package is damaged or its files do not belong together; import it again")
    }
  }
}
