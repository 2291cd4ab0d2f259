import Foundation
import Networks
import Testing

@testable import Training

extension LibtorchTests {
  /// What the first steps of a method lose (SPADE has official numbers only), as they did when the long runs of `OverfitTests` passed.
  @Suite struct PinnedStepTests {
    static let pinned: [String: [Double]] = [
      "pix2pix": [
        0.63606, 63.30394, 0.63035, 0.77044, 0.66063, 64.77437, 0.64859, 0.73995, 0.67362, 61.81982,
        0.66441, 0.72398,
      ],
      "cyclegan": [
        0.4715, 0.95597, 6.89553, 3.18716, 0.59732, 1.05008, 6.3027, 3.42583, 0.44217, 0.96194,
        7.09489, 3.23399, 0.54991, 0.99859, 6.45111, 3.47594, 0.4432, 0.92979, 5.66422, 3.10039,
        0.55083, 1.05394, 6.20643, 2.8362,
      ],
      "cut": [
        0.99951, 4.93654, 6.10733, 0.99934, 0.0, 0.99892, 2.77322, 2.77254, 0.99054, 0.0, 0.99817,
        2.77327, 2.77315, 0.98603, 0.0,
      ],
      "fastcut": [
        0.99949, 54.79408, 0.99934, 0.0, 0.9988, 27.7265, 0.99054, 0.0, 0.99776, 27.72406, 0.98603,
        0.0,
      ],
      "pix2pixhd": [
        1.94831, 13.24215, 1.95975, 0.1008, 1.90159, 13.61058, 1.91018, 0.08207, 1.84659, 13.66242,
        1.85115, 0.0807,
      ],
    ]

    private static func method(_ name: String) throws -> any TrainingMethod {
      let small = [
        "ngf": "4", "ndf": "4", "generator": "resnet_1blocks", "discriminator": "patch34",
        "nce-layers": "0,4,8", "patches": "16", "pool-size": "2", "downs": "2", "blocks": "1",
        "discriminator-layers": "2", "dropout": "false",
      ]
      var chosen = try #require(ChosenMethod(named: name))
      for option in Methods.names(of: type(of: chosen.configuration)) {
        if let value = small[option] { try chosen.set(option, value) }
      }
      var configuration = chosen.configuration
      configuration.adapt(to: DataOptions())
      let labels = type(of: configuration).takesLabels
      return try configuration.make(
        MethodSetting(sourceChannels: labels ? 6 : 3, height: 32, width: 32, seed: 1))
    }

    private static func batch(_ index: Int, labels: Bool) -> TensorBatch {
      let target = OverfitTests.picture(index, domain: 1)
      guard labels else {
        return OverfitTests.batch([OverfitTests.picture(index, domain: 0)], [target])
      }
      let map = LabelPicture(
        height: 32, width: 32, labels: (0..<(32 * 32)).map { Int32(($0 / 8 + index) % 6) })
      return OverfitTests.batch([map.oneHot(classes: 6)], [target])
    }

    @Test(arguments: pinned.keys.sorted())
    func `The losses of three steps are what they were`(_ name: String) throws {
      let method = try Self.method(name)
      let labels = name == "pix2pixhd"
      var found: [Double] = []
      for index in 0..<3 {
        let losses = try method.step(
          Self.batch(index, labels: labels), StepContext(index: index, seed: 4))
        try Torch.check()
        found += losses.map(\.value)
      }
      let expected = Self.pinned[name] ?? []
      let isSame =
        found.count == expected.count
        && zip(found, expected).allSatisfy { abs($0 - $1) < 2e-3 * max(1, abs($1)) }
      #expect(isSame, "\"\(name)\": \(found.map { ($0 * 1e5).rounded() / 1e5 }),")
    }
  }
}
