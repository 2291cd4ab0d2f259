import Foundation

/// What libvips writes for the resolution of an image that has none: 25.4 dpi.
///
/// It is taken out of the finished file, in place.
struct FilledInResolution {
  private let file: FileHandle

  /// Takes it out of a PNG, JPEG or WebP file; others of libvips' files state none.
  static func erase(in path: String) throws {
    let file = try FileHandle(forUpdating: URL(filePath: path))
    let erasing = FilledInResolution(file: file)
    let start = file.bytes(at: 0, count: 12) ?? []
    if start.starts(with: [0x89, 0x50, 0x4E, 0x47]) {
      try erasing.erasePNG()
    } else if start.starts(with: [0xFF, 0xD8]) {
      try erasing.eraseJPEG()
    } else if start.suffix(4).elementsEqual(Array("WEBP".utf8)) {
      try erasing.eraseWebP()
    }
    try file.close()
  }

  /// Makes the physical dimensions a mere ratio of the sides, 1 to 1; its checksum is always the same.
  private func erasePNG() throws {
    var place: UInt64 = 8
    while let head = file.bytes(at: place, count: 8), head.count == 8 {
      let name = String(decoding: head[4...], as: UTF8.self)
      if name == "IDAT" { return }
      if name == "pHYs" {
        try write([0, 0, 0, 1, 0, 0, 0, 1, 0, 0x4F, 0x25, 0xC4, 0xD6], at: place + 8)
        return
      }
      place += 12 + head[..<4].reduce(0) { $0 << 8 + UInt64($1) }
    }
  }

  private func eraseJPEG() throws {
    let segments = JPEGSegments(file)
    if let header = segments.first(0xE0, "JFIF\0", in: file) {
      try write([0, 0, 1, 0, 1], at: header.place + 7)
    }
    if let block = segments.first(0xE1, "Exif\0\0", in: file) {
      try eraseEXIF(at: block.place, count: block.count)
    }
  }

  private func eraseWebP() throws {
    var place: UInt64 = 12
    while let head = file.bytes(at: place, count: 8), head.count == 8 {
      let count = head[4...].reversed().reduce(0) { $0 << 8 + Int($1) }
      if head[..<4].elementsEqual(Array("EXIF".utf8)) { try eraseEXIF(at: place + 8, count: count) }
      place += 8 + UInt64(count + count % 2)
    }
  }

  private func eraseEXIF(at place: UInt64, count: Int) throws {
    guard let block = file.bytes(at: place, count: count), var tags = EXIFTags(block) else {
      return
    }
    tags.remove(EXIFTags.resolution)
    try write(tags.bytes, at: place + UInt64(block.count - tags.bytes.count))
  }

  private func write(_ bytes: [UInt8], at place: UInt64) throws {
    try file.seek(toOffset: place)
    try file.write(contentsOf: bytes)
  }
}
