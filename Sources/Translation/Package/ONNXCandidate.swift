import Base
import Foundation
import Inference
import ModelGraph
import TesseraPlugin

/// Finds out what an ONNX file's numbers mean, as far as its graph tells.
struct ONNXCandidate {
  let candidate: ModelImport.Candidate

  private static let action = "opening the model"

  init(_ path: String, _ options: ModelImport.Options, engine: InferenceEngine) throws {
    let url = URL(filePath: path)
    guard let data = try? Data(contentsOf: url, options: .mappedIfSafe) else {
      throw TesseraError(path, Self.action, "there is no such file, or it cannot be read")
    }
    var notes: [String] = []
    var graph = try Graph(onnx: data, directory: url.deletingLastPathComponent())
    try Self.choose(options.outputName, of: &graph, &notes)
    guard !Self.endsInClasses(graph) else {
      throw TesseraError(
        path, Self.action,
        "it ends in numbers of classes (ArgMax), which cannot be scaled or averaged as pictures are;"
          + " export it without that, so that it gives a score a class, and set the output's colour"
          + " to labels in the package's pair.json")
    }
    let prepared = try PreparedGraph(graph)
    let ranges = try Self.ranges(prepared, options, engine, &notes)
    let color = options.color ?? ModelImport.color(prepared.channels)
    if let reason = Self.refusal(of: options, color) {
      throw TesseraError(path, Self.action, reason)
    }
    if options.color == nil, prepared.channels == 3 {
      notes.append("channels are taken for red, green, blue; say --colour bgr if they are not")
    }
    let fixed = graph.inputs.first { $0.shape.count == 4 }.map { input in
      [input.shape[2], input.shape[3]].compactMap(\.self)
    }
    var input = PictureFormat(channels: prepared.channels, color: color, range: ranges.input)
    if options.recognition.hasEdgeChannel == true { input.classes = prepared.channels - 1 }
    candidate = ModelImport.Candidate(
      graph: prepared.graph, input: input,
      output: PictureFormat(
        channels: prepared.outputChannels,
        color: prepared.outputChannels == prepared.channels && color != .labels
          ? color : ModelImport.color(prepared.outputChannels), range: ranges.output),
      configuration: "ONNX network \(graph.name), \(graph.nodes.count) operations,"
        + " \(graph.parameterCount) parameters",
      title: graph.name.isEmpty ? "ONNX network" : graph.name,
      trainedSize: prepared.footprint == nil ? fixed?.max() : nil, notes: notes)
  }

  /// Leaves one output, and says where others go.
  private static func choose(
    _ name: String?, of graph: inout Graph, _ notes: inout [String]
  ) throws(ModelError) {
    let all = graph.outputs.map { "'\($0.inOneLine)'" }
    if let name {
      guard graph.outputs.contains(name) else {
        throw ModelError(
          action,
          "--output-name: it has no output '\(name.inOneLine)'; there is \(all.joined(separator: ", "))"
        )
      }
      graph.outputs = [name]
    } else if let first = graph.outputs.first, all.count > 1 {
      graph.outputs = [first]
      notes.append(
        "it has \(all.count) outputs, \(all.joined(separator: ", ")); \(all[0]) is taken"
          + " (--output-name chooses)")
    }
    guard all.count > 1 else { return }
    graph.removeUnused()
  }

  /// Why options are not for a network that says all about its layers, if they are not.
  private static func refusal(
    of options: ModelImport.Options, _ color: PictureFormat.Color
  ) -> String? {
    let known = options.recognition
    let given = [
      known.architecture != nil ? "--architecture" : nil, known.network != nil ? "--network" : nil,
      options.entry != nil ? "--entry" : nil, known.upsampling != nil ? "--upsampling" : nil,
      known.aspect != nil ? "--aspect" : nil, known.lastLayer != nil ? "--last-layer" : nil,
    ].compactMap(\.self).first
    if let given { return "\(given) is for checkpoints, and this is ONNX: leave it out" }
    if known.hasEdgeChannel != nil, color != .labels {
      return "--edge-channel is for label maps: leave it out, or say --colour labels"
    }
    return nil
  }

  private static func ranges(
    _ prepared: PreparedGraph, _ options: ModelImport.Options, _ engine: InferenceEngine,
    _ notes: inout [String]
  ) throws -> (input: ClosedRange<Float>, output: ClosedRange<Float>) {
    if let input = options.ranges.input {
      return (input, options.ranges.output ?? input)
    }
    let found: ClosedRange<Float>
    if let range = lastRange(prepared.graph) {
      found = range
      notes.append("values from \(text(range)) are taken, as its last operation makes them")
    } else {
      found = try tried(prepared, engine)
      notes.append(
        "values from \(text(found)) are taken, because it gives back such a picture of one;"
          + " say --input-range if that is wrong")
    }
    return (found, options.ranges.output ?? found)
  }

  private static func text(_ range: ClosedRange<Float>) -> String {
    "\(Int(saturating: range.lowerBound)) to \(Int(saturating: range.upperBound))"
  }

  /// Whether what comes out is the place of the largest of several numbers.
  private static func endsInClasses(_ graph: Graph) -> Bool {
    let producers = graph.producers
    var name = graph.outputs.first
    while let node = name.flatMap({ producers[$0] }).map({ graph.nodes[$0] }) {
      switch node.op {
      case "ArgMax", "ArgMin": return true
      case "Identity", "Cast", "Unsqueeze", "Squeeze", "Reshape", "Flatten":
        name = node.inputs.first
      default: return false
      }
    }
    return false
  }

  /// The range that the last operation confines the output to.
  private static func lastRange(_ graph: Graph) -> ClosedRange<Float>? {
    let producers = graph.producers
    var name = graph.outputs[0]
    for _ in 0..<8 {
      guard let node = producers[name].map({ graph.nodes[$0] }) else { return nil }
      switch node.op {
      case "Identity", "Slice", "DepthToSpace", "Cast": name = node.inputs[0]
      case "Tanh": return -1...1
      case "Sigmoid": return 0...1
      case "Clip":
        guard let maximum = node.input(2).flatMap({ graph.constants[$0]?.floats.first }) else {
          return nil
        }
        let minimum = node.input(1).flatMap { graph.constants[$0]?.floats.first } ?? 0
        return [0...1, -1...1, 0...255].first {
          $0.lowerBound == minimum && $0.upperBound == maximum
        }
      default: return nil
      }
    }
    return nil
  }

  /// The range in which the network answers a picture of that range with one like it.
  private static func tried(
    _ prepared: PreparedGraph, _ engine: InferenceEngine
  ) throws -> ClosedRange<Float> {
    let side = prepared.footprint.map { (96 / $0.alignment + 1) * $0.alignment } ?? 256
    var best: (score: Float, range: ClosedRange<Float>) = (-1, 0...1)
    for range: ClosedRange<Float> in [0...1, -1...1, 0...255] {
      let format = PictureFormat(channels: prepared.channels, color: .other, range: range)
      let sample = try GoldenSample(prepared.graph, format: format, side: side, engine: engine)
      let sorted = sample.output.sorted()
      let (low, high) = (sorted[sorted.count / 50], sorted[sorted.count - 1 - sorted.count / 50])
      let overlap = min(high, range.upperBound) - max(low, range.lowerBound)
      let extent = max(high, range.upperBound) - min(low, range.lowerBound)
      let score = overlap / max(extent, 1e-6)
      // A range that is only slightly better than an earlier one is no evidence.
      if score > best.score + 0.1 { best = (score, range) }
    }
    return best.range
  }
}
