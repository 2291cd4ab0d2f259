import Foundation

/// What the description of a TIFF says of the stack: in ImageJ's lines, or in OME's XML.
struct StackDescription: Sendable, Hashable {
  private let lines: [String: String]
  private let pixels: String?
  /// Images with pixels of their own in OME's XML.
  let images: Int

  /// Takes the text of the first page.
  init(_ text: String) {
    var lines: [String: String] = [:]
    if text.hasPrefix("ImageJ=") {
      for line in text.split(whereSeparator: \.isNewline) {
        guard let sign = line.firstIndex(of: "=") else { continue }
        lines[String(line[..<sign])] = String(line[line.index(after: sign)...])
      }
    }
    self.lines = lines
    let found =
      text.contains("<OME") || text.contains("<ome:OME")
      ? text.components(separatedBy: "Pixels ").dropFirst().filter { $0.contains("SizeX=") } : []
    pixels = found.first.map { String($0.prefix { $0 != ">" }) }
    images = found.count
  }

  /// Slices that the description promises; nil where it says nothing.
  var slices: Int? {
    if let pixels { return Self.attribute("SizeZ", of: pixels).flatMap(Int.init) }
    return lines["images"].flatMap { Int($0) }
  }

  /// Channels and points in time, 1 of each in a volume.
  var channels: Int {
    let sizes =
      pixels.map { pixels in ["SizeC", "SizeT"].map { Self.attribute($0, of: pixels) } }
      ?? ["channels", "frames"].map { lines[$0] }
    return sizes.reduce(1) { product, size in
      let (next, isHuge) = product.multipliedReportingOverflow(
        by: max(1, size.flatMap(Int.init) ?? 1))
      return isHuge ? .max : next
    }
  }

  /// mm of the unit that ImageJ's lines and the resolution of the pages are in.
  var unit: Double? { lines["unit"].flatMap { Self.millimeters($0) } }

  /// mm between slices; nil where that is not said.
  var distance: Double? {
    if let pixels { return Self.size("Z", of: pixels) }
    guard let unit, let spacing = lines["spacing"].flatMap(Double.init) else { return nil }
    return Self.positive(abs(spacing) * unit)
  }

  /// mm between pixels in OME's XML.
  var pixelSize: (x: Double, y: Double)? {
    guard let pixels, let x = Self.size("X", of: pixels), let y = Self.size("Y", of: pixels) else {
      return nil
    }
    return (x, y)
  }

  /// Numbers of a line that Tessera writes, such as `lps_origin`.
  func numbers(_ key: String, count: Int) -> [Double]? {
    let numbers = lines[key]?.split(separator: " ").compactMap { Double($0) } ?? []
    return numbers.count == count && numbers.allSatisfy(\.isFinite) ? numbers : nil
  }

  /// What is said of the geometry that is NaN or infinite; nil where nothing is.
  var broken: String? {
    let own = ["spacing", "lps_origin", "lps_spacing", "lps_axes"].map { ($0, lines[$0]) }
    let sizes = ["X", "Y", "Z"].map { axis in
      ("PhysicalSize\(axis)", pixels.flatMap { Self.attribute("PhysicalSize\(axis)", of: $0) })
    }
    return (own + sizes).compactMap { name, text in
      let numbers = text?.split(separator: " ").compactMap { Double($0) } ?? []
      return numbers.allSatisfy(\.isFinite) ? nil : "\(name)=\(text ?? "")"
    }.first
  }

  private static func size(_ axis: String, of pixels: String) -> Double? {
    guard let size = attribute("PhysicalSize\(axis)", of: pixels).flatMap(Double.init),
      let unit = millimeters(attribute("PhysicalSize\(axis)Unit", of: pixels) ?? "µm")
    else { return nil }
    return positive(size * unit)
  }

  private static func positive(_ value: Double) -> Double? {
    value > 0 && value.isFinite ? value : nil
  }

  private static func attribute(_ name: String, of pixels: String) -> String? {
    guard let start = pixels.firstRange(of: " \(name)=\"") ?? pixels.firstRange(of: "\(name)=\"")
    else { return nil }
    return String(pixels[start.upperBound...].prefix { $0 != "\"" })
  }

  private static func millimeters(_ unit: String) -> Double? {
    switch unit.trimmingCharacters(in: .whitespaces) {
    case "mm", "millimeter", "millimetre": 1
    case "cm": 10
    case "m": 1000
    case "inch", "in": 25.4
    // ImageJ writes µ as an escape, XML as an entity; there are two letters of that look.
    case "µm", "μm", "um", "micron", "microns", "micrometer", "\\u00B5m", "&#181;m", "&#xB5;m",
      "&#956;m":
      1e-3
    case "nm": 1e-6
    default: nil
    }
  }
}
