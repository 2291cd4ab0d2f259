import Foundation

/// The ImageDescription of the pages of an Aperio slide, by which readers know one.
///
/// The first line names the maker and must begin with "Aperio"; fields follow after bars.
struct AperioDescription {
  let plan: PyramidPlan

  private var firstLine: String { "Aperio Image Library (Tessera \(TesseraVersion.current))\r\n" }

  private var size: String { "\(plan.info.width)x\(plan.info.height)" }

  /// The text of a level.
  func text(level number: Int) -> String {
    let level = plan.levels[number]
    let scaled = number == 0 ? "" : " -> \(level.width)x\(level.height)"
    let color = plan.layout.color == .rgb ? "RGB" : "Grey"
    let compression =
      plan.compression.method == .jpeg
      ? "JPEG/\(color) Q=\(plan.compression.quality)"
      : "\(plan.compression.method.rawValue)/\(color)"
    return firstLine + "\(size)\(scaled) (\(plan.tileSize)x\(plan.tileSize)) \(compression)"
      + fields
  }

  /// The text of the thumbnail.
  func thumbnailText(level number: Int) -> String {
    let level = plan.levels[number]
    return firstLine + "\(size) -> \(level.width)x\(level.height) - \(fields)"
  }

  private var fields: String {
    var fields = ""
    if let power = objectivePower {
      fields += "|AppMag = \(Self.number(power))"
    }
    if let size = plan.info.micronsPerPixel {
      // The format knows one size for both directions.
      fields += "|MPP = \(Self.number((size.x + size.y) / 2))"
    }
    if let note = plan.info.description {
      fields += "|Note = \(note.replacingOccurrences(of: "|", with: "/"))"
    }
    return fields
  }

  /// What the input says, else what scanners call a pixel of this size: 0.25 µm at 40x.
  private var objectivePower: Double? {
    if let power = plan.info.objectivePower { return power }
    guard let size = plan.info.micronsPerPixel else { return nil }
    let estimate = 10 / ((size.x + size.y) / 2)
    return [2.5, 5, 10, 20, 40, 60, 80, 100].first { abs(estimate / $0 - 1) < 0.15 }
  }

  /// `value` without an exponent, a fraction only where there is one.
  static func number(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e15 { return String(Int(value)) }
    let text = "\(value)"
    guard text.contains("e") else { return text }
    return OMEDescription.decimal(value)
  }
}
