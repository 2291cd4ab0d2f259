/// A norm layer whose mean and variance change smoothly over the image.
///
/// Moments E[x] and E[x²], both about the mean of the whole image, are interpolated between cells;
/// the variance is worked out of them at each pixel, so that it is one.
struct NormField {
  /// Inputs that it needs: minus the mean of all, and the two moments of the cells about it.
  static let parts = ["offset", "mean-field", "square-field"]

  private let statistic: Statistic
  private let axes: FieldAxes
  private let lattice: [Int]

  init(_ statistic: Statistic, _ axes: FieldAxes, lattice: [Int]) {
    self.statistic = statistic
    self.axes = axes
    self.lattice = lattice
  }

  private func name(_ part: String) -> String { "\(statistic.output):\(part)" }

  func inputs(channels: Int) -> [GraphInput] {
    let cells = [1, channels, lattice[1], lattice[0]]
    return [
      GraphInput(name("offset"), shape: [1, channels, 1, 1]),
      GraphInput(name("mean-field"), shape: cells), GraphInput(name("square-field"), shape: cells),
    ]
  }

  func constants(norm: FrozenForm.Norm?) -> [String: Constant] {
    guard let norm else { return [:] }
    let shape = [1, norm.gamma.count, 1, 1]
    return [
      name("gamma"): Constant(norm.gamma, shape: shape),
      name("beta"): Constant(norm.beta, shape: shape),
      name("epsilon"): Constant(scalar: Float(norm.epsilon)), name("zero"): Constant(scalar: 0),
    ]
  }

  func nodes(of input: String, output: String) -> [Node] {
    func node(_ op: String, _ inputs: [String], _ part: String) -> Node {
      Node(op, name: statistic.title, inputs: inputs, outputs: [name(part)])
    }
    return axes.interpolation(of: name("mean-field"), output: name("mean"))
      + axes.interpolation(of: name("square-field"), output: name("square")) + [
        node("Mul", [name("mean"), name("mean")], "mean-squared"),
        node("Sub", [name("square"), name("mean-squared")], "difference"),
        node("Max", [name("difference"), name("zero")], "variance"),
        node("Add", [name("variance"), name("epsilon")], "safe-variance"),
        node("Sqrt", [name("safe-variance")], "deviation"),
        // A sum, so that it becomes a bias of the convolution before it.
        node("Add", [input, name("offset")], "centered"),
        node("Sub", [name("centered"), name("mean")], "residue"),
        node("Div", [name("residue"), name("deviation")], "normal"),
        node("Mul", [name("normal"), name("gamma")], "scaled"),
        Node(
          "Add", name: statistic.title, inputs: [name("scaled"), name("beta")], outputs: [output]),
      ]
  }

  /// What the inputs are under these moments.
  static func values(
    _ names: [String], _ kind: Statistic.Kind, _ moments: Moments, cells: [Moments],
    lattice: [Int]
  ) -> [String: Constant] {
    func pooled(_ moments: Moments) -> Moments {
      if case .groupMoments(let groups) = kind { moments.pooled(groups: groups) } else { moments }
    }
    let whole = pooled(moments)
    let channels = whole.mean.count
    let count = cells.count
    var means = [Float](repeating: 0, count: channels * count)
    var squares = means
    for (cell, local) in cells.map(pooled).enumerated() {
      let variance = local.variance
      for channel in 0..<channels {
        let center = Double(Float(whole.mean[channel]))
        let mean = local.mean[channel] - center
        means[channel * count + cell] = Float(mean)
        squares[channel * count + cell] = Float(variance[channel] + mean * mean)
      }
    }
    let shape = [1, channels, lattice[1], lattice[0]]
    return [
      names[0]: Constant(whole.mean.map { -Float($0) }, shape: [1, channels, 1, 1]),
      names[1]: Constant(means, shape: shape), names[2]: Constant(squares, shape: shape),
    ]
  }
}
