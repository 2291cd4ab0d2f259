import Base
import Foundation
import Networks

/// Files of a run that are there whole or not at all, at whatever instant the process ends.
enum WholeFile {
  /// Replaces the file.
  static func write(_ content: Data, to path: String, _ action: String) throws(TrainingError) {
    do throws(TesseraError) {
      try AtomicFile.write(content, to: path, action: action)
    } catch {
      throw TrainingError(error.description)
    }
  }

  /// Removes what a process that was killed left half-written in a folder.
  static func removeParts(in folder: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names where isPart(name) { unlink("\(folder)/\(name)") }
  }

  /// Whether a name is that of a file which has not got its own name yet.
  static func isPart(_ name: String) -> Bool {
    name.hasPrefix(".") && name.contains(".tessera-part")
  }
}
