import Foundation
import Networks
import Plugins
import TestSupport
import Testing

@Suite struct ConformanceGoldenTests {
  /// Beside which a golden sample of an inversion lies, off by so many levels of 255.
  private func finding(off levels: Float) throws -> ConformanceFinding? {
    let folder = try TemporaryDirectory()
    let input = (0..<(5 * 4 * 3)).map { Float($0 * 4) / 255 }
    let tensors = CheckpointTensors([
      (name: "input", tensor: CheckpointTensor(shape: [5, 4, 3], floats: input)),
      (
        name: "output",
        tensor: CheckpointTensor(shape: [5, 4, 3], floats: input.map { 1 - $0 + levels / 255 })
      ),
    ])
    try SafetensorsFile(tensors: tensors).write(to: folder.path("golden.safetensors"))
    var limits = ConformanceLimits(isQuick: true)
    limits.only = ["golden"]
    return ConformanceSuite(limits).run(Inversion(), kind: .swift, url: folder.url)
      .first { $0.check == "golden" }
  }

  @Test func `a golden output is compared to one level of 255`() throws {
    #expect(try finding(off: 0.9)?.outcome == .passed)
    let failed = try finding(off: 1.2)
    #expect(failed?.outcome == .failed && failed?.detail.contains("levels of 255") == true)
  }
}
