import Foundation

/// What it costs that a pair is a plugin.
struct PluginRates {
  let tessera: String
  let slide: String
  let root: URL
  let work: String

  /// Measures a program and a library against the same in the program itself.
  func measure(runs: Int, report: inout Report) throws {
    let identity = root.appending(path: "Benchmarks/plugins/SwiftIdentity").path
    let stain = root.appending(path: "plugins/StainNormalization").path
    for plugin in [identity, stain] { _ = try run(tessera, ["plugin", "build", plugin]) }
    let program = root.appending(path: "Benchmarks/plugins/ProcessIdentity").path
    try compare(
      "a program that returns its input, against the same in Swift, 16384² sample slide",
      ["--pair", "process-identity", "--plugin", program],
      with: ["--pair", "swift-identity", "--plugin", identity], bar: 1.15, runs, &report)
    try compare(
      "Macenko as a Swift plugin, against the same built in, 16384² sample slide",
      ["--pair", "stain-normalization", "--plugin", stain],
      with: ["--pair", "stain-normalization"], bar: 1.03, runs, &report)
    try listing(runs, &report)
  }

  private func compare(
    _ name: String, _ plugin: [String], with peer: [String], bar: Double, _ runs: Int,
    _ report: inout Report
  ) throws {
    var ours: [Double] = []
    var theirs: [Double] = []
    for iteration in 0...runs {
      let mine = try translate(plugin)
      let other = try translate(peer)
      guard iteration > 0 else { continue }  // The first pair warms the file cache.
      ours.append(mine)
      theirs.append(other)
    }
    let ratio = median(zip(ours, theirs).map { $0 / $1 })
    report.add(
      name, "\(short(ratio)) (\(short(median(ours))) s to \(short(median(theirs))) s)",
      bar: "\(short(bar))", isMet: ratio <= bar)
  }

  private func translate(_ arguments: [String]) throws -> Double {
    let output = "\(work)/plugin.tif"
    defer { try? FileManager.default.removeItem(atPath: output) }
    return try run(
      tessera,
      ["translate", slide, "--output", output, "--overwrite", "--compression", "jpeg", "--quiet"]
        + arguments
    ).seconds
  }

  /// Lists the pairs with and without fifty installed packages.
  private func listing(_ runs: Int, _ report: inout Report) throws {
    let folder = "\(work)/fifty"
    let sharpen = root.appending(path: "plugins/Sharpen")
    try? FileManager.default.removeItem(atPath: folder)
    for number in 0..<50 {
      let package = URL(filePath: folder).appending(path: "tessera/plugins/sharpen-\(number)")
      try FileManager.default.createDirectory(
        at: package.deletingLastPathComponent(), withIntermediateDirectories: true)
      try FileManager.default.copyItem(at: sharpen, to: package)
      let manifest = package.appending(path: "pair.json")
      let text = try String(contentsOf: manifest, encoding: .utf8)
      try Data(text.replacing("\"sharpen\"", with: "\"sharpen-\(number)\"").utf8)
        .write(to: manifest)
    }
    let data = ProcessInfo.processInfo.environment["XDG_DATA_HOME"]
    defer { data.map { _ = setenv("XDG_DATA_HOME", $0, 1) } ?? { _ = unsetenv("XDG_DATA_HOME") }() }
    var added: [Double] = []
    for _ in 0..<max(runs, 5) * 2 {
      setenv("XDG_DATA_HOME", "\(work)/none", 1)
      let without = try run(tessera, ["pairs"])
      setenv("XDG_DATA_HOME", folder, 1)
      let with = try run(tessera, ["pairs"])
      guard with.output.contains("sharpen-49") else {
        throw RunFailure(description: "fifty packages are not listed")
      }
      added.append((with.seconds - without.seconds) * 1000)
    }
    report.add(
      "'tessera pairs' with 50 packages installed, time added", "\(short(median(added))) ms",
      bar: "50 ms", isMet: median(added) <= 50)
  }
}
