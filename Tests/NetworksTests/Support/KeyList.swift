import Foundation
import ModelGraph
import TestSupport

@testable import Networks

/// Names and shapes of an official network, one `name [sizes]` a line, as PyTorch lists them.
struct KeyList: ParameterSource {
  /// The lists beside the shared data.
  static let folder = SharedData.root?.deletingLastPathComponent().appending(path: "design/keys")

  static let files: [String] = {
    guard let folder else { return [] }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix(".txt") }.map { String($0.dropLast(4)) }.sorted()
  }()

  private(set) var names: [String] = []
  private(set) var buffers: Set<String> = []
  private var shapes: [String: [Int]] = [:]

  init(_ file: String) throws {
    let url = (Self.folder ?? URL(filePath: "/nonexistent")).appending(path: "\(file).txt")
    for line in try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
    where !line.hasPrefix("#") {
      let parts = line.split(separator: " ", maxSplits: 1)
      let sizes = parts[1].prefix { $0 != "]" }.dropFirst().split(separator: ",")
      let name = String(parts[0])
      names.append(name)
      shapes[name] = sizes.compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
      if line.hasSuffix("buffer") { buffers.insert(name) }
    }
  }

  func shape(of name: String) -> [Int]? { shapes[name] }

  func floats(_ name: String) throws(ModelError) -> [Float] {
    [Float](repeating: 0.01, count: shapes[name]?.reduce(1, *) ?? 0)
  }
}
