import TesseraPlugin

extension Graph {
  /// The least side of windows, in px of the image, in which runtimes compute every convolution as
  /// they do for a larger picture.
  ///
  /// On processors with AMX, oneDNN adds up in another order where a row of the result is short: a
  /// convolution without padding at its ends takes its channels 32 at a time above 50 px and all at
  /// once up to there, and one of few channels turns rows of its kernel into channels above 48 px.
  public func minimumWindow(_ analysis: SpatialAnalysis) -> Int {
    guard let input = inputs.first,
      let side = analysis.shapesByName[input.name].flatMap({ $0.count == 4 ? $0[3] : nil })
    else { return 1 }
    return nodes.reduce(1) { minimum, node in
      guard let name = countedRow(of: node, analysis), let value = analysis.values[name],
        let shape = analysis.shapesByName[name], shape.count == 4
      else { return minimum }
      let missing = Double(Self.shortRow + 1 - shape[value.columnAxis]) / value.scale.value
      return max(minimum, side + Int(saturating: missing.rounded(.up)))
    }
  }

  /// Rows of up to so many px count as short.
  static let shortRow = 50

  /// The value whose rows decide how `node` is computed; nil where nothing does.
  private func countedRow(of node: Node, _ analysis: SpatialAnalysis) -> String? {
    guard let weight = node.input(1).flatMap({ analysis.shapesByName[$0] }), weight.count == 4,
      weight[2] * weight[3] > 1
    else { return nil }
    let groups = node.integer("group") ?? 1
    switch node.op {
    case "Conv":
      let channels = weight[1]
      if channels < 16 {
        // Where every channel is a group of its own, there is a kernel for just that.
        return weight[2] > 1 && (groups == 1 || channels > 1) ? node.outputs.first : nil
      }
      let pads = node.integers("pads") ?? []
      let isBare = pads.count != 4 || (pads[1] <= 0 && pads[3] <= 0)
      return isBare && channels > 32 && channels % 32 == 0 ? node.outputs.first : nil
    case "ConvTranspose":
      // It runs as a convolution of its input that is padded at one end at least.
      return weight[0] / max(groups, 1) < 16 ? node.inputs.first : nil
    default: return nil
    }
  }
}
