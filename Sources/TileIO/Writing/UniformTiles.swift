import Foundation
import Synchronization

/// The compressed bytes of tiles that show a single color, such as glass, by that color.
final class UniformTiles: Sendable {
  // A slide has a few background values; more distinct colors than this are not background.
  private static let limit = 32
  private let known = Mutex<[[UInt8]: EncodedTile]>([:])

  /// The bytes of a tile of this color, if one was met before.
  func tile(of color: [UInt8]) -> EncodedTile? { known.withLock { $0[color] } }

  /// Keeps the bytes of a tile of this color.
  func keep(_ tile: EncodedTile, of color: [UInt8]) {
    let copy = tile.copy()
    known.withLock { if $0.count < Self.limit { $0[color] = copy } }
  }

  /// The single color of the pixels, or nil; gives up at the first pixel that differs.
  static func color(
    of pixels: UnsafeRawPointer, bytesPerRow: Int, width: Int, height: Int, bytesPerPixel: Int
  ) -> [UInt8]? {
    let rowBytes = width * bytesPerPixel
    // A row that equals itself one pixel further on is of one color.
    guard memcmp(pixels, pixels + bytesPerPixel, rowBytes - bytesPerPixel) == 0 else { return nil }
    for row in 1..<max(1, height) {
      guard memcmp(pixels, pixels + row * bytesPerRow, rowBytes) == 0 else { return nil }
    }
    return [UInt8](UnsafeRawBufferPointer(start: pixels, count: bytesPerPixel))
  }
}
