import Base
import Foundation
import Translation

/// The packages that a program in Python needs: an environment beside it, made when it is installed
/// from its `requirements.txt`.
enum PythonEnvironment {
  /// What is needed, as pip reads it.
  static let requirements = "requirements.txt"
  private static let name = "environment"

  /// Where the environment of the plugin in `folder` lies.
  static func path(in folder: String) -> String { "\(folder)/\(name)" }

  /// The interpreter of the environment, where there is one and `command` means Python.
  static func python(in folder: String, for command: String) -> String? {
    let python = "\(path(in: folder))/bin/python"
    guard isPython(command), FileManager.default.fileExists(atPath: requirementsFile(folder)),
      FileManager.default.isExecutableFile(atPath: python)
    else { return nil }
    return python
  }

  private static func requirementsFile(_ folder: String) -> String { "\(folder)/\(requirements)" }

  private static func isPython(_ command: String) -> Bool {
    command == "python" || command == "python3"
  }

  /// Makes the environment, where the program needs one; by `uv` if that is installed, else by Python's
  /// own `venv` and pip.
  static func make(
    in folder: URL, _ manifest: ProcessManifest, isCancelled: () -> Bool
  ) throws(TesseraError) {
    let folder = folder.path
    guard let command = manifest.process.command.first, isPython(command),
      FileManager.default.fileExists(atPath: requirementsFile(folder))
    else { return }
    let place = path(in: folder)
    func refusal(_ reason: String) -> TesseraError {
      TesseraError(folder, PluginInstaller.action, reason)
    }
    guard !FileManager.default.fileExists(atPath: place) else {
      throw refusal(
        "it has both \(requirements) and a folder '\(name)', which is where those would be installed;"
          + " rename the folder")
    }
    let python = "\(place)/bin/python"
    let hasUV = run(["uv", "--version"], in: folder, isCancelled).status == 0
    let steps =
      hasUV
      ? [
        ["uv", "venv", "--quiet", "--python", command, place],
        ["uv", "pip", "install", "--quiet", "--python", python, "-r", requirements],
      ]
      : [
        [command, "-m", "venv", place],
        [
          python, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check",
          "-r", requirements,
        ],
      ]
    for step in steps {
      let (status, said) = run(step, in: folder, isCancelled)
      guard !isCancelled() else { throw PluginInstaller.interruption(folder) }
      guard status == 0 else {
        throw refusal(
          "what its \(requirements) asks for cannot be installed (\(step[0] == python ? "pip" : step[0]):"
            + " \(said.isEmpty ? "status \(status)" : said)); check the network and the versions")
      }
    }
  }

  /// Runs a program; what it said last that matters.
  private static func run(
    _ command: [String], in folder: String, _ isCancelled: () -> Bool
  ) -> (status: Int32, said: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    process.currentDirectoryURL = URL(filePath: folder, directoryHint: .isDirectory)
    process.standardInput = FileHandle.nullDevice
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    var environment = ProcessInfo.processInfo.environment
    environment["VIRTUAL_ENV"] = nil
    environment["PYTHONHOME"] = nil
    process.environment = environment
    do {
      try process.run()
    } catch {
      return (127, "it cannot be started")
    }
    var tail = ErrorTail()
    var lines: [String] = []
    let descriptor = output.fileHandleForReading.fileDescriptor
    while true {
      if isCancelled() { process.terminate() }
      var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&request, 1, 200) > 0 else { continue }
      let data = output.fileHandleForReading.availableData
      if data.isEmpty { break }
      data.withUnsafeBytes { tail.append($0) }
      lines += String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline).map(
        String.init)
      lines = lines.suffix(200)
    }
    process.waitUntilExit()
    let fault = lines.last { $0.lowercased().hasPrefix("error") } ?? tail.line
    return (process.terminationStatus, fault.inOneLine)
  }
}
