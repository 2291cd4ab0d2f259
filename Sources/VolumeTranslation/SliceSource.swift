import Base
import TesseraPlugin
import TileIO

/// One slice of a stack as an image.
final class SliceSource: ImageSource {
  let info: ImageInfo
  private let stack: SliceStack
  private let index: Int

  init(stack: SliceStack, index: Int) {
    self.stack = stack
    self.index = index
    info = stack.info
  }

  func read(into tile: inout Tile) throws(TesseraError) { stack.read(index, into: &tile) }
}
