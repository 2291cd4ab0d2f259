import Foundation

/// A slide of Zeiss made on the spot: one uncompressed tile, 0.25 µm/px.
struct TestCZI {
  let file: Data
  /// RGB.
  let samples: [UInt8]

  init(width: Int, height: Int) {
    let samples = (0..<3 * width * height).map { UInt8(truncatingIfNeeded: $0 * $0 / 7 + $0) }
    let xml = Self.xml(width: width, height: height)
    let place = 544
    let entry = Self.entry(at: place, width: width, height: height)
    let count = samples.count
    let tile =
      Self.padded(Data(int32: 0, 0) + Data(int64: count) + entry, to: 256)
      // Blue comes first.
      + Data((0..<count).map { samples[$0 / 3 * 3 + 2 - $0 % 3] })
    let body = Self.segment("ZISRAWSUBBLOCK", tile)
    let description = Self.segment(
      "ZISRAWMETADATA",
      Self.padded(Data(int32: xml.utf8.count, 0), to: 256) + Data(xml.utf8))
    let list = Self.segment("ZISRAWDIRECTORY", Self.padded(Data(int32: 1), to: 128) + entry)
    let attachments = Self.segment("ZISRAWATTDIR", Data(count: 256))
    let second = place + body.count
    let third = second + description.count
    let head =
      Data(int32: 1, 0, 0, 0) + Data(count: 32) + Data(int32: 0) + Data(int64: third)
      + Data(int64: second) + Data(int32: 0) + Data(int64: third + list.count)
    file =
      Self.segment("ZISRAWFILE", Self.padded(head, to: 512)) + body + description + list
      + attachments
    self.samples = samples
  }

  private static func entry(at place: Int, width: Int, height: Int) -> Data {
    var entry = Data("DV".utf8) + Data(int32: 3) + Data(int64: place) + Data(int32: 0, 0)
    entry += Data(count: 6) + Data(int32: 4)
    for (name, size) in [("X", width), ("Y", height), ("C", 1), ("M", 1)] {
      entry += padded(Data(name.utf8), to: 4) + Data(int32: 0, size, 0, size)
    }
    return entry
  }

  private static func xml(width: Int, height: Int) -> String {
    let distances = ["X", "Y"].map {
      "<Distance Id=\"\($0)\"><Value>2.5e-07</Value></Distance>"
    }
    return """
      <ImageDocument><Metadata><Information><Image><SizeX>\(width)</SizeX><SizeY>\(height)</SizeY></Image>\
      </Information><Scaling><Items>\(distances.joined())</Items></Scaling></Metadata></ImageDocument>
      """
  }

  private static func segment(_ name: String, _ data: Data) -> Data {
    let size = (data.count + 31) / 32 * 32
    return padded(Data(name.utf8), to: 16) + Data(int64: size) + Data(int64: data.count)
      + padded(data, to: size)
  }

  private static func padded(_ data: Data, to count: Int) -> Data {
    data + Data(count: count - data.count)
  }
}

extension Data {
  fileprivate init(int32 values: Int...) {
    self = values.reduce(into: Data()) { data, value in
      withUnsafeBytes(of: UInt32(truncatingIfNeeded: value).littleEndian) {
        data.append(contentsOf: $0)
      }
    }
  }

  fileprivate init(int64 value: Int) {
    self = withUnsafeBytes(of: UInt64(truncatingIfNeeded: value).littleEndian) { Data($0) }
  }
}
