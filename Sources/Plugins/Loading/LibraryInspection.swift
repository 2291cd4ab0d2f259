import Base
public import Foundation
import TesseraPlugin
public import Translation

/// What a library registers, found out in a process of its own: what it does when it is loaded ends
/// with that.
public struct LibraryInspection: Codable, Sendable {
  /// A pair, as far as an installation needs to know it.
  public struct Pair: Codable, Sendable, Hashable {
    /// Its identifier.
    public let id: String
    /// Its version.
    public let version: String
    /// Its title.
    public let title: String
  }

  /// The pairs.
  public var pairs: [Pair] = []
  /// Why it is not usable; nil where it is.
  public var fault: String?

  /// The program that runs ``of(_:)`` and prints what comes out, with its arguments before the path.
  public struct Program: Sendable {
    let url: URL
    let arguments: [String]

    /// States the program.
    public init(_ url: URL, _ arguments: [String]) {
      self.url = url
      self.arguments = arguments
    }
  }

  /// Loads the library at `path` into this process.
  public static func of(_ path: String) -> LibraryInspection {
    var inspection = LibraryInspection()
    do throws(TesseraError) {
      let url = URL(filePath: path)
      let folder = try PluginFolder(url)
      guard case .swift(let library, let manifest) = folder.content else {
        throw TesseraError(path, PluginFolder.action, "it is no library")
      }
      let (pairs, faults) = try SwiftPluginLoader.load(library, manifest: manifest)
      inspection.pairs = pairs.map(\.description).map {
        Pair(id: $0.id, version: $0.version, title: $0.title)
      }
      inspection.fault = faults.first ?? (pairs.isEmpty ? "it registers no pair" : nil)
    } catch {
      inspection.fault = error.reason
    }
    return inspection
  }

  /// Has `program` load the library or folder at `url`.
  static func of(_ url: URL, by program: Program, within limit: Double = 60) throws(TesseraError)
    -> [Pair]
  {
    func refusal(_ reason: String) -> TesseraError {
      TesseraError(url.path, PluginFolder.action, reason)
    }
    let process: WatchedProcess
    do {
      process = try WatchedProcess(program.url, program.arguments + [url.path])
    } catch {
      throw refusal("no process can be started to look at it: \(error)")
    }
    var found: LibraryInspection?
    while true {
      switch process.next(limit: limit, isCancelled: { false }) {
      case .line(let line):
        found = (try? JSONDecoder().decode(LibraryInspection.self, from: line)) ?? found
      case .ended(let words):
        guard let found else { throw refusal("it \(words) while it was being loaded") }
        if let fault = found.fault { throw refusal(fault) }
        return found.pairs
      case .silence, .cancelled:
        process.kill()
        throw refusal("it gave no sign for \(Int(saturating: limit)) s while it was being loaded")
      }
    }
  }
}
