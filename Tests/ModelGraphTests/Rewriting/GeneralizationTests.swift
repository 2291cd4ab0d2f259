import Testing

@testable import ModelGraph

/// Numbers of a network that may be those of the picture that it was exported with.
struct GeneralizationTests {
  /// A network on pictures of one channel: any size, or that of `fixed`.
  private func network(
    fixed: [Int]? = nil, _ body: (inout GraphBuilder, String) -> String
  ) -> Graph {
    var net = GraphBuilder(name: "network")
    let x = net.input("input", shape: [1, 1, fixed?[0], fixed?[1]])
    let y = body(&net, x)
    return net.finish([y])
  }

  private static func slice(
    _ net: inout GraphBuilder, _ x: String, _ axis: Int, _ start: Int, _ end: Int
  ) -> String {
    net.node(
      "Slice", [x] + [start, end, axis].map { net.constant(Constant(integers: [$0])) })
  }

  private static func convolution(
    _ net: inout GraphBuilder, _ x: String, stride: Int = 1, padding: Int = 1
  ) -> String {
    let weight = Constant((0..<9).map { Float($0) / 20 - 0.2 }, shape: [1, 1, 3, 3])
    return net.convolution(x, weight: net.constant(weight), stride: stride, padding: padding)
  }

  private static func mean(_ net: inout GraphBuilder, _ x: String) -> String {
    net.node("ReduceMean", [x], ["axes": .integers([2, 3])])
  }

  private static func resize(
    _ net: inout GraphBuilder, _ x: String, _ height: Int, _ width: Int
  ) -> String {
    let size = net.constant(Constant(integers: [1, 1, height, width]))
    return net.node("Resize", [x, "", "", size], ["mode": .text("linear")])
  }

  private static func pool(
    _ net: inout GraphBuilder, _ x: String, _ operation: String, _ kernel: Int
  ) -> String {
    net.node(
      operation, [x],
      ["kernel_shape": .integers([kernel, kernel]), "strides": .integers([kernel, kernel])])
  }

  static let far = 1 << 62

  /// Networks that take any size, and give something else on every part of a picture than on the whole.
  static let global: [(String, String, @Sendable (inout GraphBuilder, String) -> String)] = [
    (
      "circular padding", "Slice",
      { net, x in
        let parts = [slice(&net, x, 2, -1, far), x, slice(&net, x, 2, 0, 1)]
        let tall = net.node("Concat", parts, ["axis": .integer(2)])
        return slice(&net, convolution(&net, tall), 2, 1, -1)
      }
    ),
    (
      "a roll", "Slice",
      { net, x in
        net.node(
          "Concat", [slice(&net, x, 3, 2, far), slice(&net, x, 3, 0, 2)], ["axis": .integer(3)])
      }
    ),
    ("the first rows", "Slice", { net, x in net.sum(x, mean(&net, slice(&net, x, 2, 0, 8))) }),
    ("the first 1000 rows", "Slice", { net, x in slice(&net, x, 2, 0, 1000) }),
    ("the first 5000 rows", "Slice", { net, x in slice(&net, x, 2, 0, 5000) }),
    ("the last rows", "Slice", { net, x in net.sum(x, mean(&net, slice(&net, x, 2, -8, far))) }),
    (
      "rows upside down", "Slice",
      { net, x in
        net.node("Slice", [x] + [-1, -far, 2, -1].map { net.constant(Constant(integers: [$0])) })
      }
    ),
    (
      "rows for columns", "output",
      { net, x in
        net.node("Transpose", [x], ["perm": .integers([0, 1, 3, 2])])
      }
    ),
    ("a thumbnail", "Resize", { net, x in net.sum(x, mean(&net, resize(&net, x, 32, 32))) }),
    (
      "a thumbnail of the size tried", "Resize",
      { net, x in
        net.sum(x, mean(&net, resize(&net, x, 512, 512)))
      }
    ),
    ("an output of one size", "Resize", { net, x in resize(&net, x, 256, 256) }),
    (
      "a transposed convolution of one size", "ConvTranspose",
      { net, x in
        let weight = net.constant(Constant([Float](repeating: 1, count: 4), shape: [1, 1, 2, 2]))
        let small = convolution(&net, x, stride: 2)
        let large = net.node(
          "ConvTranspose", [small, weight],
          ["strides": .integers([2, 2]), "output_shape": .integers([512, 512])])
        return net.sum(x, mean(&net, large))
      }
    ),
    (
      "a thumbnail that comes back to one size", "Resize",
      { net, x in
        net.sum(x, resize(&net, resize(&net, x, 128, 128), 512, 512))
      }
    ),
    (
      "the largest of 512 px", "MaxPool",
      { net, x in net.product(x, pool(&net, x, "MaxPool", 512)) }
    ),
    (
      "the mean of 512 px", "AveragePool",
      { net, x in net.product(x, pool(&net, x, "AveragePool", 512)) }
    ),
    (
      "a border from the far side", "Pad",
      { net, x in
        let pads = net.constant(Constant(integers: [0, 0, 1, 1, 0, 0, 1, 1]))
        return convolution(
          &net, net.node("Pad", [x, pads], ["mode": .text("wrap")]), padding: 0)
      }
    ),
  ]

