import Base
import Foundation
public import TesseraPlugin
public import TileIO

/// A fitted target as a JSON file, to be used for a cohort.
public enum ReferenceFile {
  /// Reads a target from JSON, or fits one to an image: the content of the file decides.
  public static func load(
    _ path: String, pair: any DomainPair, options: PairOptions, engine: TranslationEngine,
    limits: ImageFile.Limits = ImageFile.Limits()
  ) throws -> PairValue {
    if let data = json(path) {
      do {
        return try JSONDecoder().decode(PairValue.self, from: data)
      } catch {
        throw TesseraError(
          path, "reading the reference", "it is no valid JSON; make it anew with 'tessera fit'")
      }
    }
    let names = pair.description.furtherInputs.filter { $0.kind.channels > 0 }.map(\.name)
    guard names.isEmpty else {
      throw TesseraError(
        path, "fitting the reference",
        "the pair \(pair.description.id) takes \(names.joined(separator: ", ")) besides it; make a"
          + " reference of it with 'tessera fit --input', and give that")
    }
    let source = try ImageFile.open(path, limits: limits)
    do {
      return try engine.fit(source, TranslationSettings(pair, options: options))
    } catch {
      throw error.naming(path, "fitting the reference")
    }
  }

  /// Writes a target, complete or not at all.
  public static func save(_ reference: PairValue, to path: String) throws(TesseraError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    let action = "writing the reference"
    guard var data = try? encoder.encode(reference) else {
      throw TesseraError(path, action, "it holds numbers that JSON has none for; fit it again")
    }
    data.append(UInt8(ascii: "\n"))
    try AtomicFile.write(data, to: path, action: action)
  }

  /// The bytes of a file that begins like a JSON object.
  private static func json(_ path: String) -> Data? {
    guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? handle.close() }
    guard let head = try? handle.read(upToCount: 64),
      head.first(where: { !" \t\r\n".utf8.contains($0) }) == UInt8(ascii: "{")
    else { return nil }
    guard let rest = try? handle.read(upToCount: 64 << 20) else { return head }
    return head + rest
  }
}
