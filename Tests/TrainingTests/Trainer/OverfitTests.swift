import Base
import Foundation
import Networks
import TestSupport
import Testing

@testable import Training

extension LibtorchTests {
  /// Methods learn what there is to learn; what a step does is compared with official numbers.
  @Suite(.tags(.slow), .whenSlow) struct OverfitTests {
    static let side = 32

    /// A smooth picture of some colors.
    static func picture(_ index: Int, domain: Int) -> [Float] {
      var numbers = SeededNumbers(seed: 11, .samples, index, domain)
      let waves = (0..<9).map { _ in
        (numbers.unit() * 0.3, numbers.unit() * 0.3, numbers.unit() * 6)
      }
      return (0..<3).flatMap { channel in
        (0..<(side * side)).map { place in
          let (x, y) = (Double(place % side), Double(place / side))
          let sum = waves[(channel * 3)..<(channel * 3 + 3)].reduce(0.0) {
            $0 + sin($1.0 * x + $1.1 * y + $1.2)
          }
          return Float(tanh(sum))
        }
      }
    }

    static func batch(_ sources: [[Float]], _ targets: [[Float]]) -> TensorBatch {
      let plane = side * side
      return TensorBatch(
        source: Tensor(
          sources.flatMap { $0 }, shape: [sources.count, sources[0].count / plane, side, side]),
        target: Tensor(targets.flatMap { $0 }, shape: [targets.count, 3, side, side]))
    }

    static func difference(_ a: [Float], _ b: [Float]) -> Double {
      zip(a, b).reduce(0.0) { $0 + Double(abs($1.0 - $1.1)) } / Double(a.count)
    }

    /// Steps on random batches; at the end the rate falls, as it does in a run.
    static func learn(
      _ method: any TrainingMethod, steps: Int, _ batch: (Int) -> TensorBatch
    ) throws {
      for index in 0..<steps {
        Torch.seed(UInt64(index))
        var context = StepContext(index: index, seed: 4)
        context.rateFactor = min(1, 2 * Double(steps - index) / Double(steps))
        _ = try method.step(batch(index), context)
        try Torch.check()
      }
    }

    private func distance(_ method: any TrainingMethod, _ batch: TensorBatch) throws -> Double {
      let made = try Torch.withoutGradients { () throws(TesseraError) in
        try method.translated(batch)
      }
      return Self.difference(made.values, batch.target.values)
    }

    private let pairs = (0..<4).map { (picture($0, domain: 0), picture($0, domain: 1)) }

    private func learnPairs(_ method: any TrainingMethod, steps: Int) throws -> Double {
      let batches = [
        Self.batch(pairs.map(\.0), pairs.map(\.1))
      ]
      try Self.learn(method, steps: steps) { _ in batches[0] }
      return try distance(method, batches[0])
    }

    @Test func `Pix2Pix learns four pictures by heart`() throws {
      var settings = Pix2Pix.Configuration()
      settings.networks.generator = .unet(side: 32)
      settings.networks.width = 16
      settings.networks.discriminatorWidth = 8
      settings.networks.hasDropout = false
      settings.optimizer.rate = 2e-3
      let l1 = try learnPairs(Pix2Pix(settings, MethodSetting(height: 32, width: 32)), steps: 400)
      #expect(l1 < 0.05, "L1 is \(l1)")
    }

    @Test func `Pix2PixHD learns four pictures by heart`() throws {
      var settings = Pix2PixHD.Configuration()
      settings.width = 16
      settings.discriminatorWidth = 8
      settings.downs = 2
      settings.blocks = 2
      settings.optimizer.rate = 1e-3
      let l1 = try learnPairs(Pix2PixHD(settings, MethodSetting(height: 32, width: 32)), steps: 700)
      #expect(l1 < 0.05, "L1 is \(l1)")
    }

    @Test func `SPADE reproduces the colors of six classes`() throws {
      var settings = SPADE.Configuration()
      settings.width = 8
      settings.discriminatorWidth = 8
      settings.discriminatorLayers = 3
      settings.optimizer.rate = 1e-3
      let palette: [[Float]] = [
        [-1, -1, -1], [0.8, -0.6, -0.6], [-0.6, 0.7, -0.5], [-0.5, -0.4, 0.9], [0.9, 0.9, -0.7],
        [0.9, 0.9, 0.9],
      ]
      func example(_ index: Int) -> (labels: [Float], colors: [Float]) {
        var numbers = SeededNumbers(seed: 2, .samples, index)
        let areas = (0..<16).map { _ in numbers.index(below: 6) }
        let map = LabelPicture(
          height: 32, width: 32,
          labels: (0..<(32 * 32)).map { Int32(areas[$0 / 32 / 8 * 4 + $0 % 32 / 8]) })
        let colors = (0..<3).flatMap { channel in map.labels.map { palette[Int($0)][channel] } }
        return (map.oneHot(classes: 6), colors)
      }
      var setting = MethodSetting(sourceChannels: 6, height: 32, width: 32)
      setting.seed = 1
      let spade = try SPADE(settings, setting)
      try Self.learn(spade, steps: 500) { index in
        let examples = (0..<2).map { example(index * 2 + $0) }
        return Self.batch(examples.map(\.labels), examples.map(\.colors))
      }
      // Maps that it has not seen.
      let unseen = (0..<4).map { example(1_000_000 + $0) }
      let batch = Self.batch(unseen.map(\.labels), unseen.map(\.colors))
      let made = try Torch.withoutGradients { () throws(TesseraError) in
        try spade.translated(batch)
      }.values
      let plane = 32 * 32
      var right = 0
      for image in 0..<4 {
        for place in 0..<plane {
          func distance(_ color: [Float]) -> Float {
            (0..<3).reduce(0) { $0 + abs(made[(image * 3 + $1) * plane + place] - color[$1]) }
          }
          let nearest = palette.indices.min { distance(palette[$0]) < distance(palette[$1]) }
          let target = (0..<3).map { batch.target.values[(image * 3 + $0) * plane + place] }
          if let nearest, palette[nearest] == target { right += 1 }
        }
      }
      #expect(Double(right) > 0.95 * Double(4 * plane), "\(right) of \(4 * plane) pixels")
      let l1 = Self.difference(made, batch.target.values)
      #expect(l1 < 0.1, "L1 is \(l1)")
    }

    /// Pictures in which red dominates, and pictures of the same kind in which blue does.
    private func hue(_ index: Int, isBlue: Bool) -> [Float] {
      let plane = Self.side * Self.side
      let gray = Array(Self.picture(index, domain: isBlue ? 3 : 2)[..<plane])
      let strong = gray.map { 0.4 + 0.5 * $0 }
      let weak = gray.map { -0.5 + 0.4 * $0 }
      return isBlue ? weak + weak + strong : strong + weak + weak
    }

    private func swapped(_ picture: [Float]) -> [Float] {
      let plane = Self.side * Self.side
      return Array(picture[(2 * plane)...] + picture[plane..<(2 * plane)] + picture[..<plane])
    }

    /// How far from the exchanged hue, of how much, a run comes.
    ///
    /// With some seeds, such as 0, the generators never get away from copying.
    private func learnHue(
      _ make: (MethodSetting) throws -> any TrainingMethod, steps: Int
    ) throws -> (Double, Double) {
      let unseen = (0..<4).map { hue(500_000 + $0, isBlue: false) }
      let batch = Self.batch(unseen, unseen.map(swapped))
      let method = try make(MethodSetting(height: 32, width: 32, seed: 1))
      try Self.learn(method, steps: steps) { index in
        let places = (0..<4).map { index * 4 + $0 }
        return Self.batch(
          places.map { hue($0, isBlue: false) }, places.map { hue($0 + 7_000, isBlue: true) })
      }
      let untouched = Self.difference(unseen.flatMap { $0 }, batch.target.values)
      return (try distance(method, batch), untouched)
    }

    @Test func `CycleGAN learns to exchange a hue`() throws {
      var settings = CycleGAN.Configuration()
      settings.networks.generator = .resnet(blocks: 1)
      settings.networks.width = 8
      settings.networks.discriminatorWidth = 16
      settings.networks.discriminator = .patch(layers: 2)
      settings.lambdaIdentity = 0
      settings.optimizer.rate = 1e-3
      let (found, untouched) = try learnHue({ try CycleGAN(settings, $0) }, steps: 500)
      #expect(found < 0.3 * untouched, "\(found) of \(untouched)")
    }

    @Test func `CUT learns to exchange a hue`() throws {
      var settings = CUT.Configuration()
      settings.networks.generator = .resnet(blocks: 1)
      settings.networks.width = 8
      settings.networks.discriminatorWidth = 16
      settings.networks.discriminator = .patch(layers: 2)
      settings.layers = [0, 4, 8]
      settings.lambdaNCE = 4
      settings.patches = 64
      settings.featureLength = 32
      settings.optimizer.rate = 5e-4
      let (found, untouched) = try learnHue({ try CUT(settings, $0) }, steps: 500)
      #expect(found < 0.3 * untouched, "\(found) of \(untouched)")
    }
  }
}
