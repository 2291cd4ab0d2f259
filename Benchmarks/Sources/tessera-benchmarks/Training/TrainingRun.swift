import Foundation

/// Some steps of `tessera train` on pictures of noise, as its own `loss.csv` tells.
struct TrainingRun {
  /// Seconds of each step but the first, which makes the kernels.
  let steps: [Double]
  /// Seconds of them spent waiting for data.
  let dataWait: Double
  let peakMegabytes: Double

  static let side = 128

  /// Trains in f32 unless told otherwise.
  init(
    _ method: String, _ options: [String] = [], count: Int, data: String, work: String
  ) throws {
    let output = "\(work)/train-\(method)"
    try? FileManager.default.removeItem(atPath: output)
    defer { try? FileManager.default.removeItem(atPath: output) }
    let result = try run(
      tessera,
      [
        "train", method, "--data", data, "--output", output, "--crop-size", "\(Self.side)",
        "--load-size", "143", "--max-steps", "\(count + 1)", "--quiet",
      ] + options)
    peakMegabytes = result.peakMegabytes
    let rows = try String(contentsOfFile: "\(output)/loss.csv", encoding: .utf8)
      .split(separator: "\n").dropFirst(2).map { $0.split(separator: ",").map { Double($0) ?? 0 } }
    steps = rows.map { $0[2] }
    dataWait = rows.reduce(0) { $0 + $1[3] }
  }

  /// Two domains of pictures, larger than what is cut out of them.
  static func pictures(_ work: String) throws -> String {
    let data = "\(work)/domains"
    for domain in ["A", "B"] {
      let folder = "\(data)/train\(domain)"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      for index in 0..<8 {
        let path = "\(folder)/\(index).png"
        guard !FileManager.default.fileExists(atPath: path) else { continue }
        let seed = "\(index + (domain == "A" ? 0 : 100))"
        _ = try run("vips", ["perlin", path + "[]", "256", "256", "--seed", seed, "--uchar"])
      }
    }
    return data
  }
}
