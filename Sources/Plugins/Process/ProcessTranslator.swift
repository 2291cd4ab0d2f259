import TesseraPlugin

/// Sends the windows of one image to the copies of a program.
final class ProcessTranslator: TileTranslator {
  let footprint: Footprint
  private let pool: ProcessPool
  private let session: PluginSession

  init(_ pool: ProcessPool, _ session: PluginSession, footprint: Footprint) {
    self.pool = pool
    self.session = session
    self.footprint = footprint
  }

  deinit { pool.close(session.number) }

  func translate(_ window: borrowing Tile, into core: inout Tile) throws(PairError) {
    let (from, to) = (window.region, core.region)
    let start = MemoryPiece.bytes(from, channels: window.channels, format: window.format)
    let count = start + MemoryPiece.bytes(to, channels: core.channels, format: core.format)
    try pool.run("translating \(to)") { process throws(PluginFault) in
      try process.memory.lend(count) { piece throws(PluginFault) in
        piece.write(window, at: 0)
        _ = try process.ask(.done, in: session) { number in
          HostMessage.translate(
            number, session: session.number, window: from, at: piece.offset, core: to,
            at: piece.offset + start)
        }
        piece.read(at: start, into: &core)
      }
    }
  }
}

/// An image that windows come from, as every copy of a program is told of it.
struct PluginSession: Sendable {
  /// What windows refer to it by.
  let number: UInt32
  /// What a copy is told before its first window.
  let opening: PluginMessage
}
