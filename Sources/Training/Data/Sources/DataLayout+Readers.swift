import Base
import TesseraPlugin
import TileIO

extension DataLayout {
  /// Readers of source and target.
  func readers(_ options: DataOptions) throws(TesseraError) -> [PictureReader] {
    let firsts: (a: [String], b: [String])
    var isSwapped = options.direction == .BtoA
    switch self {
    case .unpaired(let a, let b): firsts = (a, b)
    case .sideBySide(let files): firsts = (files, files)
    case .paired(let pairs): firsts = (pairs.map(\.a), pairs.map(\.b))
    case .labels(let labeled):
      // Maps are always the source.
      (firsts, isSwapped) = (([], labeled.map(\.picture)), false)
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
  ) throws(TesseraError) -> PictureReader {
    var first: TesseraError?
    for path in paths.prefix(paths.count / 20 + 1) {
      do throws(TesseraError) {
        let info = try ImageFile.open(path).info
        return PictureReader(
          channels: channels ?? info.channels - (info.hasAlpha ? 1 : 0), window: window,
          depth: window == nil ? info.sampleFormat : nil)
      } catch { first = first ?? error }
    }
    if let first { throw first }
    return PictureReader(channels: channels ?? 3, window: window)
  }

  private static func window(
    _ numbers: [Float]?, _ option: String
  ) throws(TesseraError) -> ClosedRange<Float>? {
    guard let numbers else { return nil }
    guard numbers.count == 2, numbers[0] < numbers[1] else {
      throw TesseraError(
        option, "preparing the data", "two rising numbers are needed, as in -1000..2000")
    }
    return numbers[0]...numbers[1]
  }
}

extension DataLayout {
  /// The layout as a method of this kind takes it.
  func fitting(_ kind: Dataset.Kind, _ directory: String) throws(TesseraError) -> DataLayout {
    let action = "looking for training data"
    switch (kind, self) {
    case (.unpaired, .labels(let labeled)):
      return .unpaired(a: labeled.map(\.label), b: labeled.map(\.picture))
    case (.labels, .labels), (.unpaired, _), (.paired, .paired), (.paired, .sideBySide): return self
    case (.labels, _):
      throw TesseraError(
        directory, action, "label maps are needed: train_label, and train_img or train_photo")
    case (.paired, .labels(let labeled)):
      // Colors or numbers of classes are a picture like any other.
      return .paired(labeled.map { Pair(a: $0.label, b: $0.picture) })
    case (.paired, .unpaired):
      throw TesseraError(
        directory, action, "pairs are needed; use cyclegan or cut for unpaired pictures")
    }
  }
}
