import Foundation
import TestSupport
import Testing

@testable import Networks

/// Networks that others trained, on pictures of their domain.
@Suite(
  .enabled(if: SharedData.isPresent, "needs the shared test data"),
  .enabled(if: NetworkEngine.isPresent, "OpenVINO is missing: run make setup"))
struct FoundNetworkTests {
  /// Translates a picture of 0...255 into one of the same range.
  private func translate(_ picture: Numbers, _ network: RecognizedNetwork) throws -> Numbers {
    let (low, high) = (network.inputRange.lowerBound, network.inputRange.upperBound)
    let scale = (high - low) / 255
    let input = Numbers(shape: picture.shape, values: picture.values.map { $0 * scale + low })
    let output = try NetworkEngine.run(network.graph, [input])[0]
    return Numbers(
      shape: picture.shape, values: output.values.map { max(0, min(255, ($0 - low) / scale)) })
  }

  private func means(_ picture: Numbers) -> [Float] {
    let plane = picture.values.count / 3
    return (0..<3).map {
      picture.values[($0 * plane)..<(($0 + 1) * plane)].reduce(0, +) / Float(plane)
    }
  }

  private func gray(_ picture: Numbers) -> [Float] {
    let plane = picture.values.count / 3
    return (0..<plane).map { place in
      (0..<3).reduce(0) { $0 + picture.values[$1 * plane + place] }
    }
  }

  private func correlation(_ a: [Float], _ b: [Float]) -> Float {
    let count = Float(a.count)
    let (meanA, meanB) = (a.reduce(0, +) / count, b.reduce(0, +) / count)
    let covariance = zip(a, b).reduce(0) { $0 + ($1.0 - meanA) * ($1.1 - meanB) }
    let squareA = a.reduce(0) { $0 + ($1 - meanA) * ($1 - meanA) }
    let squareB = b.reduce(0) { $0 + ($1 - meanB) * ($1 - meanB) }
    return covariance / (squareA * squareB).squareRoot()
  }

  @Test(arguments: cases(["20_winter"], slow: ["14_fall", "19_spring", "20_summer"]))
  func `a season generator paints its season`(name: String) throws {
    let network = try Architecture.recognize(
      Checkpoint.read(SharedData.path("models/season_transformernet/ckpt_epoch_\(name).pth")))
    #expect(network.architecture == .transformerNet)
    #expect(network.configuration == "5 blocks, widths 32, 9x9 outer kernels")
    #expect(network.inputRange == 0...255)
    let folder = SharedData.path("season/testA")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted().prefix(2)
    for file in files {
      let picture = try Numbers(picture: "\(folder)/\(file)")
      let output = try translate(picture, network)
      let (before, after) = (means(picture), means(output))
      let (red, green, blue) = (after[0], after[1], after[2])
      switch name {
      case "14_fall": #expect(red > green + 20 && green > blue + 10, "\(file) \(after)")
      case "19_spring": #expect(red > green + 20 && blue > green, "\(file) \(after)")
      case "20_summer": #expect(green > red + 10 && green > blue, "\(file) \(after)")
      default:
        #expect(blue - red < 20 && blue > before[2] + 20, "\(file) \(after)")
      }
    }
  }

  @Test(
    arguments: cases(
      ["camelyon16_dataset/StainNet-Public-centerUni_layer3_ch32"],
      slow: [
        "aligned_cytopathology_dataset/StainNet-3x0_best_psnr_layer3_ch32",
        "aligned_histopathology_dataset/StainNet-Public_layer3_ch32",
      ]))
  func `a stain network keeps the tissue and its glass`(name: String) throws {
    let network = try Architecture.recognize(
      Checkpoint.read(SharedData.path("models/stainnet/\(name).pth")))
    #expect(network.architecture == .stainNet)
    #expect(network.configuration == "3 1x1 convolutions, width 32")
    for file in ["centre_1/domain_1_701", "centre_3/domain_3_24502"] {
      let picture = try Numbers(picture: SharedData.path("stain/camelyon17/\(file).png"))
      let output = try translate(picture, network)
      #expect(correlation(gray(picture), gray(output)) > 0.9)
      let brightest = output.values.indices.max { picture.values[$0] < picture.values[$1] }
      #expect(output.values[try #require(brightest)] > 200)
    }
  }
}
