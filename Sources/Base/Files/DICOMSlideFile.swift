import Foundation

/// A DICOM file of a whole slide: most often one of its levels, with the others beside it.
///
/// Nothing but the header is looked at, without a library: a folder is full of such files, and builds
/// without volumes have to tell them from others, too.
package struct DICOMSlideFile: Sendable, Hashable {
  package let path: String
  /// What all files of a slide have in common; nil where this one does not say.
  package let series: String?
  /// Whether it is a level, not the label or a picture of the whole glass.
  package let isLevel: Bool
  /// Pixels of all its tiles together.
  package let area: Int

  /// Looks at a file; nil where it is none of a whole slide.
  package init?(_ path: String) {
    guard var start = FileStart.bytes(of: path, count: 4096).map({ [UInt8]($0) }),
      start.dropFirst(128).starts(with: "DICM".utf8)
    else { return nil }
    var elements = DICOMHeader(start)
    var (kind, syntax) = ("", "")
    while let element = elements.next(before: 0x0003_0000) {
      switch element.tag {
      case 0x0002_0002: kind = elements.text(element)
      case 0x0002_0010: syntax = elements.text(element)
      default: break
      }
    }
    // VL Whole Slide Microscopy Image Storage
    guard kind == "1.2.840.10008.5.1.4.1.1.77.1.6" else { return nil }
    start = FileStart.bytes(of: path, count: 1 << 18).map { [UInt8]($0) } ?? start
    elements = DICOMHeader(
      start, from: elements.position, isExplicit: syntax != "1.2.840.10008.1.2")
    var (series, type): (String?, String) = (nil, "")
    var (columns, rows) = (0, 0)
    while let element = elements.next(before: 0x0048_0008) {
      switch element.tag {
      case 0x0008_0008: type = elements.text(element)
      case 0x0020_000E: series = elements.text(element)
      case 0x0048_0006: columns = elements.number(element)
      case 0x0048_0007: rows = elements.number(element)
      default: break
      }
    }
    self.path = path
    self.series = series
    isLevel = !["LABEL", "OVERVIEW", "THUMBNAIL"].contains { type.contains($0) }
    area = min(columns, 1 << 30) * min(rows, 1 << 30)
  }

  /// One file for each slide of which files lie in a folder, by their names: that of its largest level.
  package static func slides(in folder: String) -> [DICOMSlideFile] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let url = URL(filePath: folder, directoryHint: .isDirectory)
    return slides(
      among: names.filter { !$0.hasPrefix(".") }.compactMap {
        DICOMSlideFile(url.appending(path: $0).relativePath)
      })
  }

  /// The file with the largest level of each slide.
  package static func slides(among files: [DICOMSlideFile]) -> [DICOMSlideFile] {
    Dictionary(grouping: files.filter(\.isLevel)) { $0.series ?? $0.path }.values.compactMap {
      $0.max { ($0.area, $1.path) < ($1.area, $0.path) }
    }.sorted { $0.path < $1.path }
  }
}

/// The elements of a DICOM file in little-endian order, items of sequences left out.
private struct DICOMHeader {
  private let bytes: [UInt8]
  private let isExplicit: Bool
  private(set) var position: Int
  /// Sequences and items without a length that are open.
  private var depth = 0

  init(_ bytes: [UInt8], from position: Int = 132, isExplicit: Bool = true) {
    (self.bytes, self.position, self.isExplicit) = (bytes, position, isExplicit)
  }

  /// The next element with a tag below `limit`; nil where there is none, or the bytes end.
  mutating func next(before limit: UInt32) -> (tag: UInt32, value: Range<Int>)? {
    while position + 12 <= bytes.count {
      let tag = UInt32(word(position) << 16 | word(position + 2))
      if depth == 0, tag >= limit { return nil }
      var (length, start) = (long(position + 4), position + 8)
      let isMark = tag >> 16 == 0xFFFE
      if isExplicit, !isMark {
        if Self.longKinds.contains(Array(bytes[position + 4..<position + 6])) {
          (length, start) = (long(position + 8), position + 12)
        } else {
          length = word(position + 6)
        }
      }
      if tag == 0xFFFE_E00D || tag == 0xFFFE_E0DD {
        depth -= 1
        guard depth >= 0 else { return nil }
        position = start
      } else if length == 0xFFFF_FFFF {
        depth += 1
        position = start
      } else {
        guard length <= bytes.count - start else { return nil }
        position = start + length
        if depth == 0, !isMark { return (tag, start..<position) }
      }
    }
    return nil
  }

  func text(_ element: (tag: UInt32, value: Range<Int>)) -> String {
    String(decoding: bytes[element.value].prefix { $0 != 0 }, as: UTF8.self)
      .trimmingCharacters(in: .whitespaces)
  }

  func number(_ element: (tag: UInt32, value: Range<Int>)) -> Int {
    element.value.count == 4 ? long(element.value.lowerBound) : 0
  }

  /// Kinds of values whose length has four bytes.
  private static let longKinds = Set(
    ["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"].map {
      Array($0.utf8)
    })

  private func word(_ place: Int) -> Int { Int(bytes[place]) | Int(bytes[place + 1]) << 8 }

  private func long(_ place: Int) -> Int { word(place) | word(place + 2) << 16 }
}
