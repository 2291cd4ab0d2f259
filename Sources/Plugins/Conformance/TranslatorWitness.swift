import Synchronization
import TesseraPlugin

/// Passes windows on to a translator and notes what it refuses, so that its own errors can be told
/// from those about it.
final class TranslatorWitness: TileTranslator {
  private let translator: any TileTranslator
  private let noted = Mutex<String?>(nil)

  /// Stands before `translator`.
  init(_ translator: any TileTranslator) { self.translator = translator }

  /// Why it refused a window, if it did.
  var refusal: String? { noted.withLock { $0 } }

  var footprint: Footprint { translator.footprint }

  func translate(_ window: borrowing Tile, into core: inout Tile) throws(PairError) {
    do throws(PairError) {
      try translator.translate(window, into: &core)
    } catch {
      noted.withLock { $0 = error.message }
      throw error
    }
  }
}
