import Inference

/// A picture of 2048² through a large generator in windows, against the machine's own rate.
struct NetworkImage {
  static let side = 2048
  let pass: NetworkPass
  /// The picture, and a smaller part of it.
  let image: String
  let part: String
  let work: String

  func measure(runs: Int, report: inout Report) throws {
    let engine = pass.engine
    let precision: InferenceOptions.Precision = engine.supportsBF16 ? .bf16 : .f32
    let product = try MatrixProduct(precision: precision, engine: engine)
    let calibration = "\(work)/part.safetensors"
    _ = try pass.calibrate(part, to: calibration)
    let useful = pass.generator.operationsPerPixel * Double(Self.side * Self.side)
    var shares: [Double] = []
    var processorShares: [Double] = []
    var seconds: [Double] = []
    var note = ""
    for _ in 0..<runs {
      let before = try product.rate(runs: 8)
      let result = try pass.run(image, calibration: calibration, output: "\(work)/image.tif")
      let after = try product.rate(runs: 8)
      shares.append(useful / result.effort.seconds / ((before.clock + after.clock) / 2))
      processorShares.append(
        useful / result.effort.processorSeconds / ((before.processor + after.processor) / 2))
      seconds.append(result.effort.seconds)
      let (width, height) = (result.windowSize[0], result.windowSize[1])
      note =
        "\(short(median(seconds))) s, \(result.windows) windows of \(width) x \(height), matrix"
        + " product \(short(after.clock / 1e9)) GFLOP/s"
    }
    let title = "2048² through ResNet-9 ngf 64, share of the \(precision.rawValue) matrix product"
    let measured =
      "\(short(median(shares))) (\(note); by processor time \(short(median(processorShares))))"
    if precision == .bf16 {
      report.add(title, measured, bar: "0.65", isMet: median(shares) >= 0.65)
    } else {
      report.add(
        "2048² through ResNet-9 ngf 64, share of the bf16 matrix product",
        "this processor has no bf16", bar: "0.65")
      report.add(title, measured, bar: "–")
    }
    let cost = try pass.calibrate(image, to: "\(work)/image.safetensors")
    report.add("the same, measuring its norms first", "\(short(cost.seconds)) s more", bar: "–")
  }
}
