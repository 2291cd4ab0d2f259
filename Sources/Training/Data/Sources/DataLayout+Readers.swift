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
      PictureReader(
        channels: try Self.channels(options.sourceChannels, source),
        window: try Self.window(options.sourceWindow, "--source-window")),
      PictureReader(
        channels: try Self.channels(options.targetChannels, target),
        window: try Self.window(options.targetWindow, "--target-window")),
    ]
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

  /// Colour channels as they are wished, or those of the first image that can be opened.
  private static func channels(_ wish: Int?, _ paths: [String]) throws(TrainingError) -> Int {
    if let wish { return wish }
    var first: ImageError?
    for path in paths.prefix(paths.count / 20 + 1) {
      do throws(ImageError) {
        let info = try ImageFile.open(path).info
        return info.channels - (info.hasAlpha ? 1 : 0)
      } catch { first = first ?? error }
    }
    if let first { throw TrainingError(first.description) }
    return 3
  }
}
