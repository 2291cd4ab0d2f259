internal import CTurboJPEG
import TesseraPlugin

/// Compresses tiles to JPEG streams without their tables, which ``tables`` holds once for all.
final class JPEGTileEncoder: TileEncoder {
  /// From this quality on colour is kept at full resolution, as libvips does.
  static let fullColourQuality = 90

  /// The value of the tag JPEGTables.
  private(set) var tables: [UInt8] = []

  private let path: String
  private let handle: tjhandle
  private let buffer: UnsafeMutablePointer<UInt8>
  private let capacity: Int
  private let width: Int32
  private let height: Int32
  private let pixelFormat: Int32
  private let subsampling: Int32
  private let quality: Int32

  /// Prepares for tiles of `width` x `height` px with one or three channels.
  init(
    path: String, width: Int, height: Int, channels: Int, quality: Int
  ) throws(ImageError) {
    guard let handle = tjInitCompress() else {
      throw ImageError(path, "compressing tiles", "the JPEG encoder could not be started")
    }
    self.path = path
    self.handle = handle
    self.width = Int32(width)
    self.height = Int32(height)
    self.quality = Int32(quality)
    pixelFormat = Int32((channels == 1 ? TJPF_GRAY : TJPF_RGB).rawValue)
    let chroma = quality >= Self.fullColourQuality ? TJSAMP_444 : TJSAMP_420
    subsampling = Int32((channels == 1 ? TJSAMP_GRAY : chroma).rawValue)
    capacity = Int(tjBufSize(Int32(width), Int32(height), subsampling))
    buffer = .allocate(capacity: capacity)
    let blank = UnsafeMutableRawPointer.allocate(
      byteCount: width * height * channels, alignment: 16)
    defer { blank.deallocate() }
    blank.initializeMemory(as: UInt8.self, repeating: 0, count: width * height * channels)
    let count = try compress(blank, bytesPerRow: width * channels)
    let stream = JPEGStream(UnsafeBufferPointer(start: buffer, count: count), keepingTables: true)
    tables = stream?.tables ?? []
  }

  deinit {
    tjDestroy(handle)
    buffer.deallocate()
  }

  func encode(
    _ pixels: UnsafeRawPointer, bytesPerRow: Int, into tile: EncodedTile
  ) throws(ImageError) {
    let count = try compress(pixels, bytesPerRow: bytesPerRow)
    guard let stream = JPEGStream(UnsafeBufferPointer(start: buffer, count: count)) else {
      throw ImageError(path, "compressing a tile", "the JPEG encoder made no valid stream")
    }
    tile.append(buffer, count: 2)
    for header in stream.headers {
      tile.append(buffer + header.lowerBound, count: header.count)
    }
    tile.append(buffer + stream.scan.lowerBound, count: stream.scan.count)
  }

  private func compress(_ pixels: UnsafeRawPointer, bytesPerRow: Int) throws(ImageError) -> Int {
    var target: UnsafeMutablePointer<UInt8>? = buffer
    var count = UInt(capacity)
    let status = tjCompress2(
      handle, pixels.assumingMemoryBound(to: UInt8.self), width, Int32(bytesPerRow), height,
      pixelFormat, &target, &count, subsampling, quality,
      TJFLAG_NOREALLOC | TJFLAG_ACCURATEDCT)
    guard status == 0 else {
      throw ImageError(
        path, "compressing a tile", String(cString: tjGetErrorStr2(handle)))
    }
    return Int(count)
  }
}
