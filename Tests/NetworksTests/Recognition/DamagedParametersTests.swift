import Base
import ModelGraph
import Testing

@testable import Networks

struct DamagedParametersTests {
  /// Small networks of every kind.
  private static let networks: [any Network] = {
    var resnet = ResNetGenerator()
    (resnet.width, resnet.blocks, resnet.blursDown, resnet.hasDropout) = (2, 2, true, true)
    var batch = ResNetGenerator()
    (batch.width, batch.blocks, batch.norm, batch.hasBias) = (2, 1, .batch, false)
    var local = LocalEnhancer()
    (local.width, local.enhancers, local.global.width, local.global.downs) = (1, 2, 4, 1)
    var unet = UNetGenerator()
    (unet.width, unet.downs) = (1, 6)
    var spade = SPADEGenerator()
    (spade.width, spade.labelChannels, spade.hidden) = (1, 2, 1)
    var style = TransformerNet()
    (style.widths, style.naming) = ([2, 3, 4, 5], .grouped)
    var patch = PatchDiscriminator()
    patch.width = 2
    var scales = MultiscaleDiscriminator()
    (scales.width, scales.returnsFeatures) = (2, false)
    var spectral = SPADEDiscriminator()
    spectral.width = 2
    var encoder = SPADEEncoder()
    (encoder.width, encoder.latentLength) = (1, 2)
    return [
      resnet, batch, local, unet, spade, style, StainNet(), patch, PixelDiscriminator(), scales,
      spectral, encoder,
    ]
  }()

  @Test(arguments: networks.indices)
  func `damaged parameters are refused, never fatal`(index: Int) throws {
    var generator = SeededNumbers(state: UInt64(index))
    let whole = Parameters(for: Self.networks[index])
    let other = Parameters(for: Self.networks[(index + 1) % Self.networks.count])
    let sizes = [0, 1, 2, 3, 4, 7, 8, 16, 255, -1, 1 << 23, 1 << 40, .max, .min]
    for _ in 0..<25 {
      var damaged = whole
      for _ in 0...Int.random(in: 0..<4, using: &generator) {
        guard let name = damaged.names.randomElement(using: &generator),
          var tensor = damaged[name]
        else { continue }
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: damaged[name] = nil
        case 1:
          let rank = Int.random(in: 0...5, using: &generator)
          tensor.shape = (0..<rank).map { _ in sizes.randomElement(using: &generator) ?? 1 }
          damaged[name] = tensor
        case 2:
          // The place of a module, moved.
          let digits = name.map {
            $0.isNumber ? Character("\(Int.random(in: 0...9, using: &generator))") : $0
          }
          damaged[name] = nil
          damaged[String(digits)] = tensor
        case 3:
          if let stranger = other.names.randomElement(using: &generator) {
            damaged[stranger] = other[stranger]
          }
        default:
          if !tensor.shape.isEmpty {
            let axis = Int.random(in: 0..<tensor.shape.count, using: &generator)
            tensor.shape[axis] = sizes.randomElement(using: &generator) ?? 1
            damaged[name] = tensor
          }
        }
      }
      do throws(ModelError) {
        // Some damage, such as a counter that is gone, does not matter.
        _ = try Architecture.recognize(damaged)
      } catch {
        #expect(!error.description.contains("\n"))
        #expect(error.description.count < 2000)
      }
      for architecture in Architecture.allCases {
        var options = RecognitionOptions()
        options.architecture = architecture
        _ = try? Architecture.recognize(damaged, options: options)
      }
    }
  }
}
