import Base
import Synchronization
import TesseraPlugin
import TileIO

/// What the label maps of a data set hold, found out before the first step.
struct LabelSurvey: Sendable {
  /// How maps are read from here on.
  let reader: LabelReader
  /// Classes of the network's input, one for "unknown" included where there is any.
  let classes: Int
  /// What was found, for the user to compare with what is meant.
  let findings: [String]

  /// The number that published label maps use for "unknown".
  static let unknownNumber: Int32 = 255
  /// Numbers from here on cannot be those of classes.
  private static let maximumClasses = 4096

  /// Looks at every map.
  ///
  /// `classes` is nil to take as many as are found; `palette` is `auto`, or a JSON file of colors.
  init(
    _ paths: [String], classes: Int?, palette: String, pool: WorkerPool
  ) throws(TesseraError) {
    let isGiven = palette != "auto"
    let isColored = try isGiven ? true : Self.areColored(paths)
    if isColored {
      let colors = try isGiven ? Self.read(palette) : Self.colors(paths, pool)
      if let classes, colors.entries.count > classes {
        throw TesseraError(
          paths[0], "reading labels by their colours",
          "there are \(colors.entries.count) colours, --label-classes says \(classes): "
            + Self.list(colors) + "; change --label-classes, or name the colours with --palette "
            + "FILE.json")
      }
      reader = LabelReader(colors: colors)
      self.classes = classes ?? colors.entries.count
      findings = ["\(colors.entries.count) classes by colour: \(Self.list(colors))"]
    } else {
      let (highest, hasUnknown) = try Self.numbers(paths, classes, pool)
      let known = classes ?? highest + 1
      let unknown = Int32(known)
      reader = LabelReader(
        colors: nil, unknown: hasUnknown ? (Self.unknownNumber, unknown) : nil)
      self.classes = known + (hasUnknown ? 1 : 0)
      findings = [
        "labels from 0 to \(highest), \(known) classes"
          + (hasUnknown ? " and one more for 255, unknown" : "")
      ]
    }
  }

  private static func read(_ palette: String) throws(TesseraError) -> LabelColors {
    try LabelColors.read(palette)
  }

  /// Whether the first map that can be opened has colors.
  private static func areColored(_ paths: [String]) throws(TesseraError) -> Bool {
    var first: TesseraError?
    for path in paths.prefix(paths.count / 20 + 1) {
      do throws(TesseraError) { return try LabelReader.isColored(path) } catch {
        first = first ?? error
      }
    }
    throw first ?? TesseraError("training data", "reading labels", "there are no label maps")
  }

  private static func list(_ colors: LabelColors) -> String {
    let shown = colors.entries.prefix(40).enumerated().map { number, entry in
      let rgb = "(\(entry.color.map(String.init).joined(separator: ", ")))"
      return "\(number) \(entry.name.map { "\($0) " } ?? "")\(rgb)"
    }
    return shown.joined(separator: ", ") + (colors.entries.count > 40 ? ", …" : "")
  }

  /// The highest label but 255, and whether 255 is there.
  private static func numbers(
    _ paths: [String], _ classes: Int?, _ pool: WorkerPool
  ) throws(TesseraError) -> (highest: Int, hasUnknown: Bool) {
    let state = Mutex((highest: 0, hasUnknown: false))
    try pool.run(paths.count, throwing: TesseraError.self) { index throws(TesseraError) in
      let path = paths[index]
      // A map that cannot be read is skipped and counted when its turn comes.
      guard let map = try? LabelReader.numbers(path) else { return }
      var (highest, hasUnknown): (Int32, Bool) = (0, false)
      for label in map.labels {
        if label == unknownNumber, classes.map({ Int(label) >= $0 }) ?? true {
          hasUnknown = true
        } else {
          highest = max(highest, label)
        }
      }
      if let classes, highest >= classes {
        throw TesseraError(
          path, "checking the labels",
          "it holds label \(highest), --label-classes says \(classes), which are 0 to "
            + "\(classes - 1); raise it or correct the map (255 alone stands for unknown)")
      }
      guard highest < maximumClasses else {
        throw TesseraError(
          path, "checking the labels",
          "it holds label \(highest): these are numbers of instances rather than of classes, or "
            + "samples of a picture")
      }
      let found = (Int(highest), hasUnknown)
      state.withLock {
        $0.highest = max($0.highest, found.0)
        $0.hasUnknown = $0.hasUnknown || found.1
      }
    }
    return state.withLock { $0 }
  }

  private static func colors(
    _ paths: [String], _ pool: WorkerPool
  ) throws(TesseraError) -> LabelColors {
    // Colors show in a few hundred maps, spread over all of them.
    let count = min(paths.count, 400)
    let chosen = (0..<count).map { paths[$0 * paths.count / count] }
    let total = Mutex(ColorCensus())
    pool.run(count) { index in
      guard let (bytes, width, height, isLossy) = try? LabelReader.rgb(chosen[index]) else {
        return
      }
      var census = ColorCensus()
      census.add(bytes, width: width, height: height, isLossy: isLossy)
      total.withLock { $0.add(census) }
    }
    guard let found = total.withLock({ $0 }).colors, !found.isEmpty else {
      throw TesseraError(
        paths[0], "reading labels by their colours",
        "the folder of labels seems to hold photos: there are no areas of one colour; put label "
          + "maps there, or name the colours with --palette FILE.json")
    }
    return LabelColors(found.map { .init(name: nil, color: $0) })
  }
}
