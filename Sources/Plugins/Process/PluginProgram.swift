import Base
import Foundation
import Synchronization
import Translation

/// How a program is started, settled once.
struct PluginProgram: Sendable {
  /// Identifier of the pair.
  let id: String
  /// The folder that it runs in.
  let folder: String
  /// The file that is run.
  let executable: String
  /// Its name and its arguments.
  let arguments: [String]
  /// `NAME=VALUE`.
  let environment: [String]
  /// The longest that an answer may take.
  let timeout: Duration
  /// How copies ended that were not asked to.
  let ends = ProgramEnds()
  /// The files of its folder as they were when it was found.
  private let files: FolderSurvey

  /// Whether what it writes to standard error is shown, for those who write plugins.
  static let isLogged = ProcessInfo.processInfo.environment["TESSERA_PLUGIN_LOG"] == "1"

  /// Finds the program that `manifest` names; `files` are those of the folder when that was read.
  init(
    _ manifest: ProcessManifest, folder: URL, files: FolderSurvey? = nil
  ) throws(TesseraError) {
    id = manifest.id
    self.files = files ?? FolderSurvey(folder, hasHidden: false)
    let folder = folder.absoluteURL.standardizedFileURL.path
    self.folder = folder
    timeout = .seconds(manifest.timeout)
    var variables = ProcessInfo.processInfo.environment
    var arguments = manifest.process.command
    let name = arguments.first ?? ""
    if let python = PythonEnvironment.python(in: folder, for: name) {
      executable = python
      // By its own name Python finds the environment that it is of.
      arguments[0] = python
      variables["VIRTUAL_ENV"] = PythonEnvironment.path(in: folder)
      variables["PYTHONHOME"] = nil
    } else {
      executable = try Self.find(name, in: folder, path: variables["PATH"] ?? "")
    }
    self.arguments = arguments
    // Where tessera runs is none of its business. Python must leave no bytecode beside the sources:
    // what the user trusted would have changed.
    variables["PWD"] = folder
    variables["OLDPWD"] = nil
    variables["_"] = nil
    variables["PYTHONDONTWRITEBYTECODE"] = "1"
    // There is a copy of the program for every thread already.
    for name in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"] where variables[name] == nil {
      variables[name] = "1"
    }
    // Each copy has one of its own.
    variables[ProcessMark.name] = nil
    environment = variables.map { "\($0)=\($1)" }.sorted()
  }

  /// Refuses to go on where a file of the plugin is not what it was: an image is never made by two
  /// versions, nor by one that nobody has looked at.
  func checkFiles() throws(PluginFault) {
    let url = URL(filePath: folder, directoryHint: .isDirectory)
    guard let name = files.firstChange(in: FolderSurvey(url, hasHidden: false)) else { return }
    throw PluginFault(
      .plugin, "was replaced while it was used (\(name.inOneLine) has changed in \(folder))",
      advice: "; start tessera again")
  }

  /// The same for the folder alone, which is cheap enough for every window.
  func checkFolder() throws(PluginFault) {
    if FolderSurvey.identity(of: folder) != files.identity { try checkFiles() }
  }

  /// The time limit as a user would write it.
  var limit: String {
    let seconds = timeout / .seconds(1)
    return Int(exactly: seconds).map { "\($0) s" } ?? "\(seconds) s"
  }

  private static func find(
    _ name: String, in folder: String, path: String
  ) throws(TesseraError) -> String {
    let action = "starting the program '\(name)'"
    let correct = "or correct process.command in its \(PluginFolder.pairName)"
    guard !name.contains("/") else {
      let file = name.hasPrefix("/") ? name : "\(folder)/\(name)"
      guard isFile(file) else {
        throw TesseraError(folder, action, "there is no such file; put it there, \(correct)")
      }
      guard FileManager.default.isExecutableFile(atPath: file) else {
        throw TesseraError(folder, action, "it may not be run; use 'chmod +x \(file)'")
      }
      return file
    }
    for place in path.split(separator: ":") {
      let file = "\(place)/\(name)"
      // A relative place would mean another one once the program is in its folder.
      if file.hasPrefix("/"), isFile(file), FileManager.default.isExecutableFile(atPath: file) {
        return file
      }
    }
    throw TesseraError(
      folder, action,
      isFile("\(folder)/\(name)")
        ? "a program in the plugin's own folder is written './\(name)'; correct process.command in"
          + " its \(PluginFolder.pairName)"
        : "there is none in PATH; install it, \(correct)")
  }

  private static func isFile(_ path: String) -> Bool {
    var isDirectory: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
      && !isDirectory.boolValue
  }
}

/// How often copies of a program ended without being asked to, by what they did.
final class ProgramEnds: Sendable {
  private let counts = Mutex<[String: Int]>([:])

  /// Counts an end, such as "ended by signal 6 (Aborted)".
  func add(_ what: String) { counts.withLock { $0[what, default: 0] += 1 } }

  /// All of them.
  var all: [String: Int] { counts.withLock { $0 } }
}
