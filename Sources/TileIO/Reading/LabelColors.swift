import Base
import Foundation

/// Colors that stand for classes, in the order of their numbers.
public struct LabelColors: Sendable, Hashable, Codable {
  /// A class.
  public struct Entry: Sendable, Hashable, Codable {
    /// Its name, where the palette has one.
    public var name: String?
    /// Red, green and blue, 0...255.
    public var color: [UInt8]

    private enum CodingKeys: String, CodingKey {
      case name
      case color = "colour"
    }

    /// Names a color.
    public init(name: String? = nil, color: [UInt8]) {
      self.name = name
      self.color = color
    }
  }

  /// Classes by number.
  public let entries: [Entry]

  /// Takes the classes; each color has three numbers.
  public init(_ entries: [Entry]) { self.entries = entries }

  /// Reads a JSON file: `[[128, 64, 128], …]`, or `[{"name": "road", "color": [128, 64, 128]}, …]`.
  public static func read(_ path: String) throws(TesseraError) -> LabelColors {
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
        entries = try StrictDecoder.decode([[UInt8]].self, from: node).map { Entry(color: $0) }
      }
    } catch {
      throw TesseraError(
        path, action,
        "it is no list of colours (\(error)); write [[128, 64, 128], …], or"
          + " [{\"name\": \"road\", \"colour\": [128, 64, 128]}, …], with numbers from 0 to 255")
    }
    guard !entries.isEmpty, entries.allSatisfy({ $0.color.count == 3 }) else {
      throw TesseraError(path, action, "each colour has three numbers, and there is at least one")
    }
    guard Set(entries.map(\.color)).count == entries.count else {
      throw TesseraError(path, action, "two classes have the same colour")
    }
    return LabelColors(entries)
  }

  /// The class whose color is nearest; of two, the one of the lower number.
  public func label(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> Int32 {
    var (best, minimum) = (0, Int.max)
    for (number, entry) in entries.enumerated() {
      let distance = Self.distance(entry.color, red, green, blue)
      if distance < minimum { (best, minimum) = (number, distance) }
    }
    return Int32(best)
  }

  /// Square of the distance between two colors, in levels.
  public static func distance(
    _ color: [UInt8], _ red: UInt8, _ green: UInt8, _ blue: UInt8
  ) -> Int {
    let (r, g, b) = (
      Int(color[0]) - Int(red), Int(color[1]) - Int(green), Int(color[2]) - Int(blue)
    )
    return r * r + g * g + b * b
  }
}
