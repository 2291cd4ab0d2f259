import Base
public import TileIO

extension FloatVolume {
  /// An image of one channel as a volume of one slice, with its levels as they are stored.
  ///
  /// Throws for an image of several channels, and where reading fails.
  public init(_ source: any ImageSource) throws {
    let info = source.info
    let splitter = PlaneSplitter(info, scale: 1, wantsLuminance: false)
    guard splitter.channels == 1 else {
      throw TesseraError(
        "Hounsfield units are one channel, this image has \(splitter.channels); give CT in HU")
    }
    var values: [Float] = []
    values.reserveCapacity(info.width * info.height)
    let strips = StripReader(info)
    for rows in strips.rows {
      values += splitter.planes(try strips.read(rows, of: source), rows: rows)[0]
    }
    self.init(width: info.width, height: info.height, depth: 1, values: values)
  }
}
