import Base
import Foundation
import Inference
import Synchronization
import TestSupport
import Testing

@Suite(.enabled(if: TestEngine.isPresent, "OpenVINO is missing: run make setup"))
struct CompiledModelTests {
  private func compile(_ options: InferenceOptions) throws -> CompiledModel {
    try #require(TestEngine.shared).compile(onnx: TinyModel.onnx, options: options)
  }

  @Test(arguments: [[1, 3, 4, 5], [1, 3, 33, 64]])
  func `a 1x1 convolution equals its formula at any size`(shape: [Int]) throws {
    let model = try compile(InferenceOptions(precision: .f32, inputShapes: [shape]))
    #expect(model.inputs.map(\.name) == ["x"])
    #expect(model.inputs.map(\.shape) == [shape])
    #expect(model.outputs.map(\.shape) == [[1, 2, shape[2], shape[3]]])
    #expect(model.outputs.map(\.elementType) == [.f32])
    let input = TinyModel.input(shape.reduce(1, *))
    #expect(try model.run([input]) == [TinyModel.output(input)])
  }

  @Test func `many threads at once each get their own result`() throws {
    let shape = [1, 3, 16, 16]
    let model = try compile(InferenceOptions(precision: .f32, streams: 2, inputShapes: [shape]))
    let wrong = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 64) { seed in
      let input = TinyModel.input(768, seed: seed)
      let output = try? model.run([input])
      if output != [TinyModel.output(input)] { wrong.withLock { $0 += 1 } }
    }
    #expect(wrong.withLock { $0 } == 0)
  }

  @Test func `threads and streams do not change a convolution`() throws {
    let shapes = [[1, 3, 40, 24]]
    let input = TinyModel.input(3 * 40 * 24)
    let expected = try compile(.deterministic(inputShapes: shapes)).run([input])
    for (threads, streams) in [(2, 1), (2, 2)] {
      let options = InferenceOptions(
        precision: .f32, threads: threads, streams: streams, inputShapes: shapes)
      #expect(try compile(options).run([input]) == expected)
    }
  }

  @Test func `automatic precision is bf16 exactly where the processor has it`() throws {
    let engine = try #require(TestEngine.shared)
    let model = try compile(InferenceOptions(inputShapes: [[1, 3, 8, 8]]))
    #expect(model.precision == (engine.supportsBF16 ? .bf16 : .f32))
    let input = TinyModel.input(192)
    let output = try model.run([input])[0]
    // 8 bits of mantissa: half a step at 16 is 1/32, inputs and weights are exact.
    #expect(zip(output, TinyModel.output(input)).allSatisfy { abs($0 - $1) <= 0.0625 })
    #expect(engine.version.contains("."))
  }

  @Test(
    .enabled(if: SharedData.isPresent, "needs the shared test data"),
    arguments: cases(
      ["onnx_espcn_x3/super_resolution.onnx"],
      slow: [
        "onnx_fast_neural_style/candy.onnx", "onnx_fast_neural_style/mosaic.onnx",
        "onnx_fast_neural_style/udnie.onnx",
      ]))
  func `real networks give finite pictures`(name: String) throws {
    let path = SharedData.path("models/\(name)")
    let data = try Data(contentsOf: URL(filePath: path))
    let isScaling = name.contains("espcn")
    let options = InferenceOptions(
      precision: .f32, inputShapes: isScaling ? [[1, 1, 224, 224]] : [[1, 3, 720, 720]])
    let model = try #require(TestEngine.shared).compile(onnx: data, options: options)
    if isScaling { #expect(model.outputs[0].shape == [1, 1, 672, 672]) }
    let input = (0..<model.inputs[0].count).map { Float($0 % 251) / (isScaling ? 251 : 1) }
    let output = try model.run([input])[0]
    #expect(output.count == model.outputs[0].count)
    #expect(!output.contains { !$0.isFinite })
    #expect(Set(output.prefix(1000)).count > 10)
  }

  @Test func `a shape that does not fit is refused in one line`() throws {
    for shapes in [[[1, 4, 8, 8]], [[1, 3, 8]], [[1, 3, 0, 8]], [[1, 3, 8, 8], [1]], []] {
      let error = #expect(throws: TesseraError.self) {
        try compile(InferenceOptions(inputShapes: shapes))
      }
      let text = error?.description ?? ""
      #expect(!text.contains("\n") && text.count > 20, "\(text)")
    }
    let model = try compile(InferenceOptions(inputShapes: [[1, 3, 8, 8]]))
    #expect(throws: TesseraError.self) { try model.run([[1, 2, 3]]) }
    #expect(throws: TesseraError.self) { try model.run([]) }
  }

  @Test func `broken bytes are refused in one line`() throws {
    let half = TinyModel.onnx.prefix(TinyModel.onnx.count / 2)
    for bytes in [Data(), Data([0]), Data("not a model".utf8), Data(half)] {
      let error = #expect(throws: TesseraError.self) {
        try #require(TestEngine.shared).compile(
          onnx: bytes, options: InferenceOptions(inputShapes: [[1, 3, 8, 8]]))
      }
      #expect(error?.description.hasPrefix("reading the model: ") == true)
      #expect(error?.description.contains("\n") == false)
    }
  }

  @Test func `no threads and no streams are refused`() throws {
    let shapes = [[1, 3, 8, 8]]
    #expect(throws: TesseraError.self) {
      try compile(InferenceOptions(threads: 0, inputShapes: shapes))
    }
    #expect(throws: TesseraError.self) {
      try compile(InferenceOptions(streams: 0, inputShapes: shapes))
    }
  }
}
