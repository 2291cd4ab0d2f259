import Base
import Foundation
import Metrics
import TestSupport
import Testing

@testable import Evaluation

struct MetricChoiceTests {
  let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  private func sets(input: Bool = false) throws -> EvaluatedSets {
    let paths = try ["a.ppm", "b.ppm"].map {
      try TestImages.writePPM(folder.path($0), width: 40, height: 30)
    }
    return try EvaluatedSets(
      result: paths[0], target: paths[1], input: input ? paths[1] : nil, mask: nil)
  }

  @Test func `what suits the images is chosen where nothing is named`() throws {
    let choice = try MetricChoice(nil, sets())
    #expect(choice.pairs == [.psnr, .ssim, .mae, .rmse, .deltaE])
    #expect(choice.content.isEmpty && choice.sets.isEmpty && !choice.areLabels)
  }

  @Test func `with an input, structure is compared with it and the rest with the target`() throws {
    let choice = try MetricChoice(([.psnr, .edgeSSIM], []), sets(input: true))
    #expect(choice.pairs == [.psnr] && choice.content == [.edgeSSIM])
  }

  @Test func `what needs a network is refused without one`() throws {
    let sets = try sets()
    #expect(throws: UsageError.self) { try MetricChoice(([], [.fid]), sets) }
    #expect(throws: UsageError.self) {
      try MetricChoice(([.lpips], []), sets, backbone: Backbone("network.onnx"))
    }
    let choice = try MetricChoice(([], [.fid]), sets, backbone: Backbone("network.onnx"))
    #expect(choice.sets == [.fid])
  }

  @Test func `label maps are measured by themselves`() throws {
    let sets = try sets()
    #expect(try MetricChoice(([.dice], []), sets).areLabels)
    #expect(throws: UsageError.self) { try MetricChoice(([.dice, .psnr], []), sets) }
  }
}
