import Testing

@testable import ModelGraph

/// What pixels of the output change when a pixel of the image does, found by running the network.
struct BruteForceReach {
  private(set) var before = [0, 0]
  private(set) var after = [0, 0]

  /// Changes one pixel in each phase of the alignment, far from the borders.
  init(_ network: AnalysedGraph) throws {
    let footprint = network.footprint
    let alignment = footprint.alignment
    let room = (footprint.halo + 4 + alignment - 1) / alignment * alignment
    let side = 2 * room + alignment
    let shape = [1, network.channels, side, side]
    let runner = try GraphRunner(network.frozen(), [shape])
    let black = try runner.run([Tensor(shape, repeating: 0)])[0]
    for phase in 0..<alignment {
      let place = room + phase
      var picture = Tensor(shape, repeating: 0)
      for channel in 0..<network.channels {
        picture.values[picture.row(channel, place) + place] = 1
      }
      let output = try runner.run([picture])[0]
      for (index, pair) in zip(output.values, black.values).enumerated() where pair.0 != pair.1 {
        try #require(pair.0.isFinite)
        let (height, width) = (output.shape[2], output.shape[3])
        let changed = [index / width % height, index % width]
        for direction in 0..<2 {
          let pixel = changed[direction] * footprint.scale.denominator / footprint.scale.numerator
          before[direction] = max(before[direction], pixel - place)
          after[direction] = max(after[direction], place - pixel)
        }
      }
    }
  }
}
