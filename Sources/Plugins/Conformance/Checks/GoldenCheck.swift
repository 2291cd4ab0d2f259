import Foundation
import Networks
import TesseraPlugin
import Translation

/// Whether a pair still gives the output that it came with.
enum GoldenCheck {
  /// A level of 8 bits.
  private static let tolerance: Float = 1 / 255

  static func run(_ subject: ConformanceSubject) throws -> ConformanceResult {
    if subject.kind == .model {
      let package = try subject.folder.map { try PluginFolder($0) }
      guard case .model(let manifest) = package?.content, manifest.golden != nil else {
        return .notApplicable("the package has no golden sample")
      }
      return .passed("the network gave its golden output when it was opened")
    }
    let names = ["golden-\(subject.description.id).safetensors", "golden.safetensors"]
    guard let folder = subject.folder,
      let url = names.map({ folder.appending(path: $0) }).first(where: {
        FileManager.default.fileExists(atPath: $0.path)
      })
    else { return .notApplicable("there is no golden.safetensors beside it") }
    let name = url.lastPathComponent
    let file: SafetensorsFile
    do {
      file = try SafetensorsFile.read(url.path)
    } catch {
      return .failed("\(name): \(error.reason)")
    }
    guard let input = file.tensors["input"], let output = file.tensors["output"],
      input.shape.count == 3, output.shape.count == 3, input.count > 0
    else {
      return .failed("\(name) holds no tensors 'input' and 'output' of rows, columns, channels")
    }
    return try compare(input, output, name, subject)
  }

  private static func compare(
    _ input: CheckpointTensor, _ output: CheckpointTensor, _ name: String,
    _ subject: ConformanceSubject
  ) throws -> ConformanceResult {
    guard input.shape[2] == subject.description.channels else {
      return .failed(
        "\(name): the input has \(input.shape[2]) channels, the pair takes"
          + " \(subject.description.channels)")
    }
    let format = subject.formats.last ?? .uint8
    let picture = picture(input, format, subject.description)
    let driver: WindowDriver
    switch try subject.calibrate(picture) {
    case .ready(let ready): driver = ready
    case .copies(let reason), .refuses(let reason):
      return .failed("\(name): the pair does not translate its golden input: \(reason)")
    }
    let made: [UInt8]
    switch try driver.runGuarded(driver.whole) {
    case .bytes(let bytes): made = bytes
    case .refused(let reason):
      return .failed("\(name): the pair does not translate its golden input: \(reason)")
    }
    let expected = output.floats()
    let (scale, channels) = (driver.pair.scale, driver.pair.outputChannels)
    let shape = [scale.output(input.shape[0]), scale.output(input.shape[1]), channels]
    guard output.shape == shape else {
      return .failed("\(name): the output is of \(output.shape), the pair makes \(shape)")
    }
    let white = driver.outputFormat.white
    var largest: Float = 0
    for (index, value) in expected.enumerated() {
      let own = Float(SampleDifference.value(made, index, driver.outputFormat)) / white
      let distance = abs(own - value)
      largest = distance.isNaN ? .infinity : max(largest, distance)
    }
    let text = "largest difference to the golden output \(largest * 255) levels of 255"
    return largest <= tolerance * 1.001
      ? .passed(text) : .failed("\(text); 1 is allowed")
  }

  private static func picture(
    _ input: CheckpointTensor, _ format: SampleFormat, _ pair: PairDescription
  ) -> TestPicture {
    let values = input.floats()
    let (height, width, channels) = (input.shape[0], input.shape[1], input.shape[2])
    let isLabel = if case .labels = pair.input { true } else { false }
    var tile = Tile(
      region: PixelRegion(x: 0, y: 0, width: width, height: height), channels: channels,
      format: format)
    for row in 0..<height {
      let samples = values[(row * width * channels)..<((row + 1) * width * channels)]
        .map { isLabel ? $0 : $0 * format.white }
      switch format {
      case .uint8: fill(row, of: &tile, samples) { UInt8(saturating: $0) }
      case .uint16: fill(row, of: &tile, samples) { UInt16(saturating: $0) }
      case .float32: fill(row, of: &tile, samples) { $0 }
      }
    }
    return TestPicture(pair, tile)
  }

  private static func fill<S: Sample>(
    _ row: Int, of tile: inout Tile, _ values: [Float], _ store: (Float) -> S
  ) {
    tile.withMutableRow(row, columns: tile.region.columns, as: S.self) { samples in
      for index in samples.indices { samples[index] = store(values[index]) }
    }
  }
}
