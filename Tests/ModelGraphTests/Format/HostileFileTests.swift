import Foundation
import TestSupport
import Testing

@testable import ModelGraph

/// Files that are damaged or made to do harm: each is refused in one line, or read.
struct HostileFileTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    /// Part of the message; nil where it may be read.
    let expected: String?
    let file: ModelFile

    init(_ title: String, _ expected: String?, opset: Int = 13, _ change: (inout ModelFile) -> Void)
    {
      testDescription = title
      self.expected = expected
      var file = ModelFile(opset: opset)
      change(&file)
      self.file = file
    }
  }

  private static let huge = [Int.max, Int.min, 1 << 62, -1, 0, 1 << 31]

  private static let structure: [Case] = [
    Case("a good file", nil) { _ in },
    Case("no graph", "there is no network") { $0.model.clearGraph() },
    Case("no operations", "there is no network") { $0.model.graph.node = [] },
    Case("no opset", "which version of the operators") { $0.model.opsetImport = [] },
    Case("opset 0", "which version of the operators") { $0.opset = 0 },
    Case("opset 2^40", "which version of the operators") { $0.opset = 1 << 40 },
    Case("no output", "it has no output") { $0.model.graph.output = [] },
    Case("an output nobody makes", "no operation makes") { $0.model.graph.output[0].name = "z" },
    Case("no input", "it has no input") {
      $0.model.graph.input = []
      $0.replace("Relu", ["w"])
    },
    Case("a missing weight", "reads 'v'") { $0.replace("Conv", ["x", "v"]) },
    Case("two weights of one name", "two weights") { $0.add(weight: "w", [1]) },
    Case("two inputs of one name", "two inputs") { $0.add(input: "x", [1]) },
    Case("two makers of one value", "is there already") { $0.add("Relu", ["x"], ["y"]) },
    Case("a value that is an input too", "is there already") { $0.add("Relu", ["y"], ["x"]) },
    Case("a later value", "neither a weight nor made before") {
      $0.model.graph.node = []
      $0.add("Relu", ["z"], ["y"])
      $0.add("Relu", ["x"], ["z"])
    },
    Case("a circle", "neither a weight nor made before") {
      $0.model.graph.node = []
      $0.add("Add", ["x", "y"], ["z"])
      $0.add("Relu", ["z"], ["y"])
    },
    Case("an operation of itself", "neither a weight nor made before") {
      $0.replace("Relu", ["y"])
    },
    Case("no inputs of an operation", "lacks an input") { $0.replace("Relu", []) },
    Case("an empty name of an input", "lacks an input") { $0.replace("Relu", [""]) },
    Case("no outputs of an operation", "lacks an input or an output") { $0.add("Relu", ["x"], []) },
    Case("an empty name of an output", "lacks an input or an output") {
      $0.add("Relu", ["x"], [""])
    },
    Case("another domain", "not one of ONNX's own") {
      $0.model.graph.node[0].domain = "com.microsoft"
    },
    Case("an unknown operator", "Frobnicate y is an operator that is not known") {
      $0.replace("Frobnicate")
    },
    Case("a name of many lines", "not known") { $0.replace("A\nB\u{1b}[31m\r\n\u{2028}C") },
    Case("a name of a megabyte", "not known") {
      $0.replace(String(repeating: "x", count: 1 << 20))
    },
    Case("a branch", "loops and branches") {
      $0.replace("If")
      var attribute = Onnx_AttributeProto()
      attribute.name = "then_branch"
      attribute.type = .graph
      $0.model.graph.node[0].attribute = [attribute]
    },
    Case("a loop without a body", "not known") { $0.replace("Loop") },
    Case("sparse weights", "sparse") { $0.model.graph.sparseInitializer = [.init()] },
    Case("strings", "type that is not supported") { $0.model.graph.initializer[0].dataType = 8 },
    Case("an unknown type", "type that is not supported") {
      $0.model.graph.initializer[0].dataType = 999
    },
    Case("segments", "in segments") { $0.model.graph.initializer[0].segment = Data([8, 1]) },
    Case("an input of words", "no tensor of numbers") {
      $0.model.graph.input[0].type.tensorType.elemType = 8
    },
    Case("an input without a type", "no tensor of numbers") { $0.model.graph.input[0].clearType() },
    Case("two inputs", nil) { $0.add(input: "z", [1, 1, -1, -1]) },
    Case("integers", nil) {
      $0.model.graph.input = []
      $0.add(input: "x", [1, 1, -1, -1], type: .int64)
    },
    Case("three axes", "pictures have four") {
      $0.model.graph.input = []
      $0.add(input: "x", [1, 4, 4])
    },
    Case("no axes", "pictures have four") {
      $0.model.graph.input = []
      $0.add(input: "x", [])
    },
    Case("a hundred axes", "100 axes") {
      $0.model.graph.input = []
      $0.add(input: "x", .init(repeating: 1, count: 100))
    },
    Case("an input of 2^62 px", "cannot have the size") {
      $0.model.graph.input = []
      $0.add(input: "x", [1, 1, 1 << 62, 1 << 62])
    },
    Case("an input of no px", nil) {
      $0.model.graph.input = []
      $0.add(input: "x", [1, 1, 0, -5])
    },
    Case("five axes", "pictures have four") {
      $0.model.graph.input = []
      $0.add(input: "x", [1, 1, 4, 4, 4])
      $0.model.graph.initializer = []
      $0.add(weight: "w", [1, 1, 3, 3, 3])
    },
  ]

  private static let weights: [Case] = [
    Case("too few bytes", "holds 4 bytes") {
      $0.model.graph.initializer[0].rawData = Data(count: 4)
    },
    Case("too many bytes", "holds 400 bytes") {
      $0.model.graph.initializer[0].rawData = Data(count: 400)
    },
    Case("no bytes", "holds 0 bytes") { $0.model.graph.initializer[0].rawData = Data() },
    Case("a negative size", "impossible shape") {
      $0.model.graph.initializer[0].dims = [-2, -1, 3, 3]
    },
    Case("sizes whose product overflows", "impossible shape") {
      $0.model.graph.initializer[0].dims = [1 << 62, 1 << 62, 3, 3]
    },
    Case("sizes whose product wraps to 0", "impossible shape") {
      $0.model.graph.initializer[0].dims = [1 << 32, 1 << 32]
    },
    Case("an empty weight with a huge axis", "impossible shape") {
      $0.model.graph.initializer[0].dims = [0, 1 << 62, 1 << 62]
      $0.model.graph.initializer[0].rawData = Data()
    },
    Case("a thousand axes", "impossible shape") {
      $0.model.graph.initializer[0].dims = .init(repeating: 1, count: 1000)
    },
    Case("an empty weight", "Conv y") {
      $0.model.graph.initializer[0].dims = [0, 1, 3, 3]
      $0.model.graph.initializer[0].rawData = Data()
    },
    Case("numbers that are none", nil) {
      $0.model.graph.initializer = []
      $0.add(weight: "w", [2, 1, 3, 3], .init(repeating: .nan, count: 18))
    },
    Case("a bias of the wrong length", "has a bias of [7]") {
      $0.add(weight: "b", [7])
      $0.replace("Conv", ["x", "w", "b"])
    },
    Case("a kernel of other sizes", "has kernel [5, 5]") {
      $0.set("kernel_shape", .integers([5, 5]))
    },
  ]

  /// Every number of an operation, with every value that could overflow.
  private static let numbers: [Case] = {
    var cases: [Case] = []
    for value in huge {
      for name in [
        "strides", "dilations", "kernel_shape", "pads", "output_padding", "output_shape",
      ] {
        for count in [1, 2, 4, 5] {
          let numbers = Attribute.integers(.init(repeating: value, count: count))
          for op in ["Conv", "ConvTranspose", "MaxPool", "AveragePool"] {
            cases.append(
              Case("\(op) \(name) \(count) x \(value)", nil) {
                $0.add(weight: "v", [1, 1, 3, 3])
                $0.replace(op, op.hasPrefix("Conv") ? ["x", "v"] : ["x"])
                if name != "kernel_shape" { $0.set("kernel_shape", .integers([3, 3])) }
                $0.set(name, numbers)
              })
          }
        }
      }
      for op in ["Conv", "ConvTranspose"] {
        cases.append(
          Case("\(op) group \(value)", nil) {
            $0.add(weight: "v", [1, 1, 3, 3])
            $0.replace(op, ["x", "v"], ["group": .integer(value)])
          })
      }
      for (op, name) in [
        ("Concat", "axis"), ("Flatten", "axis"), ("Softmax", "axis"),
        ("LayerNormalization", "axis"),
        ("DepthToSpace", "blocksize"), ("SpaceToDepth", "blocksize"), ("Shape", "start"),
        ("Shape", "end"), ("Split", "axis"), ("Gather", "axis"), ("Cast", "to"),
        ("ArgMax", "axis"),
      ] {
        for opset in [1, 6, 13, 18] {
          cases.append(
            Case("\(op) \(name) \(value) in opset \(opset)", nil, opset: opset) {
              $0.add(integers: "i", [0])
              $0.replace(op, op == "Gather" ? ["x", "i"] : ["x", "x"], [name: .integer(value)])
            })
        }
      }
      for op in ["Add", "Mul", "Pow"] {
        cases.append(
          Case("\(op) from axis \(value)", nil, opset: 6) {
            $0.add(weight: "b", [1])
            $0.replace(op, ["x", "b"], ["axis": .integer(value), "broadcast": .integer(1)])
          })
      }
      for op in ["ReduceMean", "ReduceSum", "Squeeze", "Unsqueeze"] {
        cases.append(
          Case("\(op) along \(value)", nil, opset: 11) {
            $0.replace(op, ["x"], ["axes": .integers([value])])
          })
      }
      cases.append(
        Case("GroupNormalization \(value)", nil, opset: 21) {
          $0.add(weight: "b", [1])
          $0.replace("GroupNormalization", ["x", "b", "b"], ["num_groups": .integer(value)])
        })
      cases.append(
        Case("Crop \(value)", nil, opset: 1) {
          $0.replace(
            "Crop", ["x"],
            ["border": .integers([1, 1, 1, 1]), "scale": .integers([value, value])])
        })
      cases.append(
        Case("Crop border \(value)", nil, opset: 1) {
          $0.replace("Crop", ["x"], ["border": .integers([value, value, value, value])])
        })
      for (op, opset) in [("Pad", 2), ("Pad", 11), ("Reshape", 13), ("Expand", 13), ("Tile", 13)] {
        for count in [1, 4, 8] {
          cases.append(
            Case("\(op) \(count) x \(value) in opset \(opset)", nil, opset: opset) {
              let values = [Int](repeating: value, count: count)
              $0.add(integers: "i", values)
              $0.replace(op, opset == 2 ? ["x"] : ["x", "i"])
              if opset == 2 { $0.set("pads", .integers(values)) }
            })
        }
      }
      for place in 1...4 {
        cases.append(
          Case("Slice input \(place) of \(value)", nil) {
            for (index, name) in ["s", "e", "a", "t"].enumerated() {
              $0.add(integers: name, [index + 1 == place ? value : [0, 5, 2, 1][index]])
            }
            $0.replace("Slice", ["x", "s", "e", "a", "t"])
          })
      }
      cases.append(
        Case("Resize to \(value)", nil) {
          $0.add(integers: "i", [1, 1, value, value])
          $0.replace("Resize", ["x", "", "", "i"])
        })
      cases.append(
        Case("Resize by \(value)", nil) {
          $0.add(weight: "f", [4], [1, 1, Float(value), Float(value)])
          $0.replace("Resize", ["x", "", "f"])
        })
      cases.append(
        Case("Split into \(value)", nil) {
          $0.add(integers: "i", [value, value])
          $0.replace("Split", ["x", "i"])
          $0.model.graph.node[0].output = ["y", "z"]
        })
      cases.append(
        Case("Gather \(value)", nil) {
          $0.add(integers: "i", [value])
          $0.replace("Gather", ["x", "i"], ["axis": .integer(1)])
        })
    }
    return cases
  }()

  private static let growth: [Case] = [
    Case("strides that have no common multiple", "total stride") { file in
      file.model.graph.input = []
      file.add(input: "x", [1, 1, 60000, 60000])
      file.model.graph.node = []
      file.add(weight: "v", [1, 1, 1, 1])
      for (index, stride) in [251, 241, 239].enumerated() {
        file.add(
          "Conv", ["x", "v"], ["a\(index)"], ["strides": .integers([stride, stride])])
        file.add("GlobalAveragePool", ["a\(index)"], ["b\(index)"])
      }
      file.add("Add", ["x", "b0"], ["c"])
      file.add("Add", ["c", "b1"], ["d"])
      file.add("Add", ["d", "b2"], ["y"])
    },
    Case("enlargement without end", "impossible size") { file in
      file.model.graph.node = []
      file.add(weight: "f", [4], [1, 1, 60000, 60000])
      for index in 0..<8 {
        file.add(
          "Upsample", [index == 0 ? "x" : "u\(index)", "f"], [index == 7 ? "y" : "u\(index + 1)"])
      }
      file.opset = 9
    },
    Case("doubling of channels without end", "impossible size") { file in
      file.model.graph.node = []
      for index in 0..<60 {
        let input = index == 0 ? "x" : "u\(index)"
        file.add(
          "Concat", [input, input], [index == 59 ? "y" : "u\(index + 1)"], ["axis": .integer(1)])
      }
    },
    Case("axes without end", "no known axes") { file in
      file.model.graph.node = []
      for index in 0..<60 {
        file.add(
          "Unsqueeze", [index == 0 ? "x" : "u\(index)"], [index == 59 ? "y" : "u\(index + 1)"],
          ["axes": .integers([0, 1, 2, 3])])
      }
      file.opset = 11
    },
    Case("a chain of 20000 operations", nil) { file in
      file.add(weight: "b", [1, 2, 1, 1])
      file.model.graph.node[0].output = ["a0"]
      for index in 0..<20000 {
        let output = index == 19999 ? "y" : "a\(index + 1)"
        file.add(index % 2 == 0 ? "Mul" : "Add", ["a\(index)", "b"], [output])
      }
    },
  ]

  @Test(arguments: structure + weights + growth)
  func `a wrong file is refused in one line`(file: Case) throws {
    let start = Date()
    do {
      try ReadingOfEverything.check(file.file.data)
      #expect(file.expected == nil)
    } catch {
      let text = error.description
      #expect(text.contains(file.expected ?? "no such words"), "\(text)")
      let isOneLine = !text.contains { $0.isNewline } && text.count < 1000
      #expect(isOneLine)
    }
    #expect(Date().timeIntervalSince(start) < 20)
  }

  @Test func `no number in a file is too large or too small`() throws {
    for file in Self.numbers {
      do {
        try ReadingOfEverything.check(file.file.data)
      } catch {
        let isOneLine = !error.description.contains { $0.isNewline }
        #expect(isOneLine, "\(file.testDescription)")
      }
    }
  }

  @Test func `a file that is cut off or scrambled is refused or read`() throws {
    let data = try Generators.resnet(blocks: 1).onnx()
    for count in stride(from: 0, to: data.count, by: max(1, data.count / 400)) {
      #expect(throws: ModelError.self) { try ReadingOfEverything.check(data.prefix(count)) }
    }
    var state: UInt64 = 1
    for _ in 0..<400 {
      var bytes = data
      for _ in 0..<3 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes[Int(state >> 33) % bytes.count] = UInt8(truncatingIfNeeded: state >> 20)
      }
      try? ReadingOfEverything.check(bytes)
    }
    let noise = Data(Tensor([4096], seed: 1, in: 0...255).values.map { UInt8($0) })
    #expect(throws: ModelError.self) { try ReadingOfEverything.check(noise) }
  }

  @Test func `weights beside the file are found there and nowhere else`() throws {
    let folder = try TemporaryDirectory()
    let bytes = [Float](repeating: 1, count: 20).withUnsafeBytes { Data($0) }
    try bytes.write(to: URL(filePath: folder.path("weights.bin")))
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("link.bin"), withDestinationPath: "/etc/passwd")
    try FileManager.default.createDirectory(
      atPath: folder.path("folder"), withIntermediateDirectories: false)
    func check(_ entries: [String: String], _ directory: URL?) throws(ModelError) {
      var file = ModelFile()
      file.model.graph.initializer[0].rawData = Data()
      file.model.graph.initializer[0].dataLocation = .external
      file.model.graph.initializer[0].externalData = entries.map { key, value in
        var entry = Onnx_StringStringEntryProto()
        (entry.key, entry.value) = (key, value)
        return entry
      }
      try ReadingOfEverything.check(file.data, directory: directory)
    }
    let place = ["location": "weights.bin", "offset": "8", "length": "72"]
    try check(place, folder.url)
    try check(["location": "weights.bin", "offset": "8"], folder.url)
    for (change, words) in [
      (["location": "/etc/passwd"], "refused"), (["location": "../x"], "refused"),
      (["location": "a/../../x"], "refused"), (["location": "link.bin"], "refused"),
      (["location": ""], "refused"), (["location": "."], "refused"),
      (["location": "none.bin"], "cannot be read"), (["location": "folder"], "cannot be read"),
      (["length": "76"], "too short"), (["offset": "-1"], "too short"),
      (["offset": "-9223372036854775808"], "too short"),
      (["offset": "9223372036854775807"], "too short"), (["offset": "x"], "too short"),
      (["length": "-4"], "too short"), (["length": "68"], "holds 68 bytes"),
    ] {
      let error = #expect(throws: ModelError.self) {
        try check(place.merging(change) { $1 }, folder.url)
      }
      #expect(error?.description.contains(words) == true, "\(change)")
    }
    let error = #expect(throws: ModelError.self) { try check(place, nil) }
    #expect(error?.description.contains("not at hand") == true)
  }
}
