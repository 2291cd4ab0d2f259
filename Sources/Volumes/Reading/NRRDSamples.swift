import Base
import Foundation
internal import CITK

/// What the header of a NRRD says of its samples, which lie behind it or in other files.
///
/// Its library never comes to the checksum of gzip.
struct NRRDSamples {
  private let path: String
  /// By names in small letters without spaces, of which each has two spellings.
  private let fields: [String: String]
  /// The lines after `data file: LIST`.
  private let listed: [String]
  /// The byte after the header.
  private let end: Int

  /// Reads the header of a file; one of another kind has no fields.
  init(_ path: String) throws(TesseraError) {
    self.path = path
    let data = try Self.data(path, path)
    var (fields, listed, place): ([String: String], [String], Int) = ([:], [], data.startIndex)
    while data.starts(with: "NRRD".utf8), place < data.endIndex {
      let stop = data[place...].firstIndex(of: 0x0a) ?? data.endIndex
      let line = String(decoding: data[place..<stop], as: UTF8.self)
        .trimmingCharacters(in: .whitespacesAndNewlines)
      place = min(stop + 1, data.endIndex)
      if line.isEmpty { break }
      if fields["datafile"]?.hasPrefix("LIST") == true {
        listed.append(line)
      } else if !line.hasPrefix("#"), let sign = line.firstRange(of: ": ") {
        let key = line[..<sign.lowerBound].lowercased().filter { $0 != " " }
        // What has ":=" is no field.
        guard !key.contains(":=") else { continue }
        fields[key] = line[sign.upperBound...].trimmingCharacters(in: .whitespaces)
      }
    }
    self.fields = fields
    self.listed = listed
    end = place
  }

  private static func data(_ path: String, _ file: String) throws(TesseraError) -> Data {
    guard let data = try? Data(contentsOf: URL(filePath: file), options: .mappedIfSafe) else {
      throw Completeness.missing(path, file)
    }
    return data
  }

  /// Throws where a number of the geometry is none; an axis that is no direction of space needs none.
  func checkNumbers() throws(TesseraError) {
    let kinds = words("kinds").map { $0.lowercased() }
    for key in ["spacings", "axismins"] {
      for (axis, word) in words(key).enumerated() where !HeaderNumbers.areFinite(word) {
        guard axis < kinds.count, !["domain", "space", "???", "none"].contains(kinds[axis]) else {
          throw HeaderNumbers.refuse(path, key, fields[key] ?? "")
        }
      }
    }
    for key in ["spacedirections", "spaceorigin"] {
      guard let text = fields[key] else { continue }
      guard HeaderNumbers.areFinite(text.replacing("none", with: "")) else {
        throw HeaderNumbers.refuse(path, key, text)
      }
    }
  }

  /// Throws where a file packed by gzip is damaged, missing or ends before its part of `bytes`; of others
  /// the library notices by itself.
  func check(_ bytes: Int) throws(TesseraError) {
    guard ["gzip", "gz"].contains(fields["encoding"]?.lowercased()) else { return }
    let files = try files()
    let needed = bytes / max(1, files.count) + skipped("byteskip")
    for file in files {
      let data = try Self.data(path, file)
      var start = file == path ? end : data.startIndex
      for _ in 0..<skipped("lineskip") {
        start = data[start...].firstIndex(of: 0x0a).map { $0 + 1 } ?? data.endIndex
      }
      let name = file == path ? nil : file
      let isPacked = data[start...].starts(with: [0x1f, 0x8b])
      let length = isPacked ? Int(ci_measure(file, Int64(start), nil, 0, Int64(needed))) : -1
      guard length >= 0 else {
        let reason = name.map { "\(URL(filePath: $0).lastPathComponent): " } ?? ""
        throw TesseraError(path, Completeness.action, reason + Completeness.broken)
      }
      guard length >= needed else { throw Completeness.tooShort(path, length, needed, file: name) }
    }
  }

  private func files() throws(TesseraError) -> [String] {
    guard let source = fields["datafile"] else { return [path] }
    let words = words("datafile")
    var names = source.hasPrefix("LIST") ? listed : [source]
    if source.contains("%") {
      let numbers = words.dropFirst().compactMap { Int($0) }
      guard numbers.count >= 3, numbers[2] != 0, abs(numbers[1] / 2 - numbers[0] / 2) < 1 << 20
      else {
        throw TesseraError(
          path, Completeness.action,
          "the pattern \(source) is no name with a number, its first, its last and the step between"
        )
      }
      names = stride(from: numbers[0], through: numbers[1], by: numbers[2]).compactMap {
        MetaSamples.name(words[0], $0)
      }
    }
    let folder = URL(filePath: path).deletingLastPathComponent()
    return names.map { $0.hasPrefix("/") ? $0 : folder.appending(path: $0).path }
  }

  private func words(_ key: String) -> [String] {
    (fields[key] ?? "").split(whereSeparator: \.isWhitespace).map(String.init)
  }

  private func skipped(_ key: String) -> Int {
    min(max(0, fields[key].flatMap { Int($0) } ?? 0), 1 << 40)
  }
}
