import Base
import Foundation
import TileIO

/// The folder of a training run, which this process alone writes to.
///
/// It holds `config.json`, `loss.csv`, `validation.csv`, `index.html`, `samples/`, `checkpoints/`
/// and `package/`. `config.json` is written last when a run begins: a folder without it is none.
package final class RunDirectory: Sendable {
  /// The folder, as the user named it.
  package let path: String
  /// The method that trains, such as `cyclegan`.
  package let method: String
  private let lock: RunLock

  private init(_ path: String, method: String, lock: RunLock) {
    (self.path, self.method, self.lock) = (path, method, lock)
  }

  /// The losses of the run.
  package var lossLog: String { "\(path)/loss.csv" }
  /// The metrics of the run's epochs.
  package var validationLog: String { "\(path)/validation.csv" }
  /// The page that shows the run.
  package var report: String { "\(path)/index.html" }
  /// The folder of sample grids.
  package var samples: String { "\(path)/\(Self.samplesName)" }
  /// The folder of training states.
  package var checkpoints: String { "\(path)/\(Self.checkpointsName)" }
  /// The folder of the trained network's package.
  package var package: String { "\(path)/\(Self.packageName)" }

  private static let configurationName = "config.json"
  private static let (samplesName, checkpointsName, packageName) =
    ("samples", "checkpoints", "package")
  private static let folders = [samplesName, checkpointsName, packageName]
  private static let (starting, resuming) = ("starting the run", "resuming the run")

  /// Begins a run in a new or empty folder.
  ///
  /// - Throws: An error if the folder holds a run, anything else, or cannot be written to.
  package static func create(
    at path: String, method: String, settings: some Encodable
  ) throws(TesseraError) -> RunDirectory {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      let reason =
        FileManager.default.fileExists(atPath: path)
        ? "there is a file of this name: choose another --output"
        : "the directory cannot be made (\(Self.cause(error))): choose another --output"
      throw TesseraError(path, starting, reason)
    }
    if let fault = occupant(of: path) { throw TesseraError(path, starting, fault) }
    let lock = try RunLock(path)
    // Another process may have been faster until here.
    if let fault = occupant(of: path) { throw TesseraError(path, starting, fault) }
    let run = RunDirectory(path, method: method, lock: lock)
    try run.prepare(starting)
    try run.write(settings)
    return run
  }

  /// Takes away a run that came to no step, so that its folder is free for another try.
  package func abandon() {
    let file = "\(path)/\(Self.configurationName)"
    for log in [file, lossLog, validationLog] { unlink(log) }
    unlink("\(path)/\(Self.volumeName)")
    try? FileManager.default.removeItem(atPath: "\(path)/\(Self.slicesName)")
    // What is not empty stays.
    for folder in [samples, checkpoints, package] { rmdir(folder) }
    unlink("\(path)/\(RunLock.name)")
    rmdir(path)
  }

  /// The folder of slices, where volumes are learned from.
  package static let slicesName = "slices"
  /// The file that says how slices were cut; there once they are complete.
  package static let volumeName = "volume.json"

  /// Opens a run to go on with it.
  ///
  /// - Throws: An error if there is no run of this method, or another process trains into it.
  package static func resume(at path: String, method: String) throws(TesseraError) -> RunDirectory {
    guard FileManager.default.fileExists(atPath: path) else {
      throw TesseraError(
        path, resuming, "there is no such run: leave --resume out to start one, or check the path")
    }
    guard isRun(path) else {
      throw TesseraError(
        path, resuming,
        "it is not the folder of a run, it has no \(configurationName): leave --resume out to start"
          + " one, or check the path")
    }
    let begun = try read(RunHeader.self, from: path).method
    guard begun == method else {
      throw TesseraError(
        path, resuming,
        "it is a run of \(begun), not of \(method): use tessera train \(begun), or choose another"
          + " --output")
    }
    let run = RunDirectory(path, method: method, lock: try RunLock(path))
    try run.prepare(resuming)
    return run
  }

  /// Whether a folder holds a run.
  package static func isRun(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(path)/\(configurationName)")
  }

  /// What was chosen when the run began.
  package func settings<Settings: Decodable>(
    as _: Settings.Type
  ) throws(TesseraError) -> Settings {
    try Self.read(RunRecord<Settings>.self, from: path).settings
  }

  /// Replaces what was chosen, such as when a resumed run shall last longer.
  package func write(_ settings: some Encodable) throws(TesseraError) {
    let file = "\(path)/\(Self.configurationName)"
    let record = RunRecord(method: method, tessera: TesseraVersion.current, settings: settings)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let json: Data
    do { json = try encoder.encode(record) + Data("\n".utf8) } catch {
      throw TesseraError(file, "writing the settings", "they do not fit JSON: \(error)")
    }
    try AtomicFile.write(json, to: file, action: "writing the settings")
  }

  private func prepare(_ action: String) throws(TesseraError) {
    for name in Self.folders {
      do {
        try FileManager.default.createDirectory(
          atPath: "\(path)/\(name)", withIntermediateDirectories: true)
      } catch {
        throw TesseraError(
          "\(path)/\(name)", action, "the directory cannot be made (\(Self.cause(error)))")
      }
    }
    for folder in [path, samples, checkpoints] { Self.removeParts(in: folder) }
  }

  /// Removes what a process that was killed left half-written in a folder.
  private static func removeParts(in folder: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names where isPart(name) { unlink("\(folder)/\(name)") }
  }

  /// Whether a name is that of a file which has not got its own name yet.
  private static func isPart(_ name: String) -> Bool {
    name.hasPrefix(".") && name.contains(".tessera-part")
  }

  private static func read<Record: Decodable>(
    _: Record.Type, from path: String
  ) throws(TesseraError) -> Record {
    let file = "\(path)/\(configurationName)"
    func refused(_ cause: String) -> TesseraError {
      TesseraError(
        file, "reading the settings",
        quoting: "they are not those of a run (\(cause)): correct or restore the file, or start a"
          + " new run")
    }
    let data: Data
    do { data = try Data(contentsOf: URL(filePath: file)) } catch { throw refused(cause(error)) }
    do throws(JSONFault) {
      // Another version may have recorded more.
      return try StrictDecoder.decode(Record.self, from: data, takesUnknown: true)
    } catch {
      throw refused(error.description)
    }
  }

  // Why no run can begin in a folder; what a start that was cut short leaves does not count.
  private static func occupant(of path: String) -> String? {
    if isRun(path) {
      return "it already holds a run: go on with it with --resume, or choose another --output"
    }
    let manager = FileManager.default
    let names: [String]
    do { names = try manager.contentsOfDirectory(atPath: path) } catch {
      return "it cannot be read (\(cause(error))): choose another --output"
    }
    let strangers = names.sorted().filter { name in
      if [RunLock.name, ".DS_Store"].contains(name) || RunDirectory.isPart(name) { return false }
      let content = try? manager.contentsOfDirectory(atPath: "\(path)/\(name)")
      return !(folders.contains(name) && content?.isEmpty == true)
    }
    guard let first = strangers.first else { return nil }
    return "it is not empty and not a run (it holds \(first)): choose another --output"
  }

  private static func cause(_ error: any Error) -> String {
    switch error {
    case let error as CocoaError:
      (error.underlying as? POSIXError).map { String(cString: strerror($0.code.rawValue)) }
        ?? error.localizedDescription
    default: error.localizedDescription
    }
  }
}

/// What `config.json` of a run says.
struct RunRecord<Settings> {
  /// The method that trains, such as `cyclegan`.
  var method: String
  /// Version of Tessera that began the run.
  var tessera: String
  /// Everything that was chosen.
  var settings: Settings
}

extension RunRecord: Encodable where Settings: Encodable {}
extension RunRecord: Decodable where Settings: Decodable {}

/// The part of `config.json` that every method has.
struct RunHeader: Decodable {
  var method: String
}
