import Base
import Foundation
import TestSupport
import Testing

@testable import Training

/// One declaration of an option drives the command line, the checks, the record and the step.
struct MethodOptionTests {
  static let methods = ["pix2pix", "cyclegan", "cut", "fastcut", "spade", "pix2pixhd"]

  private func settings(_ method: String) throws -> TrainingSettings {
    TrainingSettings(try #require(ChosenMethod(named: method)), data: "data", threads: 1)
  }

  /// A value of each option that is not its default.
  private static let others: [String: String] = [
    "generator": "resnet_3blocks", "discriminator": "pixel", "norm": "none",
    "discriminator-norm": "batch", "gan-mode": "nonsaturating", "init-type": "orthogonal",
    "nce-layers": "0,4", "perceptual": "vgg.onnx", "upsampling": "most", "beta1": "0.25",
    "beta2": "0.75", "scales": "3", "discriminator-layers": "5",
  ]

  @Test(arguments: methods)
  func `every option goes through the record of a run and comes back`(_ method: String) throws {
    let before = try settings(method)
    let type = try #require(Methods.all.first { $0.name == method })
    let names = Methods.names(of: type)
    #expect(Set(names).count == names.count)
    for name in names {
      var changed = before
      for value in [Self.others[name], "true", "false", "3", "2"].compactMap(\.self) {
        guard (try? changed.method.set(name, value)) != nil, changed != before else { continue }
        break
      }
      #expect(changed != before, "\(name)")
      let record = try JSONEncoder().encode(changed)
      #expect(try JSONDecoder().decode(TrainingSettings.self, from: record) == changed, "\(name)")
      #expect(changed.table[name] != before.table[name], "\(name)")
      let error = #expect(throws: TesseraError.self) {
        try before.checkResuming(changed, run: "run")
      }
      #expect(error?.reason.contains("begun with another \(name):") == true, "\(name)")
    }
    #expect(throws: Never.self) { try before.checkResuming(before, run: "run") }
  }

  /// What an earlier version wrote of a run: only what was chosen, by the names of fields.
  private func old(_ method: String, _ options: String, _ more: String = "") -> Data {
    Data(
      """
      {"method": "\(method)", "data": "data", "options": {\(options)}, \(more)
       "reading": {"direction": "BtoA", "preprocess": "crop", "loadSize": 286, "cropSize": 128,
        "flips": true, "turns": false, "stainJitter": 0, "isSerial": false, "palette": "auto",
        "usesInstances": true, "cropsPerSlide": 100},
       "epochs": 5, "epochsDecay": 6, "batchSize": 1, "schedule": "linear", "seed": 7,
       "precision": "f32", "device": "cpu", "threads": 2}
      """.utf8)
  }

  @Test func `the record of an earlier version means the same run`() throws {
    let cut = try JSONDecoder().decode(
      TrainingSettings.self,
      from: old(
        "cut",
        """
        "generator": "resnet_6blocks", "discriminator": {"patch": {"layers": 2}}, "ngf": 32,
        "antialiased": false, "lambdaNCE": 2.5, "nceIdentity": false, "nceLayers": [0, 8],
        "ganMode": "hinge", "learningRate": 0.001, "initType": "normal"
        """))
    var expected = CUT.Configuration()
    expected.networks.generator = .resnet(blocks: 6)
    expected.networks.discriminator = .patch(layers: 2)
    expected.networks.width = 32
    expected.networks.isAntialiased = false
    expected.lambdaNCE = 2.5
    expected.hasIdentity = false
    expected.layers = [0, 8]
    expected.adversarial = .hinge
    expected.optimizer.rate = 0.001
    expected.networks.initialization.kind = .normal
    #expect(cut.method == ChosenMethod(expected))
    // Its sampler counted all examples.
    #expect(cut.heldOut == [] && cut.reading.holdOut == nil)
    let spade = try JSONDecoder().decode(
      TrainingSettings.self,
      from: old("spade", #""usesVAE": true, "zDim": 8"#, #""perceptual": "vgg.onnx","#))
    var latent = SPADE.Configuration()
    latent.latentLength = 8
    latent.perceptual = "vgg.onnx"
    #expect(spade.method == ChosenMethod(latent))
    let pixel = try JSONDecoder().decode(
      TrainingSettings.self, from: old("pix2pix", #""discriminator": {"pixel": {}}"#))
    #expect(
      (try pixel.configuration() as? Pix2Pix.Configuration)?.networks.discriminator == .pixel)
    // The U-Net follows the crop, as it did.
    #expect(try pixel.configuration().sizeMultiple == 128)
  }

  @Test(arguments: [
    ("cut", "patches", "0"), ("cut", "nce-layers", "-1"), ("cut", "nce-layers", ""),
    ("cut", "gan-mode", "wgangp"), ("spade", "scales", "7"), ("pix2pixhd", "downs", "9"),
    ("cyclegan", "pool-size", "100001"), ("pix2pix", "beta2", "1"), ("pix2pix", "init-gain", "inf"),
    ("pix2pix", "generator", "unet_48"), ("cyclegan", "lambda-cycle", "-0.1"),
    ("spade", "z-dim", "9999999999999999999"), ("cut", "nce-identity", "maybe"),
  ])
  func `a value out of range is refused, given or recorded`(
    _ method: String, _ option: String, _ value: String
  ) throws {
    var settings = try settings(method)
    let error = #expect(throws: TesseraError.self) { try settings.method.set(option, value) }
    #expect(error?.path == "--\(option)" && error?.reason.contains("it takes ") == true)
    let text = Double(value) == nil ? "\"\(value)\"" : value
    #expect(throws: (any Error).self) {
      try JSONDecoder().decode(
        TrainingSettings.self, from: old(method, "\"\(option)\": \(text)"))
    }
  }

  @Test func `an option of another method is refused by its name`() throws {
    var settings = try settings("cut")
    let error = #expect(throws: TesseraError.self) {
      try settings.method.set("lambda-cycle", "1")
    }
    #expect(
      error?.description.contains(
        "--lambda-cycle: reading the options: it is an option of cyclegan;")
        == true)
    #expect(error?.description.contains("cut has --lambda-nce, --lambda-gan, ") == true)
    #expect(throws: TesseraError.self) {
      try JSONDecoder().decode(TrainingSettings.self, from: old("cut", #""lambdaL1": 1"#))
    }
  }

  @Test func `options that do not go together are refused`() throws {
    for (method, options, words) in [
      ("spade", ["z-dim": "8"], "it needs --use-vae"),
      ("pix2pix", ["residual": "true"], "a U-Net has none"),
      ("cut", ["residual": "true", "generator": "unet_64"], "a U-Net has none"),
    ] {
      var settings = try settings(method)
      for (option, value) in options { try settings.method.set(option, value) }
      let error = #expect(throws: TesseraError.self) { try settings.configuration() }
      #expect(error?.reason.contains(words) == true)
    }
  }
}