  @Test(arguments: 0..<global.count)
  func `a network that only whole pictures fit is refused by name`(index: Int) throws {
    let (title, operation, body) = Self.global[index]
    let graph = network(body)
    let error = #expect(throws: ModelError.self, "\(title)") {
      let general = try graph.generalized(inputShapes: ["input": [1, 1, 512, 512]])
      let shapes = try ShapeInference(general, inputShapes: ["input": [1, 1, 512, 512]])
      do {
        _ = try SpatialAnalysis(general, shapes: shapes)
      } catch let error as ModelError {
        #expect(error.isFinal, "\(title): \(error)")
        throw error
      }
    }
    #expect(error?.reason.contains(operation) == true, "\(title): \(String(describing: error))")
  }

  /// Networks of one size in which a number can mean one thing only, with their output at 256 px.
  static let proven: [(String, @Sendable (inout GraphBuilder, String) -> String)] = [
    ("a convolution", { net, x in convolution(&net, x) }),
    (
      "a crop to the size of a skip",
      { net, x in
        let wide = net.pad(x, 1, .reflect)
        return net.sum(x, slice(&net, slice(&net, wide, 2, 1, 65), 3, 1, 65))
      }
    ),
    (
      "a crop to the size of the picture",
      { net, x in
        let wide = net.pad(x, 4, .reflect)
        return slice(&net, slice(&net, wide, 2, 4, 68), 3, 4, 68)
      }
    ),
    (
      "a resize to the size of a skip",
      { net, x in
        net.sum(x, resize(&net, convolution(&net, x, stride: 2), 64, 64))
      }
    ),
    (
      "a resize of the result",
      { net, x in
        resize(&net, convolution(&net, x, stride: 2), 64, 64)
      }
    ),
    (
      "a pool of the whole picture",
      { net, x in
        let pooled = net.node("AveragePool", [x], ["kernel_shape": .integers([64, 64])])
        return net.product(x, pooled)
      }
    ),
    (
      "a resize to the size of a smaller picture",
      { net, x in
        let small = net.sum(convolution(&net, x, stride: 2), resize(&net, x, 32, 32))
        return resize(&net, small, 64, 64)
      }
    ),
    (
      "resizes back up, without a skip",
      { net, x in
        let small = convolution(&net, convolution(&net, x, stride: 2), stride: 2)
        return resize(&net, convolution(&net, resize(&net, small, 32, 32)), 64, 64)
      }
    ),
    (
      "two branches of resizes back up",
      { net, x in
        let small = convolution(&net, convolution(&net, x, stride: 2), stride: 2)
        let branches = (0..<2).map { _ in
          resize(&net, convolution(&net, resize(&net, small, 32, 32)), 64, 64)
        }
        return net.sum(branches[0], branches[1])
      }
    ),
    (
      "a resize to the size of the picture, from a larger one",
      { net, x in
        let weight = net.constant(Constant([Float](repeating: 1, count: 4), shape: [1, 1, 2, 2]))
        let large = net.node("ConvTranspose", [x, weight], ["strides": .integers([2, 2])])
        return resize(&net, large, 64, 64)
      }
    ),
    (
      "pools of its own",
      { net, x in
        let small = pool(&net, x, "MaxPool", 4)
        return net.sum(x, resize(&net, convolution(&net, small), 64, 64))
      }
    ),
    (
      "a large pool that meets another",
      { net, x in
        let steps = (0..<3).reduce(x) { value, _ in pool(&net, value, "MaxPool", 2) }
        return resize(&net, net.sum(steps, pool(&net, x, "AveragePool", 8)), 64, 64)
      }
    ),
    (
      "borders and resizes to the sizes of skips",
      { net, x in
        let first = convolution(&net, net.pad(x, 1, .reflect), padding: 0)
        let second = convolution(&net, net.pad(first, 1, .reflect), stride: 2, padding: 0)
        let third = convolution(&net, second, stride: 2)
        let back = net.sum(second, resize(&net, convolution(&net, third), 32, 32))
        return net.sum(first, resize(&net, convolution(&net, back), 64, 64))
      }
    ),
    (
      "borders that fill up to the size of a skip",
      { net, x in
        let pads = net.constant(Constant(integers: [0, 0, 0, 0, 0, 0, 1, 1]))
        let small = net.node("Pad", [convolution(&net, x, stride: 2, padding: 0), pads])
        return net.sum(x, resize(&net, net.sum(small, convolution(&net, x, stride: 2)), 64, 64))
      }
    ),
    (
      "transposed convolutions of fixed sizes between borders",
      { net, x in
        let weight = net.constant(Constant([Float](repeating: 0.1, count: 9), shape: [1, 1, 3, 3]))
        var small = convolution(&net, net.pad(x, 5, .reflect), stride: 2)
        small = convolution(&net, convolution(&net, small, stride: 2), padding: 0)
        // 74, 37, 19, 17 px.
        for size in [33, 62] {
          small = net.node(
            "ConvTranspose", [small, weight],
            ["strides": .integers([2, 2]), "output_shape": .integers([size, size])])
          small = size == 33 ? convolution(&net, small, padding: 0) : small
        }
        return net.pad(small, 1, .reflect)
      }
    ),
    (
      "a pool of its own whose mean is taken",
      { net, x in net.product(x, mean(&net, pool(&net, x, "AveragePool", 4))) }
    ),
    (
      "numbers of its own from both borders",
      { net, x in
        net.sum(x, mean(&net, slice(&net, x, 2, 8, -8)))
      }
    ),
  ]

  @Test(arguments: 0..<proven.count)
  func `a number whose meaning the rest of the network proves is generalized`(index: Int) throws {
    let (title, body) = Self.proven[index]
    let graph = network(fixed: [64, 64], body)
    let general = try graph.generalized(inputShapes: ["input": [1, 1, 64, 64]])
    for side in [128, 192] {
      let shapes = try ShapeInference(general, inputShapes: ["input": [1, 1, side, side]])
      #expect(shapes.shapes[general.outputs[0]] == [1, 1, side, side], "\(title)")
      _ = try SpatialAnalysis(general, shapes: shapes)
    }
  }

  /// Networks of one size in which a number may mean two things.
  static let ambiguous: [(String, String, @Sendable (inout GraphBuilder, String) -> String)] = [
    ("rows up to 8", "end 8", { net, x in net.sum(x, mean(&net, slice(&net, x, 2, 0, 8))) }),
    (
      "rows up to the last but 8", "end 56",
      { net, x in
        net.sum(x, mean(&net, slice(&net, x, 2, 0, 56)))
      }
    ),
    (
      "rows from 56", "start 56",
      { net, x in
        net.sum(x, mean(&net, slice(&net, x, 2, 56, far)))
      }
    ),
    ("the middle", "end 48", { net, x in net.sum(x, mean(&net, slice(&net, x, 2, 16, 48))) }),
    (
      "two equal cuts that are joined", "end 8",
      { net, x in
        let other = convolution(&net, x)
        return net.sum(
          x, mean(&net, net.sum(slice(&net, x, 2, 0, 8), slice(&net, other, 2, 0, 8))))
      }
    ),
    (
      "a thumbnail", "size 32 x 32",
      { net, x in
        net.sum(x, mean(&net, resize(&net, x, 32, 32)))
      }
    ),
    (
      "a thumbnail and back", "size 16 x 16",
      { net, x in net.sum(x, resize(&net, resize(&net, x, 16, 16), 64, 64)) }
    ),
    (
      "a thumbnail in front of the network", "size 32 x 32",
      { net, x in resize(&net, convolution(&net, resize(&net, x, 32, 32)), 64, 64) }
    ),
    (
      "a thumbnail of no whole factor", "size 48 x 48",
      { net, x in resize(&net, resize(&net, x, 48, 48), 64, 64) }
    ),
    (
      "the size that the picture has", "size 64 x 64",
      { net, x in resize(&net, convolution(&net, resize(&net, x, 64, 64)), 64, 64) }
    ),
    (
      "a larger size and back", "size 128 x 128",
      { net, x in resize(&net, convolution(&net, resize(&net, x, 128, 128)), 64, 64) }
    ),
    (
      "two thumbnails that are joined", "size 16 x 16",
      { net, x in
        let other = resize(&net, convolution(&net, x, stride: 2), 16, 16)
        return net.sum(x, resize(&net, net.sum(resize(&net, x, 16, 16), other), 64, 64))
      }
    ),
    ("a result of one size", "size 32 x 32", { net, x in resize(&net, x, 32, 32) }),
    ("a result of another size", "size 96 x 96", { net, x in resize(&net, x, 96, 96) }),
    (
      "a cut that is filled up", "end 60",
      { net, x in
        let pads = net.constant(Constant(integers: [0, 0, 0, 0, 0, 0, 4, 0]))
        return net.node("Pad", [slice(&net, x, 2, 0, 60), pads])
      }
    ),
    (
      "a cut that is resized", "end 48",
      { net, x in
        resize(&net, slice(&net, slice(&net, x, 2, 16, 48), 3, 16, 48), 64, 64)
      }
    ),
    (
      "a pool of 4 x 4 cells", "kernel 16 x 16",
      { net, x in net.sum(x, resize(&net, pool(&net, x, "AveragePool", 16), 64, 64)) }
    ),
    (
      "a thumbnail behind a border", "size 16 x 16",
      { net, x in
        let plain = convolution(&net, net.pad(x, 1, .reflect), padding: 0)
        return net.sum(plain, resize(&net, convolution(&net, resize(&net, plain, 16, 16)), 64, 64))
      }
    ),
    (
      "a thumbnail in front of a border", "size 16 x 16",
      { net, x in
        let sum = net.sum(x, resize(&net, resize(&net, x, 16, 16), 64, 64))
        return convolution(&net, net.pad(sum, 1, .reflect), padding: 0)
      }
    ),
    (
      "a thumbnail between borders of one side", "size 16 x 16",
      { net, x in
        let pads = net.constant(Constant(integers: [0, 0, 0, 0, 0, 0, 2, 2]))
        let plain = convolution(&net, net.node("Pad", [x, pads]), padding: 0)
        return net.sum(plain, resize(&net, convolution(&net, resize(&net, plain, 16, 16)), 64, 64))
      }
    ),
    (
      "a thumbnail of what a border enlarged", "size 18 x 18",
      { net, x in
        let wide = net.pad(convolution(&net, x), 4, .reflect)
        let sum = net.sum(wide, resize(&net, convolution(&net, resize(&net, wide, 18, 18)), 72, 72))
        return slice(&net, slice(&net, sum, 2, 4, 68), 3, 4, 68)
      }
    ),
    (
      "a thumbnail that is enlarged to a size worked out", "size 16 x 16",
      { net, x in
        let small = convolution(&net, x, stride: 2)
        let size = net.node("Shape", [small])
        let back = net.node(
          "Resize", [resize(&net, small, 16, 16), "", "", size], ["mode": .text("linear")])
        return net.sum(x, resize(&net, net.sum(small, back), 64, 64))
      }
    ),
    (
      "the mean of 4 x 4 cells", "kernel 16 x 16",
      { net, x in net.product(x, mean(&net, pool(&net, x, "MaxPool", 16))) }
    ),
    (
      "a pool and its mean", "8 x 8",
      { net, x in
        let small = resize(&net, x, 8, 8)
        let pooled = net.node("MaxPool", [small], ["kernel_shape": .integers([8, 8])])
        return net.sum(x, mean(&net, pooled))
      }
    ),
  ]

  @Test(arguments: 0..<ambiguous.count)
  func `a number that may mean two things is refused, with what to do`(index: Int) throws {
    let (title, number, body) = Self.ambiguous[index]
    let graph = network(fixed: [64, 64], body)
    let error = try #require(
      #expect(throws: ModelError.self, "\(title)") {
        try graph.generalized(inputShapes: ["input": [1, 1, 64, 64]])
      })
    #expect(error.reason.contains(number), "\(title): \(error)")
    #expect(error.reason.contains("export the network with dynamic height and width"))
  }

  @Test func `numbers of a network of any width and one height are not guessed`() throws {
    let graph = {
      var net = GraphBuilder(name: "network")
      let x = net.input("input", shape: [1, 1, 64, nil])
      let y = net.product(x, Self.pool(&net, x, "MaxPool", 64))
      return net.finish([y])
    }()
    let error = #expect(throws: ModelError.self) {
      try graph.generalized(inputShapes: ["input": [1, 1, 64, 64]])
    }
    #expect(error?.reason.contains("kernel 64 x 64") == true, "\(String(describing: error))")
  }

  /// Networks that work out of the size what they cut off and how large they make it.
  @Test func `what a network works out of the size stays a distance from the border`() throws {
    let graph = network { net, x in
      let shape = net.node("Shape", [x])
      let two = net.constant(Constant(integers: [2]))
      let height = net.node("Gather", [shape, two])
      let one = net.constant(Constant(integers: [1]))
      let end = net.node("Sub", [height, one])
      let zero = net.constant(Constant(integers: [0]))
      let cut = net.node("Slice", [x, zero, end, two])
      let pads = net.constant(Constant(integers: [0, 0, 1, 0, 0, 0, 0, 0]))
      let restored = net.node("Pad", [cut, pads])
      let small = Self.convolution(&net, restored, stride: 2)
      return net.node("Resize", [small, "", "", shape], ["mode": .text("linear")])
    }
    let general = try graph.generalized(inputShapes: ["input": [1, 1, 512, 512]])
    let shapes = try ShapeInference(general, inputShapes: ["input": [1, 1, 96, 160]])
    #expect(shapes.shapes[general.outputs[0]] == [1, 1, 96, 160])
    _ = try SpatialAnalysis(general, shapes: shapes)
  }
}
