import Foundation

/// The sample slide through a small generator: what the engine adds to the network's own time.
struct NetworkSlide {
  let pass: NetworkPass
  let slide: String
  let tessera: String
  let work: String

  func measure(report: inout Report) throws {
    let calibration = "\(work)/slide.safetensors"
    let cost = try pass.calibrate(slide, to: calibration)
    let output = "\(work)/network-slide.tif"
    // The bare network before, between and after two passes: a machine that drifts treats both
    // alike, and shared ones drift by a third within a minute.
    let result = try pass.run(slide, calibration: calibration, output: output)
    func bare() throws -> Effort {
      try pass.bare(result.windows, size: result.windowSize, calibration: calibration)
    }
    let before = try bare()
    let again = try pass.run(slide, calibration: calibration, output: output)
    let between = try bare()
    let command = try run(
      tessera,
      [
        "translate", slide, "--model", pass.generator.path, "--calibration", calibration,
        "--output", output, "--overwrite", "--json", "--compression", "jpeg",
      ])
    let after = try bare()
    let alone = (before + between + between + after) / 4
    let name = "16384² sample slide through ResNet-6 ngf 16"
    let engine = (again.effort + command.effort) / 2
    let overhead = (engine.seconds / alone.seconds - 1) * 100
    let processor = (engine.processorSeconds / alone.processorSeconds - 1) * 100
    let (width, height) = (result.windowSize[0], result.windowSize[1])
    report.add(
      "\(name), time beyond that of the bare network",
      "\(short(overhead)) % (\(short(engine.seconds)) s to \(short(alone.seconds)) s,"
        + " \(result.windows) windows of \(width) x \(height); by processor time"
        + " \(short(processor)) %)", bar: "10 %", isMet: overhead <= 10)
    let memory = peakMemory(command)
    report.add(
      "the same, peak memory", "\(short(memory)) MB", bar: "1500 MB", isMet: memory <= 1500)
    let skipping = try pass.run(
      slide, calibration: calibration, output: output, keepBackground: true)
    report.add(
      "the same, gain of passing the background through (--keep-background)",
      "\(short(again.effort.seconds / skipping.effort.seconds)) times (\(skipping.windows) of"
        + " \(result.windows) windows run)", bar: "–")
    try? FileManager.default.removeItem(atPath: output)
    report.add(
      "the same, measuring its norms first", "\(short(cost.seconds)) s more", bar: "–")
  }
}
