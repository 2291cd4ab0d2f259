/// The inputs that interpolate between the cells of a lattice at the places of one picture within a
/// network: for each row and column the cell before it, and how far it is on the way to the next.
///
/// Products and sums of single values, not of matrices, whose sums would be ordered by their size:
/// the same place gets the same bits in any window.
public struct FieldAxes: Sendable, Hashable {
  /// Input [rows]: the cell.
  public let rowCells: String
  /// Input [1, 1, rows, 1]: 0 at its center, 1 at that of the next.
  public let rowWeights: String
  /// Input [columns]: the cell.
  public let columnCells: String
  /// Input [1, 1, 1, columns].
  public let columnWeights: String
  /// Where the picture lies.
  public let value: SpatialValue
  /// Rows and columns that it has beyond the image's at its scale, where the network pads first.
  private let extra: [Int]
  private let place: String

  init(_ value: SpatialValue, extra: [Int]) {
    place = "\(value.scale):\(value.origin[0]):\(value.origin[1]):\(extra[0]):\(extra[1])"
    self.extra = extra
    rowCells = "row-cells:\(place)"
    rowWeights = "row-weights:\(place)"
    columnCells = "column-cells:\(place)"
    columnWeights = "column-weights:\(place)"
    self.value = value
  }

  /// Names of the inputs, in the order in which the network has them.
  public var names: [String] { [rowCells, rowWeights, columnCells, columnWeights] }

  var inputs: [GraphInput] {
    [
      GraphInput(rowCells, shape: [nil]), GraphInput(rowWeights, shape: [1, 1, nil, 1]),
      GraphInput(columnCells, shape: [nil]), GraphInput(columnWeights, shape: [1, 1, 1, nil]),
    ]
  }

  /// Sizes of the inputs for pictures of so many px of the image.
  public func shapes(width: Int, height: Int) -> [[Int]] {
    let rows = value.scale.scale(height) + extra[0]
    let columns = value.scale.scale(width) + extra[1]
    return [[rows], [1, 1, rows, 1], [columns], [1, 1, 1, columns]]
  }

  /// Cells and weights of `count` places along rows (0) or columns (1) of a window that begins at
  /// `start` of an image of `length` px, cut into `cells`.
  ///
  /// Bilinear between the centers of cells, in coordinates of the image.
  public func weights(
    _ direction: Int, start: Int, count: Int, cells: Int, length: Int
  ) -> (cells: [Float], weights: [Float]) {
    let first = value.scale.scale(start)
    var before: [Float] = []
    var weights: [Float] = []
    for index in 0..<count {
      let position = value.origin[direction] + Double(first + index) / value.scale.value + 0.5
      let place = min(max(position * Double(cells) / Double(length) - 0.5, 0), Double(cells - 1))
      let cell = min(place.rounded(.down), Double(max(cells - 2, 0)))
      before.append(Float(cell))
      weights.append(Float(place - cell))
    }
    return (before, weights)
  }

  private func name(_ part: String) -> String { "\(part):\(place)" }

  /// What all norms on the picture share: indices, and one minus the weights.
  func nodes(lattice: [Int]) -> (nodes: [Node], constants: [String: Constant]) {
    var nodes: [Node] = []
    var constants = [name("one"): Constant(scalar: 1)]
    for (axis, cells, weights, count) in [
      ("row", rowCells, rowWeights, lattice[1]), ("column", columnCells, columnWeights, lattice[0]),
    ] {
      constants[name("\(axis)-last")] = Constant(scalar: Float(count - 1))
      nodes += [
        Node("Add", inputs: [cells, name("one")], outputs: [name("\(axis)-after")]),
        Node(
          "Min", inputs: [name("\(axis)-after"), name("\(axis)-last")],
          outputs: [name("\(axis)-next")]),
        Node(
          "Cast", inputs: [cells], outputs: [name("\(axis)-0")], attributes: ["to": .integer(7)]),
        Node(
          "Cast", inputs: [name("\(axis)-next")], outputs: [name("\(axis)-1")],
          attributes: ["to": .integer(7)]),
        Node("Sub", inputs: [name("one"), weights], outputs: [name("\(axis)-rest")]),
      ]
    }
    return (nodes, constants)
  }

  /// The field of `cells` [1, C, cells down, cells across] at every place: rows first.
  func interpolation(of cells: String, output: String) -> [Node] {
    func along(_ axis: String, _ input: String, _ weights: String, _ output: String, place: Int)
      -> [Node]
    {
      let part = { (suffix: String) -> String in "\(output):\(suffix)" }
      let gather: [String: Attribute] = ["axis": .integer(place)]
      return [
        Node(
          "Gather", inputs: [input, name("\(axis)-0")], outputs: [part("first")],
          attributes: gather),
        Node(
          "Gather", inputs: [input, name("\(axis)-1")], outputs: [part("second")],
          attributes: gather),
        Node("Mul", inputs: [part("first"), name("\(axis)-rest")], outputs: [part("near")]),
        Node("Mul", inputs: [part("second"), weights], outputs: [part("far")]),
        Node("Add", inputs: [part("near"), part("far")], outputs: [output]),
      ]
    }
    let middle = "\(output):rows"
    return along("row", cells, rowWeights, middle, place: 2)
      + along("column", middle, columnWeights, output, place: 3)
  }
}
