import ArgumentParser
import CommandLineConduct
import Foundation
import Plugins
import Translation

/// `tessera plugin check`.
struct PluginCheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Checks that a plugin keeps to what it declares and to what Tessera promises.",
    discussion: """
      Runs every pair of the plugin on test pictures: what it reads around a pixel, whether it gives \
      the same again, on many threads and in tiles of any size, what it makes of odd pictures, \
      whether it leaks. The plugin runs in a process of its own, so a crash ends a check and not \
      the others. Exit status 1 where a check failed, 65 where the plugin cannot be opened.
        tessera plugin check Sepia
        tessera plugin check --pair stain-normalization
      """)

  @Argument(
    help: ArgumentHelp(
      "A folder of a plugin or model package, or a library; without one, an installed pair.",
      valueName: "path"))
  var path: String?

  @Option(help: ArgumentHelp("Check this pair only.", valueName: "id"))
  var pair: String?

  @OptionGroup var plugins: PluginArguments

  @Option(
    help: ArgumentHelp(
      "Windows over which memory must be steady (default: 10000, 4000 with --quick).",
      valueName: "n"))
  var windows: Int?

  @Option(
    help: ArgumentHelp(
      "Seconds without a sign after which a plugin counts as hung.", valueName: "s"))
  var timeLimit = 60.0

  @Flag(help: "Only what can be told in a few seconds.")
  var quick = false

  @Flag(help: "Print JSON.")
  var json = false

  @Option(name: .customLong("worker"), help: .hidden)
  var skipped: Int?

  mutating func validate() throws {
    guard path != nil || pair != nil else {
      throw ValidationError("Give the path of a plugin, or a pair with --pair.")
    }
    if let windows, windows < 100 { throw ValidationError("--windows takes a number from 100.") }
    guard timeLimit > 0, timeLimit < 1e6 else {
      throw ValidationError("--time-limit takes seconds above 0.")
    }
  }

  func run() throws {
    if let skipped {
      ConformanceWorker(ConformanceSuite(ConformanceLimits(isQuick: quick, windows: windows)))
        .run(skipping: skipped) { try found() }
      // Nothing of a plugin that has been checked runs any more.
      _exit(0)
    }
    Interruption.listen()
    let name = path ?? pair ?? ""
    try Conduct.run(name) {
      let start = ContinuousClock.now
      var report = ConformanceReport(name, isLive: !json)
      let supervisor = ConformanceSupervisor(
        program: Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0]),
        arguments: workerArguments, path: name, timeLimit: timeLimit)
      do {
        try supervisor.run(isCancelled: { Interruption.isRequested }) { report.add($0) }
      } catch let error as PluginRefusal {
        Console.complain("\(error)")
        throw ExitCode.badData
      }
      if Interruption.isRequested { throw Interruption.exitCode }
      report.finish(seconds: Double((ContinuousClock.now - start).components.seconds))
      guard report.hasPassed else { throw ExitCode.someFailed }
    }
  }

  private var workerArguments: [String] {
    var arguments = ["plugin", "check"]
    if let path { arguments.append(path) }
    if let pair { arguments += ["--pair", pair] }
    for plugin in plugins.plugins { arguments += ["--plugin", plugin] }
    if let windows { arguments += ["--windows", "\(windows)"] }
    if quick { arguments.append("--quick") }
    return arguments + ["--worker"]
  }

  /// The pairs to check, and what is wrong with others of the plugin.
  private func found() throws -> (pairs: [CataloguedPair], faults: [String]) {
    let catalogue = plugins.catalogue
    guard let path else {
      let id = pair ?? ""
      guard let found = catalogue.pair(id) else {
        let known = catalogue.all().map(\.description.id).joined(separator: ", ")
        throw UsageError("--pair \(id): there is no such pair; there is \(known)")
      }
      return ([found], [])
    }
    let url = URL(filePath: path).absoluteURL.standardizedFileURL
    let all = try catalogue.pairs(of: url, place: .named)
    guard let pair else { return (all, catalogue.complaints) }
    let pairs = all.filter { $0.description.id == pair }
    guard !pairs.isEmpty else {
      let known = all.map(\.description.id).joined(separator: ", ")
      throw UsageError("\(path): there is no pair '\(pair)' in it; there is \(known)")
    }
    return (pairs, [])
  }
}
