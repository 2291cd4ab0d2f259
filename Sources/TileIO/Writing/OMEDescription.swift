import Base
import Foundation

/// The OME-XML of a pyramid with interleaved channels.
struct OMEDescription {
  let plan: PyramidPlan

  /// The document.
  var text: String {
    let info = plan.info
    let type =
      switch info.sampleFormat {
      case .uint8: "uint8"
      case .uint16: "uint16"
      case .float32: "float"
      }
    var size = ""
    if let pixel = info.micronsPerPixel {
      size =
        " PhysicalSizeX=\"\(AperioDescription.number(pixel.x))\" PhysicalSizeXUnit=\"µm\""
        + " PhysicalSizeY=\"\(AperioDescription.number(pixel.y))\" PhysicalSizeYUnit=\"µm\""
    }
    var instrument = ""
    var settings = ""
    if let power = info.objectivePower {
      let magnification = AperioDescription.number(power)
      instrument =
        "<Instrument ID=\"Instrument:0\"><Objective ID=\"Objective:0\" "
        + "NominalMagnification=\"\(magnification)\"/></Instrument>"
      settings = "<InstrumentRef ID=\"Instrument:0\"/><ObjectiveSettings ID=\"Objective:0\"/>"
    }
    let names = info.valueNames.isEmpty ? info.channelNames : info.valueNames
    let name =
      names.isEmpty ? "" : " Name=\"\(HTMLPage.escaped(names.joined(separator: ", ")))\""
    let note = info.description.map { "<Description>\(HTMLPage.escaped($0))</Description>" } ?? ""
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
      + "<OME xmlns=\"http://www.openmicroscopy.org/Schemas/OME/2016-06\" "
      + "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
      + "xsi:schemaLocation=\"http://www.openmicroscopy.org/Schemas/OME/2016-06 "
      + "http://www.openmicroscopy.org/Schemas/OME/2016-06/ome.xsd\" "
      + "Creator=\"Tessera \(TesseraVersion.current)\">"
      + instrument
      + "<Image ID=\"Image:0\">\(note)\(settings)"
      + "<Pixels ID=\"Pixels:0\" DimensionOrder=\"XYCZT\" Type=\"\(type)\" BigEndian=\"false\" "
      + "Interleaved=\"true\" "
      + "SizeX=\"\(info.width)\" SizeY=\"\(info.height)\" SizeC=\"\(info.channels)\" "
      + "SizeZ=\"1\" SizeT=\"1\"\(size)>"
      + "<Channel ID=\"Channel:0:0\"\(name) SamplesPerPixel=\"\(info.channels)\"/>"
      + "<TiffData IFD=\"0\" PlaneCount=\"1\"/>"
      + "</Pixels></Image></OME>"
  }

  /// `value` in decimal notation with the digits it needs.
  static func decimal(_ value: Double) -> String { Decimal(value).description }
}
