import Foundation

/// A slide of Zeiss made on the spot: one uncompressed tile, 0.25 µm/px.
struct TestCZI {
  let file: Data
  /// RGB.
  let samples: [UInt8]

  init(width: Int, height: Int) {
    let samples = (0..<(3 * width * height)).map { index -> UInt8 in
      UInt8(truncatingIfNeeded: index * index / 7 + index)
    }
    let xml = Self.xml(width: width, height: height)
    let place = 544
    let entry = Self.entry(at: place, width: width, height: height)
    let count = samples.count
    var tile = Self.padded(Data(int32: 0, 0) + Data(int64: count) + entry, to: 256)
    // Blue comes first.
    for index in 0..<count { tile.append(samples[index / 3 * 3 + 2 - index % 3]) }
    let body = Self.segment("ZISRAWSUBBLOCK", tile)
    let description = Self.segment(
      "ZISRAWMETADATA",
      Self.padded(Data(int32: xml.utf8.count, 0), to: 256) + Data(xml.utf8))
    let list = Self.segment("ZISRAWDIRECTORY", Self.padded(Data(int32: 1), to: 128) + entry)
    let attachments = Self.segment("ZISRAWATTDIR", Data(count: 256))
    let second = place + body.count
    let third = second + description.count
    var head = Data(int32: 1, 0, 0, 0)
    head += Data(count: 32)
    head += Data(int32: 0)
    head += Data(int64: third)
    head += Data(int64: second)
    head += Data(int32: 0)
    head += Data(int64: third + list.count)
    var file = Self.segment("ZISRAWFILE", Self.padded(head, to: 512))
    for part in [body, description, list, attachments] { file += part }
    self.file = file
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
    var segment = padded(Data(name.utf8), to: 16)
    segment += Data(int64: size)
    segment += Data(int64: data.count)
    segment += padded(data, to: size)
    return segment
  }

  private static func padded(_ data: Data, to count: Int) -> Data {
    data + Data(count: count - data.count)
  }
}

extension Data {
  fileprivate init(int32 values: Int...) {
    self = values.reduce(into: Data()) { data, value in
      let bits = UInt32(truncatingIfNeeded: value)
      data.append(contentsOf: (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) })
    }
  }

  fileprivate init(int64 value: Int) {
    let bits = UInt64(truncatingIfNeeded: value)
    self = Data((0..<8).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) })
  }
}
