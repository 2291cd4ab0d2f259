import Foundation

/// One finished run of a program.
struct Run {
  let effort: Effort
  let peakMegabytes: Double
  let output: String

  var seconds: Double { effort.seconds }
}

/// A program that failed.
struct RunFailure: Error, CustomStringConvertible {
  let description: String
}

/// Runs a program and measures it from outside.
func run(_ program: String, _ arguments: [String]) throws -> Run {
  let folder = FileManager.default.temporaryDirectory
  let outputURL = folder.appending(path: "tessera-benchmark-\(UUID().uuidString)")
  try Data().write(to: outputURL)
  defer { try? FileManager.default.removeItem(at: outputURL) }
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  posix_spawn_file_actions_addopen(&actions, 1, outputURL.path, O_WRONLY | O_TRUNC, 0o600)
  var strings: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
  defer { strings.forEach { free($0) } }
  var identifier: pid_t = 0
  let start = ContinuousClock.now
  guard posix_spawnp(&identifier, program, &actions, nil, &strings, environ) == 0 else {
    throw RunFailure(description: "\(program) cannot be started")
  }
  var status: Int32 = 0
  var usage = rusage()
  wait4(identifier, &status, 0, &usage)
  let effort = Effort(since: start, usage)
  guard status == 0 else {
    throw RunFailure(description: "\(program) \(arguments.joined(separator: " ")) failed")
  }
  #if os(macOS)
    let peak = Double(usage.ru_maxrss) / 1e6
  #else
    let peak = Double(usage.ru_maxrss) * 1024 / 1e6
  #endif
  let output = (try? String(contentsOf: outputURL, encoding: .utf8)) ?? ""
  return Run(effort: effort, peakMegabytes: peak, output: output)
}

/// The most memory in use, in MB, as a run of tessera with `--json` says itself.
func peakMemory(_ run: Run) -> Double {
  let object = try? JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
  return object?["peakMemoryMB"] as? Double ?? run.peakMegabytes
}

/// The middle value.
func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  return sorted.isEmpty ? .nan : sorted[sorted.count / 2]
}

/// A number with two decimals.
func short(_ value: Double) -> String {
  value >= 100 ? "\(Int(value.rounded()))" : "\((value * 100).rounded() / 100)"
}
