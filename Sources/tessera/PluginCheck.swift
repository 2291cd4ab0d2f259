import ArgumentParser
import Base
import Terminal
import Foundation
import Plugins
import TesseraPlugin
import Translation

/// `tessera plugin check`.
struct PluginCheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Checks that a plugin keeps to what it declares and to what Tessera promises.",
    discussion: """
      Runs every pair of the plugin on test pictures: what it reads around a pixel, with every option \
      at its ends, at all resolutions and in pictures of all sizes; whether it gives the same again, \
      in another process, on many threads and in tiles of any size; what it makes of odd pictures; \
      whether it leaks or crashes. What is checked is a copy as 'plugin install' would make it, in a \
      process of its own, so a crash ends a check and not the others. Exit status 1 where a check \
      failed, 65 where the plugin cannot be opened.
        tessera plugin check Sepia
        tessera plugin check Sepia --set strength=0.5
        tessera plugin check --pair stain-normalization
      """)

  @Argument(
    help: ArgumentHelp(
      "A folder of a plugin or model package, or a library; without one, an installed pair.",
      valueName: "path"))
  var path: String?

  @Option(help: ArgumentHelp("Check this pair only.", valueName: "id"))
  var pair: String?

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "Fix an option of the pair; all others are varied. May be repeated.", valueName: "key=value"))
  var settings: [String] = []

  @Option(
    help: ArgumentHelp(
      "Check with this reference, an image or a file of 'tessera fit' (default: the pair's own of the test picture, where it needs one).",
      valueName: "file"))
  var reference: String?

  @OptionGroup var plugins: PluginArguments

  @Option(
    help: ArgumentHelp(
      "Watch memory over so many windows (default: 10000, 4000 with --quick).",
      valueName: "n"))
  var windows: Int?

  @Option(
    help: ArgumentHelp(
      "Take a plugin for hung after so many seconds without a sign.", valueName: "s"))
  var timeLimit = 60.0

  @Flag(help: "Check only what can be told in a few seconds.")
  var quick = false

  @Flag(help: "Print JSON.")
  var json = false

  @Option(parsing: .singleValue, help: .hidden)
  var only: [String] = []

  @Option(name: .customLong("worker"), help: .hidden)
  var skipped: Int?

  @Flag(help: .hidden)
  var fingerprints = false

  mutating func validate() throws {
    guard path != nil || pair != nil else {
      throw ValidationError("Give the path of a plugin, or a pair with --pair.")
    }
    if let windows, windows < 100 { throw ValidationError("--windows takes a number from 100.") }
    guard timeLimit > 0, timeLimit <= 604_800 else {
      throw ValidationError("--time-limit takes seconds above 0, at most 604800 (a week).")
    }
  }

  func run() throws {
    let program = Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0])
    if skipped != nil || fingerprints {
      let (command, path) = (self, path)
      var limits = ConformanceLimits(isQuick: quick, windows: windows)
      if !only.isEmpty { limits.only = Set(only) }
      let worker = ConformanceWorker(
        limits,
        other: (program, { command.arguments(path, pair: $0) + ["--fingerprints"] }),
        choices: { try command.choices(for: $0) })
      if let skipped {
        worker.run(skipping: skipped) { try found() }
      } else {
        worker.tellFingerprints { try found() }
      }
      // Nothing of a plugin that has been checked runs any more.
      _exit(0)
    }
    Interruption.listen()
    let name = path ?? pair ?? ""
    try CommandRunner.run(name) {
      let start = ContinuousClock.now
      var report = ConformanceReport(name, isLive: !json)
      let copy = try staged()
      defer { withExtendedLifetime(copy) {} }
      let supervisor = ConformanceSupervisor(
        program: program, arguments: arguments(copy?.url.path ?? path, pair: pair) + ["--worker"],
        path: name, timeLimit: timeLimit)
      func named(_ text: String) -> String { copy?.named(text) ?? text }
      do {
        try supervisor.run(
          isCancelled: { Interruption.isRequested },
          began: { pair, check, number, count in
            guard !json else { return }
            report.show("\(pair): \(check) (\(number) of \(count))")
          }
        ) {
          report.add($0.replacingDetail(named($0.detail)))
        }
      } catch let error as UnusablePlugin {
        guard !error.isUsage else { throw UsageError(named(error.description)) }
        Console.complain(named(error.description))
        throw ExitCode.badData
      }
      if Interruption.isRequested { throw Interruption.exitCode }
      report.finish(seconds: Double((ContinuousClock.now - start).components.seconds))
      guard report.hasPassed else { throw ExitCode.someFailed }
    }
  }

  /// The copy that is checked; nil of a pair that is installed.
  private func staged() throws -> StagedPlugin? {
    do throws(TesseraError) {
      return try path.map { path throws(TesseraError) in
        try StagedPlugin(path, isCancelled: { Interruption.isRequested })
      }
    } catch {
      throw Interruption.isRequested ? Interruption.exitCode : error
    }
  }

  /// Those of a process that runs the checks.
  private func arguments(_ path: String?, pair: String?) -> [String] {
    var arguments = ["plugin", "check"]
    if let path { arguments.append(path) }
    if let pair { arguments += ["--pair", pair] }
    for setting in settings { arguments += ["--set", setting] }
    if let reference { arguments += ["--reference", reference] }
    for plugin in plugins.plugins { arguments += ["--plugin", plugin] }
    if let windows { arguments += ["--windows", "\(windows)"] }
    if quick { arguments.append("--quick") }
    for name in only { arguments += ["--only", name] }
    return arguments
  }

  /// What the user chose, held against what `pair` has.
  private func choices(for pair: any DomainPair) throws -> ConformanceChoices {
    var choices = ConformanceChoices()
    do {
      choices.options = try PairArguments.given(settings)
      let options = try PairOptions(choices.options, declared: pair.description.options)
      choices.reference = try reference.map {
        try ReferenceFile.load(
          $0, pair: pair, options: options, engine: TranslationEngine(pool: WorkerPool()))
      }
    } catch let error as PairError {
      throw UnusablePlugin("--set: \(pair.description.id): \(error.message)", isUsage: true)
    } catch let error as UsageError {
      throw UnusablePlugin(error.message, isUsage: true)
    }
    return choices
  }

  /// The pairs to check, and what is wrong with others of the plugin.
  private func found() throws -> (pairs: [CatalogedPair], faults: [String]) {
    let catalog = plugins.catalog
    guard let path else {
      let id = pair ?? ""
      guard let found = catalog.pair(id) else {
        let known = catalog.all().map(\.description.id).joined(separator: ", ")
        throw UsageError("--pair \(id): there is no such pair; there is \(known)")
      }
      return ([found], [])
    }
    let url = URL(filePath: path).absoluteURL.standardizedFileURL
    let all = try catalog.pairs(of: url, place: .named)
    guard let pair else { return (all, catalog.complaints) }
    let pairs = all.filter { $0.description.id == pair }
    guard !pairs.isEmpty else {
      let known = all.map(\.description.id).joined(separator: ", ")
      throw UsageError("\(path): there is no pair '\(pair)' in it; there is \(known)")
    }
    return (pairs, [])
  }
}
