/// What a pixel of a network's output depends on, worked out from its graph.
///
/// Norms count as frozen: they are listed among `statistics` and do not widen the halo.
public struct NetworkFootprint: Sendable, Hashable {
  /// Pixels of the image needed before the pixel, in rows and in columns, for the worst phase.
  public let haloBefore: [Int]
  /// Pixels of the image needed after the pixel, in rows and in columns.
  public let haloAfter: [Int]
  /// Windows begin at multiples of this many px, and have such a size: the total stride.
  public let alignment: Int
  /// Pixels of output a pixel of the image.
  public let scale: Ratio
  /// Operations that look at the whole picture.
  public let statistics: [Statistic]

  private static let maximumAlignment = 4096

  /// The largest of the halos.
  public var halo: Int { (haloBefore + haloAfter).max() ?? 0 }

  /// Width and height in px of what an output pixel depends on.
  public var receptiveField: Int {
    max(haloBefore[0] + haloAfter[0], haloBefore[1] + haloAfter[1]) + 1
  }

  /// Works the footprint out; the graph has one output picture.
  ///
  /// Throws where an operation does not treat every place of the image alike, and names it.
  public init(_ graph: Graph, analysis: SpatialAnalysis) throws(ModelError) {
    guard let output = graph.outputs.first, let value = analysis.values[output] else {
      throw ModelError(SpatialAnalysis.action, "the output is no picture")
    }
    // The phases of all pictures in the graph come round together after so many px.
    var alignment = 1
    for value in analysis.values.values {
      alignment = Ratio.leastCommonMultiple(alignment, value.scale.denominator)
      guard alignment <= Self.maximumAlignment else {
        throw ModelError(
          SpatialAnalysis.action,
          "its total stride is \(alignment) px, \(Self.maximumAlignment) is the most")
      }
    }
    let phases = alignment * value.scale.numerator / value.scale.denominator
    guard phases * max(graph.nodes.count, 1) <= 1 << 28 else {
      throw ModelError(
        SpatialAnalysis.action, "it enlarges pictures \(value.scale) times, which is too much")
    }
    var before = [0, 0]
    var after = [0, 0]
    for direction in 0..<2 {
      let reach = try Reach(graph, analysis: analysis, direction: direction)
      for phase in 0..<phases {
        let needed = try reach.imageRange(of: phase)
        let pixel = phase * value.scale.denominator / value.scale.numerator
        before[direction] = max(before[direction], pixel - needed.lowerBound)
        after[direction] = max(after[direction], needed.upperBound - pixel)
      }
    }
    haloBefore = before
    haloAfter = after
    self.alignment = alignment
    scale = value.scale
    statistics = analysis.statistics
  }
}
