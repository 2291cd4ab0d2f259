import Base
import Foundation
internal import CITK

/// Where a MetaImage has its samples: in its own file, in another, or in several.
///
/// As MetaIO finds them, which leaves out without an error what is not there.
struct MetaSamples {
  private let path: String
  private let source: String
  private let found: ci_meta_samples
  /// Places along each axis.
  private let sizes: [Int]

  private static let action = Completeness.action

  /// Reads the header of a file.
  init(_ path: String) throws(TesseraError) {
    self.path = path
    sizes = try HeaderFile(path, .metaImage).sizes
    var found = ci_meta_samples()
    var reason: UnsafeMutablePointer<CChar>?
    guard ci_find_meta_samples(path, &found, &reason), let source = found.source else {
      throw TesseraError(path, Self.action, HeaderFile.take(reason))
    }
    self.source = String(cString: source)
    ci_free_text(source)
    self.found = found
  }

  /// Throws where a file that has samples, of so many `bytes` in all, is missing or ends early.
  func check(_ bytes: Int) throws(TesseraError) {
    let words = source.split(separator: " ").map(String.init)
    if ["LOCAL", "Local", "local"].contains(source) {
      try check(path, bytes, of: 1, from: Int(found.start), isPacked: found.isPacked)
    } else if words.first?.hasPrefix("LIST") == true {
      try check(try listed(words), bytes)
    } else if source.contains("%") {
      try check(try numbered(words), bytes)
    } else {
      try check([source], bytes)
    }
  }

