import Synchronization
import TesseraPlugin
import Translation

/// Sends the windows of one image to the copies of a program.
final class ProcessTranslator: WatchedTranslator {
  let footprint: Footprint
  private let pool: ProcessPool
  private let pair: PairDescription
  private let image: ImageDescription
  private let options: OptionValues
  private let state: [UInt8]
  /// The image as copies are told of it, by the format of the cores that they are to write.
  private let sessions = Mutex<[SampleFormat: PluginSession]>([:])

  init(
    _ pool: ProcessPool, _ pair: PairDescription, _ image: ImageDescription,
    options: OptionValues, state: [UInt8], footprint: Footprint
  ) {
    (self.pool, self.pair, self.image) = (pool, pair, image)
    (self.options, self.state, self.footprint) = (options, state, footprint)
  }

  deinit {
    for session in sessions.withLock({ $0.values }) { pool.close(session.number) }
  }

  func translate(_ window: borrowing Tile, into core: inout Tile) throws(PairError) {
    let (from, to) = (window.region, core.region)
    let start = MemoryPiece.bytes(from, channels: window.channels, format: window.format)
    let count = start + MemoryPiece.bytes(to, channels: core.channels, format: core.format)
    let format = core.format
    try pool.run("translating \(to)") { process throws(PluginFault) in
      let session = try session(for: format)
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

  func checkUnchanged() throws(PairError) {
    do throws(PluginFault) {
      try pool.program.checkFiles()
    } catch {
      let region = PixelRegion(x: 0, y: 0, width: image.width, height: image.height)
      throw PairError(error.message(pool.program, while: "translating \(region)"))
    }
  }

  private func session(for format: SampleFormat) throws(PluginFault) -> PluginSession {
    if let known = sessions.withLock({ $0[format] }) { return known }
    let number = pool.newSession()
    let opening = try HostMessage.open(
      number, image, pair, format: format, options: options, state: state)
    return sessions.withLock { sessions in
      let session = sessions[format] ?? PluginSession(number: number, opening: opening)
      sessions[format] = session
      return session
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
