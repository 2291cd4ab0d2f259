import ModelGraph

/// A network made ready for windows: any size, one picture in, one picture out.
struct PreparedGraph {
  private(set) var graph: Graph
  let analysis: SpatialAnalysis?
  let footprint: NetworkFootprint?
  let obstacle: ModelError?
  let fixedSize: [Int]?
  let channels: Int
  let outputChannels: Int

  private static let action = "opening the model"

  init(_ network: Graph) throws(ModelError) {
    if let name = network.firstNonFiniteConstant {
      throw ModelError(
        Self.action, "weight \(name) holds values that are no numbers; the training diverged")
    }
    var network = network
    let pictures = network.inputs.filter { $0.shape.count == 4 }
    guard pictures.count == 1 else {
      throw ModelError(
        Self.action, "it takes \(pictures.count) pictures, one is what can be translated")
    }
    guard pictures[0].elementType == .float32 else {
      throw ModelError(
        Self.action, "it takes \(pictures[0].elementType.rawValue), export it with f32 inputs")
    }
    // Whatever else it takes, such as a latent vector, is at the center of its distribution.
    for input in network.inputs where input.shape.count != 4 {
      let shape = input.shape.map { $0 ?? 1 }
      // As floating point, so that no sizes overflow.
      let count = shape.reduce(1.0) { $0 * Double($1) }
      guard input.elementType == .float32, (1...0x1p20).contains(count) else {
        throw ModelError(Self.action, "its input \(input.name) is neither picture nor vector")
      }
      network.constants[input.name] = Constant(
        [Float](repeating: 0, count: Int(count)), shape: shape)
    }
    network.inputs = pictures
    network.outputs = Array(network.outputs.prefix(1))
    network.removeUnused()
    guard let channels = pictures[0].shape[1], channels > 0 else {
      throw ModelError(Self.action, "it does not say how many channels it takes")
    }
    self.channels = channels
    let (shapes, general) = try Self.general(network, channels)
    fixedSize = nil
    let output = general.outputs[0]
    guard let size = shapes.shapes[output], size.count == 4, size[0] == 1 else {
      throw ModelError(Self.action, "its output is no picture (NCHW)")
    }
    outputChannels = size[1]
    graph = general
    do {
      let found = try SpatialAnalysis(general, shapes: shapes)
      footprint = try NetworkFootprint(general, analysis: found)
      analysis = found
      obstacle = nil
    } catch {
      guard !error.isFinal else { throw error }
      analysis = nil
      footprint = nil
      obstacle = error
    }
  }

  /// The network for any size, and the sizes of its values at one that works.
  private static func general(
    _ network: Graph, _ channels: Int
  ) throws(ModelError) -> (ShapeInference, Graph) {
    let input = network.inputs[0]
    let sizes = [512, 1024, 256, 128, 64, 2048]
    var failure: ModelError?
    for size in sizes {
      let shape = [1, channels, input.shape[2] ?? size, input.shape[3] ?? size]
      do {
        let general = try network.generalized(inputShapes: [input.name: shape])
        let shapes = try ShapeInference(general, inputShapes: [input.name: shape])
        return (shapes, general)
      } catch {
        guard !error.isFinal else { throw error }
        failure = failure ?? error
      }
      if input.shape[2] != nil, input.shape[3] != nil { break }
    }
    throw failure ?? ModelError(action, "no size of picture works")
  }
}
