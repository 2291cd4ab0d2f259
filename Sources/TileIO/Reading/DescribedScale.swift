/// The few numbers of an OME-XML description that say how large a pixel is.
struct OMEHeader {
  private let xml: String?

  init(_ image: VipsImage) {
    let text = image.text("image-description")
    xml = text.flatMap { $0.contains("<OME") || $0.contains("<ome:OME") ? $0 : nil }
  }

  /// µm a pixel; nil where the file gives none or uses another unit.
  var physicalPixelSize: (x: Double, y: Double)? {
    guard let x = number("PhysicalSizeX"), let y = number("PhysicalSizeY"), x > 0, y > 0,
      isMicrons("PhysicalSizeXUnit"), isMicrons("PhysicalSizeYUnit")
    else { return nil }
    return (x, y)
  }

  var objectivePower: Double? { number("NominalMagnification") }

  private func isMicrons(_ attribute: String) -> Bool {
    guard let unit = value(attribute) else { return true }
    return unit == "µm" || unit == "um" || unit == "&#181;m" || unit == "&#xB5;m" || unit == "μm"
  }

  private func number(_ attribute: String) -> Double? {
    value(attribute).flatMap(Double.init).flatMap { $0.isFinite ? $0 : nil }
  }

  private func value(_ attribute: String) -> String? {
    guard let xml, let start = xml.firstRange(of: "\(attribute)=\"") else { return nil }
    return String(xml[start.upperBound...].prefix { $0 != "\"" })
  }
}
