import Base
import Foundation

/// Colours that stand for classes, in the order of their numbers.
public struct LabelColours: Sendable, Hashable, Codable {
  /// A class.
  public struct Entry: Sendable, Hashable, Codable {
    /// Its name, where the palette has one.
    public var name: String?
    /// Red, green and blue, 0...255.
    public var colour: [UInt8]

    /// Names a colour.
    public init(name: String? = nil, colour: [UInt8]) {
      self.name = name
      self.colour = colour
    }
  }

  /// Classes by number.
  public let entries: [Entry]

  /// Takes the classes; each colour has three numbers.
  public init(_ entries: [Entry]) { self.entries = entries }

  /// Reads a JSON file: `[[128, 64, 128], …]`, or `[{"name": "road", "colour": [128, 64, 128]}, …]`.
  public static func read(_ path: String) throws(TesseraError) -> LabelColours {
    let action = "reading the palette"
    guard let data = try? Data(contentsOf: URL(filePath: path)) else {
      throw TesseraError(path, action, "there is no such file, or it cannot be read")
    }
    let entries: [Entry]
    do throws(JSONFault) {
      let node = try JSONText.parse(data)
      guard case .list(let classes) = node else { throw JSONFault("it is \(node.kind)") }
      if case .object = classes.first {
        entries = try StrictDecoder.decode([Entry].self, from: node)
      } else {
        entries = try StrictDecoder.decode([[UInt8]].self, from: node).map { Entry(colour: $0) }
      }
    } catch {
      throw TesseraError(
        path, action,
        "it is no list of colours (\(error)); write [[128, 64, 128], …], or"
          + " [{\"name\": \"road\", \"colour\": [128, 64, 128]}, …], with numbers from 0 to 255")
    }
    guard !entries.isEmpty, entries.allSatisfy({ $0.colour.count == 3 }) else {
      throw TesseraError(path, action, "each colour has three numbers, and there is at least one")
    }
    guard Set(entries.map(\.colour)).count == entries.count else {
      throw TesseraError(path, action, "two classes have the same colour")
    }
    return LabelColours(entries)
  }

  /// The class whose colour is nearest; of two, the one of the lower number.
  public func label(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> Int32 {
    var (best, least) = (0, Int.max)
    for (number, entry) in entries.enumerated() {
      let distance = Self.distance(entry.colour, red, green, blue)
      if distance < least { (best, least) = (number, distance) }
    }
    return Int32(best)
  }

  /// Square of the distance between two colours, in levels.
  public static func distance(
    _ colour: [UInt8], _ red: UInt8, _ green: UInt8, _ blue: UInt8
  ) -> Int {
    let (r, g, b) = (
      Int(colour[0]) - Int(red), Int(colour[1]) - Int(green), Int(colour[2]) - Int(blue)
    )
    return r * r + g * g + b * b
  }
}
