import Base
import TesseraPlugin
import TileIO

extension DataLayout {
  /// Readers of source and target.
  func readers(_ options: DataOptions) throws(TrainingError) -> [PictureReader] {
    let firsts: (a: [String], b: [String])
    var isSwapped = options.direction == .BtoA
    switch self {
    case .unpaired(let a, let b): firsts = (a, b)
    case .sideBySide(let files): firsts = (files, files)
    case .paired(let pairs): firsts = (pairs.map(\.a), pairs.map(\.b))
    case .labels(let labelled):
      // Maps are always the source.
      (firsts, isSwapped) = (([], labelled.map(\.picture)), false)
    }
    let (source, target) = isSwapped ? (firsts.b, firsts.a) : (firsts.a, firsts.b)
    return [
      try Self.reader(
        options.sourceChannels, try Self.window(options.sourceWindow, "--source-window"), source),
      try Self.reader(
        options.targetChannels, try Self.window(options.targetWindow, "--target-window"), target),
    ]
  }

  /// A reader of pictures like the first that can be opened, with as many channels as are wished.
  private static func reader(
    _ channels: Int?, _ window: ClosedRange<Float>?, _ paths: [String]
  ) throws(TrainingError) -> PictureReader {
    var first: TesseraError?
    for path in paths.prefix(paths.count / 20 + 1) {
      do throws(TesseraError) {
        let info = try ImageFile.open(path).info
        return PictureReader(
          channels: channels ?? info.channels - (info.hasAlpha ? 1 : 0), window: window,
          depth: window == nil ? info.sampleFormat : nil)
      } catch { first = first ?? error }
    }
    if let first { throw TrainingError(first.description) }
    return PictureReader(channels: channels ?? 3, window: window)
  }

  private static func window(
    _ numbers: [Float]?, _ option: String
  ) throws(TrainingError) -> ClosedRange<Float>? {
    guard let numbers else { return nil }
    guard numbers.count == 2, numbers[0] < numbers[1] else {
      throw TrainingError("\(option): two rising numbers are needed, as in -1000..2000")
    }
    return numbers[0]...numbers[1]
  }
}