  /// The names on the lines after the header; as many as the axes beyond those of a file have places.
  private func listed(_ words: [String]) throws(TesseraError) -> [String] {
    guard let data = try? Data(contentsOf: URL(filePath: path)), Int(found.start) <= data.count
    else {
      throw TesseraError(path, Self.action, "it cannot be read")
    }
    var axes = sizes.count - 1
    if words.count > 1 {
      // "2" and "2D" are the same. For files of all dimensions MetaIO takes a size from nowhere.
      guard let said = Int(words[1].prefix { $0.isNumber }), (1..<sizes.count).contains(said) else {
        throw TesseraError(
          path, Self.action,
          "\(source) is no list of files with parts of it; say LIST \(axes), or the name of the one"
            + " file with all samples")
      }
      axes = said
    }
    let count = sizes.dropFirst(max(0, axes)).reduce(1, *)
    let text = String(decoding: data[Int(found.start)...], as: UTF8.self)
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
      $0.trimmingCharacters(in: .whitespaces.union(.controlCharacters))
    }
    // What follows the last line break is no line to MetaIO.
    let rest = lines.removeLast()
    guard lines.count >= count else {
      let hint =
        rest.isEmpty ? "names are missing" : "its last line has no line break, so it does not count"
      throw TesseraError(
        path, Self.action, "it lists \(lines.count) of \(count) files with samples; \(hint)")
    }
    return Array(lines.prefix(count))
  }

  /// The names that a pattern makes: "slice%03d.raw FIRST LAST STEP".
  private func numbered(_ words: [String]) throws(TesseraError) -> [String] {
    let count = sizes.last ?? 1
    let numbers = words.suffix(min(words.count - 1, 3)).map {
      Double($0).flatMap { abs($0) < 1e9 ? Int(exactly: $0) : nil }
    }
    let name = words.dropLast(numbers.count).joined(separator: " ")
    let first = numbers.isEmpty ? 1 : numbers[0]
    let last = numbers.count > 1 ? numbers[1] : first.map { $0 + count - 1 }
    // Of two numbers MetaIO makes a step that may be 0, by which it then divides.
    let step =
      numbers.count == 3
      ? numbers[2] : numbers.count == 2 ? ((last ?? 0) - (first ?? 0)) / max(1, count) : 1
    guard let first, let last, let step, step > 0, last >= first,
      Self.name(name, first) != nil
    else {
      throw TesseraError(
        path, Self.action,
        "the pattern \(source) is no name with a number, its first, its last and the step between")
    }
    let places = (last - first) / step + 1
    guard places >= count else {
      throw TesseraError(
        path, Self.action, "the pattern \(source) makes \(places) of \(count) files with samples")
    }
    return (0..<count).compactMap { Self.name(name, first + $0 * step) }
  }

  /// The name that a pattern with one place for a number makes; nil where it is no such pattern.
  static func name(_ pattern: String, _ number: Int) -> String? {
    guard let pattern = pattern.wholeMatch(of: /([^%]*)%(0?)(\d{0,2})[diu]([^%]*)/) else {
      return nil
    }
    let digits = String(number)
    let filler = String(
      repeating: pattern.2.isEmpty ? " " : "0",
      count: max(0, (Int(pattern.3) ?? 0) - digits.count))
    return "\(pattern.1)\(filler)\(digits)\(pattern.4)"
  }

  private func check(_ names: [String], _ bytes: Int) throws(TesseraError) {
    for name in names {
      let folder = URL(filePath: path).deletingLastPathComponent()
      var file = name.hasPrefix("/") ? name : folder.appending(path: name).path
      var isPacked = found.isPacked
      if names.count == 1, !FileManager.default.fileExists(atPath: file),
        let packed = [".gz", ".Z"].map({ file + $0 }).first(where: FileManager.default.fileExists)
      {
        (file, isPacked) = (packed, true)
      }
      guard FileManager.default.fileExists(atPath: file), !URL(filePath: file).hasDirectory else {
        throw Completeness.missing(path, file)
      }
      try check(file, bytes, of: names.count, from: 0, isPacked: isPacked)
    }
  }

  /// Checks one of `parts` files, whose samples start at `place` where nothing else is said.
  private func check(
    _ file: String, _ bytes: Int, of parts: Int, from place: Int, isPacked: Bool
  ) throws(TesseraError) {
    let needed = bytes / parts
    let size = (try? FileManager.default.attributesOfItem(atPath: file)[.size] as? Int) ?? 0
    let skipped = Int(found.skipped)
    let start = skipped > 0 ? skipped : skipped == -1 ? size - needed : place
    let name = file == path ? nil : file
    if isPacked {
      // Without a length MetaIO takes the whole file, from its start.
      let said = Int(found.packedSize)
      let (from, length) = said > 0 ? (start, said) : (0, size)
      guard from >= 0, size - from >= length else {
        throw Completeness.tooShort(path, max(0, size - max(0, from)), length, file: name)
      }
      let count = Int(
        ci_measure_packed(file, Int64(from), Int64(length), Int64(needed), false))
      guard count >= 0 else {
        let reason = name.map { "\(URL(filePath: $0).lastPathComponent): " } ?? ""
        throw TesseraError(path, Self.action, reason + Completeness.broken)
      }
      guard count >= needed else { throw Completeness.tooShort(path, count, needed, file: name) }
    } else if found.isText {
      try checkNumbers(file, sizes.reduce(1, *) / parts, from: start, name)
    } else if start < 0 || size - start < needed {
      throw Completeness.tooShort(path, max(0, min(size, size - start)), needed, file: name)
    }
  }

  /// Samples as text, of which MetaIO repeats the last where there are no more.
  private func checkNumbers(
    _ file: String, _ needed: Int, from place: Int, _ name: String?
  ) throws(TesseraError) {
    let data = (try? Data(contentsOf: URL(filePath: file))) ?? Data()
    let text = String(decoding: data.dropFirst(max(0, place)), as: UTF8.self)
    let numbers = text.split { $0.isWhitespace || $0 == "," }.prefix { Double($0) != nil }
    guard numbers.count >= needed else {
      let what = name.map { URL(filePath: $0).lastPathComponent } ?? "it"
      throw TesseraError(
        path, Self.action, "\(what) holds \(numbers.count) of \(needed) numbers; copy it again")
    }
  }
}
