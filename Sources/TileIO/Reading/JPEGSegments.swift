import Foundation

/// The segments of a JPEG file in front of its first scan.
struct JPEGSegments {
  struct Segment {
    var marker: UInt8
    /// Where its content lies in the file, behind marker and length.
    var place: UInt64
    var count: Int
  }

  let all: [Segment]

  /// Reads what is there; a file that ends early, or is none, has fewer or none.
  init(_ file: FileHandle) {
    var all: [Segment] = []
    var place: UInt64 = 2
    while let start = file.bytes(at: place, count: 4), start.count == 4, start[0] == 0xFF,
      start[1] != 0xDA
    {
      if start[1] == 0xFF {
        // A marker may be preceded by any number of these.
        place += 1
        continue
      }
      let length = Int(start[2]) << 8 + Int(start[3])
      guard length >= 2 else { break }
      all.append(Segment(marker: start[1], place: place + 4, count: length - 2))
      place += 2 + UInt64(length)
    }
    self.all = all
  }

  /// The first segment with this marker whose content begins with `name`.
  func first(_ marker: UInt8, _ name: String, in file: FileHandle) -> Segment? {
    let name = Array(name.utf8)
    return all.first {
      $0.marker == marker && file.bytes(at: $0.place, count: name.count) == name
    }
  }
}

extension FileHandle {
  /// Bytes at a place, fewer where the file ends; nil where it cannot be read.
  func bytes(at place: UInt64, count: Int) -> [UInt8]? {
    guard (try? seek(toOffset: place)) != nil else { return nil }
    return (try? read(upToCount: count)).map { Array($0 ?? Data()) }
  }
}
