import Foundation

/// What the description of a TIFF says of its pixels: OME's XML, the line of an Aperio scanner, or
/// ImageJ's lines.
struct DescribedScale {
  private enum Writer { case ome, aperio, imageJ, other }

  private let text: String
  private let writer: Writer

  /// Takes a description.
  init(_ text: String) {
    self.text = text
    writer =
      if text.contains("<OME") || text.contains("<ome:OME") {
        .ome
      } else if text.hasPrefix("Aperio") {
        .aperio
      } else if text.hasPrefix("ImageJ=") {
        .imageJ
      } else {
        .other
      }
  }

  /// µm a pixel, by the description alone or as the unit of the resolution tags; nil where it gives
  /// none.
  func micronsPerPixel(
    tags: (x: Double, y: Double, unit: Int)?
  ) -> (x: Double, y: Double)? {
    if let size = micronsPerPixel { return size }
    guard let unit, let tags, tags.unit != 2, tags.unit != 3,
      let perUnit = StatedResolution(tags.x, tags.y)
    else { return nil }
    return (unit / perUnit.x, unit / perUnit.y)
  }

  private var micronsPerPixel: (x: Double, y: Double)? {
    switch writer {
    case .ome:
      guard let x = size("X"), let y = size("Y") else { return nil }
      return (x, y)
    case .aperio: return field("MPP").flatMap { $0 > 0 ? ($0, $0) : nil }
    case .imageJ, .other: return nil
    }
  }

  var objectivePower: Double? {
    switch writer {
    case .ome: attribute("NominalMagnification").flatMap(Self.number)
    case .aperio: field("AppMag")
    case .imageJ, .other: nil
    }
  }

  /// µm of the unit in which ImageJ gives the resolution tags of a file; nil in any other file.
  private var unit: Double? {
    guard writer == .imageJ,
      let line = text.split(whereSeparator: \.isNewline).first(where: { $0.hasPrefix("unit=") })
    else { return nil }
    return Self.microns(String(line.dropFirst(5)))
  }

  private func size(_ axis: String) -> Double? {
    guard let size = attribute("PhysicalSize\(axis)").flatMap(Self.number), size > 0,
      let unit = Self.microns(attribute("PhysicalSize\(axis)Unit") ?? "µm")
    else { return nil }
    return size * unit
  }

  private func attribute(_ name: String) -> String? {
    guard let start = text.firstRange(of: "\(name)=\"") else { return nil }
    return String(text[start.upperBound...].prefix { $0 != "\"" })
  }

  private func field(_ name: String) -> Double? {
    for part in text.split(separator: "|").dropFirst() {
      let sides = part.split(separator: "=", maxSplits: 1).map {
        $0.trimmingCharacters(in: .whitespacesAndNewlines)
      }
      if sides.count == 2, sides[0] == name { return Self.number(sides[1]) }
    }
    return nil
  }

  private static func number(_ text: String) -> Double? {
    Double(text).flatMap { $0.isFinite ? $0 : nil }
  }

  private static func microns(_ unit: String) -> Double? {
    switch unit.trimmingCharacters(in: .whitespaces) {
    // ImageJ writes µ as an escape, XML as an entity; there are two letters of that look.
    case "µm", "μm", "um", "micron", "microns", "micrometer", "\\u00B5m", "&#181;m", "&#xB5;m",
      "&#956;m":
      1
    case "nm": 1e-3
    case "mm", "millimeter", "millimetre": 1e3
    case "cm": 1e4
    default: nil
    }
  }
}
