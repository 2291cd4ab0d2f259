public import Base
public import Foundation
import TesseraPlugin
public import TileIO
public import Translation
public import Volumes

/// Volumes to learn from, written as slices just as `VolumeTranslator` will cut them.
///
/// `A/train/NAME` and `B/train/NAME` are pairs: the target is resampled onto the grid of its source.
/// `trainA` and `trainB` have nothing to do with each other, unless `pairsDomains`. The same goes for
/// `val`. The slices of a volume lie in a folder of its name.
public struct SliceDataset: Sendable {
  /// How slices are cut and normalized.
  public var format: SliceFormat
  /// How the target becomes comparable; none for Hounsfield units.
  public var targetNormalization: SliceFormat.Normalization
  /// Whether B is the source.
  public var isReversed: Bool
  /// Whether volumes of the same name in `trainA` and `trainB` are pairs.
  public var pairsDomains = false
  /// Smallest share of a slice that is body; emptier ones teach nothing.
  public var minimumBody = 0.01

  private static let action = "preparing slices"
  private let pool: WorkerPool

  /// Cuts as `format` says.
  public init(
    _ format: SliceFormat, targetNormalization: SliceFormat.Normalization, isReversed: Bool,
    pool: WorkerPool
  ) {
    self.format = format
    self.targetNormalization = targetNormalization
    self.isReversed = isReversed
    self.pool = pool
  }

  /// Writes the slices of all volumes in `source` into `target`, in folders of the same names.
  ///
  /// - Throws: Where a volume has no partner, or is of another kind than the first.
  public func write(from source: String, to target: String, told: (String) -> Void) throws {
    for split in VolumeFolders.splits(in: source) {
      let (a, b) = (VolumeFolders.volumes(in: split.a), VolumeFolders.volumes(in: split.b))
      guard !a.isEmpty, !b.isEmpty else {
        let empty = a.isEmpty ? split.a : split.b
        throw TesseraError(empty, Self.action, "there is no volume in it")
      }
      let (from, to) = isReversed ? (b, a) : (a, b)
      let isPaired = split.isPaired || pairsDomains
      if isPaired { try Self.checkPairs(from, to) }
      let layout =
        split.isPaired
        ? ["A/\(split.name)", "B/\(split.name)"] : ["\(split.name)A", "\(split.name)B"]
      let folders = (isReversed ? layout.reversed() : layout).map { "\(target)/\($0)" }
      for folder in folders {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      }
      for (number, entry) in from.enumerated() {
        let volume = try open(entry.path, isKind: format.sourceModality)
        var partner: Volume?
        if isPaired, let match = to.first(where: { $0.name == entry.name }) {
          partner = try open(match.path, isKind: format.targetModality)
        }
        let count = try writePair(volume, partner, name: entry.name, folders)
        told("\(split.name) \(number + 1)/\(from.count): \(entry.name), \(count) slices")
      }
      guard !isPaired else { continue }
      var other = self
      other.format.normalization = targetNormalization
      other.format.neighbors = 0
      for entry in to {
        let volume = try open(entry.path, isKind: format.targetModality)
        _ = try other.writePair(volume, nil, name: entry.name, [folders[1], folders[1]])
      }
    }
  }

  /// Each volume has one partner of its name.
  private static func checkPairs(
    _ a: [(name: String, path: String)], _ b: [(name: String, path: String)]
  ) throws(TesseraError) {
    for (own, others) in [(a, b), (b, a)] {
      for (place, entry) in own.enumerated() {
        if let twin = own[..<place].first(where: { $0.name == entry.name }) {
          throw TesseraError(
            entry.path, action, "\(twin.path) has the same name: take one of them away")
        }
        guard others.contains(where: { $0.name == entry.name }) else {
          throw TesseraError(
            entry.path, action, "there is no volume called \(entry.name) in the other folder")
        }
      }
    }
  }

  private func open(_ path: String, isKind wanted: String?) throws(TesseraError) -> Volume {
    let volume = try VolumeFile.open(path).read()
    try SourceCheck.checkNumbers(volume)
    let found = SourceCheck.modality(of: volume)
    guard let wanted, found != wanted else { return volume }
    throw TesseraError(
      path, Self.action, "it is \(found), the first volume beside it is \(wanted); sort them out")
  }

  /// Writes the slices of one volume, and of its partner on the same grid; returns how many.
  private func writePair(
    _ source: Volume, _ partner: Volume?, name: String, _ folders: [String]
  ) throws -> Int {
    let prepared = try VolumePreparation(source, as: format)
    let mask = prepared.mask
    var target: Volume?
    if let partner {
      var onGrid = try partner.resampled(
        onto: prepared.volume.geometry, outside: format.outside ?? partner.samples.min() ?? 0)
      if let normalization = IntensityNormalization(targetNormalization) {
        onGrid = try normalization.applied(to: onGrid, in: mask)
      }
      if let outside = format.outside, let mask {
        for index in onGrid.samples.indices where !mask.inside[index] {
          onGrid.samples[index] = outside
        }
      }
      target = onGrid
    }
    for folder in Set(folders) {
      try FileManager.default.createDirectory(
        atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
    }
    var count = 0
    for plane in format.planes {
      let stack = SliceStack(
        volume: prepared.volume.oriented(as: plane.orientation), neighbors: format.neighbors)
      let partner = target.map {
        SliceStack(volume: $0.oriented(as: plane.orientation), neighbors: 0)
      }
      let body = mask.map { Volume(mask: $0).oriented(as: plane.orientation) }
      for index in 0..<stack.count {
        if let body, share(of: index, in: body) < minimumBody { continue }
        let digits = "\(index)"
        let file =
          "\(name)/\(plane.rawValue)_\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits).tif"
        try write(stack, index, to: "\(folders[0])/\(file)")
        if let partner { try write(partner, index, to: "\(folders[1])/\(file)") }
        count += 1
      }
    }
    guard count > 0 else {
      throw TesseraError(name, Self.action, "no slice of it has any body in it")
    }
    return count
  }

  private func share(of slice: Int, in body: Volume) -> Double {
    let area = body.geometry.size.x * body.geometry.size.y
    let inside = body.samples[slice * area..<(slice + 1) * area].reduce(0, +)
    return Double(inside) / Double(area)
  }

  private func write(_ stack: SliceStack, _ index: Int, to path: String) throws(TesseraError) {
    var tile = Tile(region: stack.region, channels: stack.info.channels, format: .float32)
    stack.read(index, into: &tile)
    let sink = try ImageOutput.open(
      path: path, info: stack.info,
      options: OutputOptions(compression: .zstd), pool: pool)
    do throws(TesseraError) {
      try sink.write(tile)
      try sink.finish()
    } catch {
      sink.discard()
      throw error
    }
  }
}

extension Volume {
  /// 1 inside, 0 outside.
  init(mask: VolumeMask) {
    self.init(geometry: mask.geometry, samples: mask.inside.map { $0 ? 1 : 0 })
  }
}
