import Base
import Synchronization
import TesseraPlugin

/// What one thread needs to compress tiles: an encoder and room for a tile at the border.
final class TileWorkspace: @unchecked Sendable {
  // Sendable: the stock hands a workspace to one job at a time.

  private let encoder: any TileEncoder
  private let side: Int
  private let bytesPerPixel: Int
  private let border: UnsafeMutableRawPointer

  init(plan: PyramidPlan) throws(TesseraError) {
    side = plan.tileSize
    bytesPerPixel = plan.layout.bytesPerPixel
    encoder =
      switch plan.compression.method {
      case .jpeg:
        try JPEGTileEncoder(
          path: plan.path, width: side, height: side, compression: plan.compression)
      case .lzw, .deflate, .zstd:
        try CodecTileEncoder(
          path: plan.path, side: side, layout: plan.layout, scheme: plan.compression)
      case .none:
        RawTileEncoder(rowBytes: side * bytesPerPixel, rows: side)
      }
    border = .allocate(byteCount: side * side * bytesPerPixel, alignment: 64)
  }

  deinit { border.deallocate() }

  /// JPEG tables that all tiles share.
  var tables: [UInt8] { (encoder as? JPEGTileEncoder)?.tables ?? [] }

  /// Compresses `width` x `height` pixels; a tile at the border repeats its last column and row.
  func encode(
    _ pixels: UnsafeRawPointer, bytesPerRow: Int, width: Int, height: Int, into tile: EncodedTile
  ) throws(TesseraError) {
    if width == side && height == side {
      try encoder.encode(pixels, bytesPerRow: bytesPerRow, into: tile)
      return
    }
    let full = side * bytesPerPixel
    let used = width * bytesPerPixel
    for row in 0..<height {
      let target = border + row * full
      target.copyMemory(from: pixels + row * bytesPerRow, byteCount: used)
      // Each copied byte is one that lies a pixel before it.
      for byte in used..<full {
        target.storeBytes(
          of: target.load(fromByteOffset: byte - bytesPerPixel, as: UInt8.self),
          toByteOffset: byte, as: UInt8.self)
      }
    }
    for row in height..<side {
      (border + row * full).copyMemory(from: border + (height - 1) * full, byteCount: full)
    }
    try encoder.encode(border, bytesPerRow: full, into: tile)
  }
}

/// Workspaces for as many jobs as may run at once.
final class TileWorkspaces: Sendable {
  private let stock: Mutex<[TileWorkspace]>
  private let plan: PyramidPlan

  init(plan: PyramidPlan, first: TileWorkspace) {
    self.plan = plan
    stock = Mutex([first])
  }

  /// Lends a workspace to `body`.
  func use(_ body: (TileWorkspace) throws(TesseraError) -> Void) throws(TesseraError) {
    let workspace: TileWorkspace
    if let idle = stock.withLock({ $0.popLast() }) {
      workspace = idle
    } else {
      workspace = try TileWorkspace(plan: plan)
    }
    defer { stock.withLock { $0.append(workspace) } }
    try body(workspace)
  }
}
