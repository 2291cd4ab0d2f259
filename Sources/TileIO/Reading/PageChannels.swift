import Foundation

/// Which pages of a TIFF hold the channels of one image, by OME's XML or ImageJ's lines.
struct PageChannels {
  /// What each channel is called; empty where none is named.
  let names: [String]
  /// How many images of all channels there are.
  let axes: ImageInfo.PageAxes
  /// Whether the channels are red, green and blue of one picture, as far as is said.
  let isRGB: Bool
  /// The page of each channel of each image, image by image.
  private let pages: [Int]

  /// The pages of an image's channels; nil where there is no such image.
  func pages(of image: Int) -> [Int]? {
    let images = axes.z * axes.t
    let count = pages.count / images
    return (0..<images).contains(image) ? Array(pages[image * count..<(image + 1) * count]) : nil
  }

  /// Reads the description of the first page; nil where it does not speak of channels in pages of
  /// their own.
  init?(_ description: String) {
    if description.contains("<OME") || description.contains("<ome:OME") {
      self.init(ome: description)
    } else if description.hasPrefix("ImageJ=") {
      self.init(imageJ: description)
    } else {
      return nil
    }
  }

  private init?(imageJ text: String) {
    func count(_ key: String) -> Int {
      let line = text.split(whereSeparator: \.isNewline).first { $0.hasPrefix("\(key)=") }
      return line.flatMap { Int($0.dropFirst(key.count + 1)) } ?? 1
    }
    let (channels, slices, frames) = (count("channels"), count("slices"), count("frames"))
    guard (2...64).contains(channels), (1...100_000).contains(slices),
      (1...100_000).contains(frames), channels * slices * frames <= 1_000_000
    else { return nil }
    names = []
    isRGB = false
    axes = .init(z: slices, t: frames)
    pages = Array(0..<(channels * slices * frames))
  }

  private init?(ome text: String) {
    // Of several images the first: the others are other resolutions, labels, macros.
    guard let start = text.firstRange(of: "<Pixels ") ?? text.firstRange(of: "<ome:Pixels ")
    else { return nil }
    let rest = text[start.lowerBound...]
    let end = (rest.firstRange(of: "</Pixels>") ?? rest.firstRange(of: "</ome:Pixels>"))?.lowerBound
    let elements = rest[..<(end ?? rest.endIndex)].split(separator: "<").map(Element.init)
    guard let head = elements.first, let order = head["DimensionOrder"], order.count == 5,
      let sizes = head.sizes, let channels = sizes["C"], (2...64).contains(channels)
    else { return nil }
    let described = elements.filter { $0.name == "Channel" }
    guard described.isEmpty || described.count == channels,
      described.allSatisfy({ ($0["SamplesPerPixel"] ?? "1") == "1" })
    else { return nil }
    let letters = order.dropFirst(2).map(String.init)
    guard Set(letters) == ["C", "Z", "T"] else { return nil }
    let total = sizes.values.reduce(1, *)
    func plane(_ place: [String: Int]) -> Int {
      letters.reversed().reduce(0) { $0 * (sizes[$1] ?? 1) + (place[$1] ?? 0) }
    }
    var found = [Int?](repeating: nil, count: total)
    let data = elements.filter { $0.name == "TiffData" }
    // Files beside this one hold the other channels.
    guard
      !elements.contains(where: { $0.name == "UUID" && $0["FileName"] != nil })
        || Set(elements.filter { $0.name == "UUID" }.map { $0["FileName"] }).count == 1
    else { return nil }
    for element in data {
      let place = ["C", "Z", "T"].reduce(into: [:]) { $0[$1] = element.number("First\($1)") ?? 0 }
      guard place.values.allSatisfy({ $0 >= 0 }) else { return nil }
      let first = plane(place)
      let page = element.number("IFD") ?? 0
      let count = element.number("PlaneCount") ?? (element["IFD"] == nil ? total : 1)
      guard page >= 0, count >= 0, first < total else { return nil }
      for step in 0..<min(count, total - first) { found[first + step] = page + step }
    }
    if data.isEmpty { found = Array(0..<total) }
    axes = .init(z: sizes["Z"] ?? 1, t: sizes["T"] ?? 1)
    var pages: [Int] = []
    for time in 0..<(sizes["T"] ?? 1) {
      for slice in 0..<(sizes["Z"] ?? 1) {
        for channel in 0..<channels {
          guard let page = found[plane(["C": channel, "Z": slice, "T": time])] else { return nil }
          pages.append(page)
        }
      }
    }
    self.pages = pages
    let called = described.map { $0["Name"] ?? "" }
    names = called.allSatisfy(\.isEmpty) ? [] : called
    let lower = names.map { $0.lowercased() }
    let isPlain = described.allSatisfy { $0["Color"] == nil || $0["Color"] == "-1" }
    isRGB =
      lower == ["red", "green", "blue"] || lower == ["r", "g", "b"]
      || names.isEmpty && isPlain && channels == 3 && head["Type"] == "uint8"
  }

  /// The beginning of an element of XML.
  private struct Element {
    let text: Substring

    var name: Substring {
      let name = text.prefix { !$0.isWhitespace && $0 != ">" && $0 != "/" }
      return name.hasPrefix("ome:") ? name.dropFirst(4) : name
    }

    init(_ text: Substring) { self.text = text }

    subscript(attribute: String) -> String? {
      guard let start = text.firstRange(of: " \(attribute)=\"") else { return nil }
      let value = text[start.upperBound...].prefix { $0 != "\"" }
      return String(value).replacing("&lt;", with: "<").replacing("&gt;", with: ">")
        .replacing("&quot;", with: "\"").replacing("&amp;", with: "&")
    }

    /// A count or a place; -1 for what is none.
    func number(_ attribute: String) -> Int? {
      self[attribute].map { text in
        Int(text).flatMap { (0...10_000_000).contains($0) ? $0 : nil } ?? -1
      }
    }

    /// Channels, slices and points in time, each at least 1 and not millions.
    var sizes: [String: Int]? {
      var sizes: [String: Int] = [:]
      for axis in ["C", "Z", "T"] {
        guard let size = number("Size\(axis)"), (1...100_000).contains(size) else { return nil }
        sizes[axis] = size
      }
      return sizes.values.reduce(1, *) <= 1_000_000 ? sizes : nil
    }
  }
}
