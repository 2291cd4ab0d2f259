import Base
import Terminal
import Metrics
import TileIO

/// Which metrics are measured between what.
struct MetricChoice {
  /// Between results and targets.
  private(set) var pairs: Set<PairedMetric> = []
  /// Between results and the untranslated input.
  private(set) var content: Set<PairedMetric> = []
  /// Between sets.
  private(set) var sets: Set<SetMetric> = []

  static let pairedNames = PairedMetric.allCases.map(\.rawValue).joined(separator: ", ")
  static let setNames = SetMetric.allCases.map(\.rawValue).joined(separator: ", ")

  /// Reads names, or chooses what suits the first image.
  init(
    _ names: String?, _ files: EvaluatedSets, _ backbone: BackboneArguments,
    limits: ImageFile.Limits
  ) throws {
    if let names {
      try read(names)
    } else if files.areVolumes {
      pairs = [.huMAE, .huPSNR, .huMSSSIM, .mae, .rmse, .ssim]
    } else {
      try choose(files, backbone, limits)
    }
    if files.input != nil {
      content = pairs.filter(\.isOfContent)
      pairs.subtract(content)
    }
    try check(files, backbone)
  }

  private mutating func read(_ names: String) throws {
    for name in names.split(separator: ",").map({ $0.trimmed }) {
      if let metric = PairedMetric(rawValue: name) {
        pairs.insert(metric)
      } else if let metric = SetMetric(rawValue: name) {
        sets.insert(metric)
      } else {
        throw UsageError(
          "--metrics \(name): there is no such metric; there is \(Self.pairedNames), "
            + Self.setNames)
      }
    }
    guard !pairs.isEmpty || !sets.isEmpty else {
      throw UsageError("--metrics: name at least one, as in psnr,ssim")
    }
  }

  /// Volumes are compared with their targets only.
  private func checkVolumes(_ files: EvaluatedSets) throws {
    if let input = files.input {
      throw UsageError("--input \(input): volumes are compared with the target only; leave it out")
    }
    let others = (pairs.union(content)).subtracting(VolumeEvaluation.metrics).map(\.rawValue)
    guard let other = (others + sets.map(\.rawValue)).min() else { return }
    let names = PairedMetric.allCases.filter { VolumeEvaluation.metrics.contains($0) }
    throw UsageError(
      "--metrics \(other): it is not measured on volumes; there is "
        + names.map(\.rawValue).joined(separator: ", "))
  }

  /// Whether label maps are compared.
  var areLabels: Bool { pairs.contains(where: \.isOfLabels) }

  /// Whether the first pair of images are label maps for certain: indices of one and the same palette,
  /// which pictures with few colors hardly share.
  private static func isLabelMap(_ files: EvaluatedSets, _ limits: ImageFile.Limits) -> Bool {
    guard let item = files.items.first(where: { $0.target != nil }), let target = item.target else {
      return false
    }
    let classes = [item.result, target].map { path in
      (try? ImageFile.open(path, limits: limits, as: .labels(palette: nil)))?.info.labelClasses
    }
    return classes[0] != nil && classes[0] == classes[1]
  }

  private mutating func choose(
    _ files: EvaluatedSets, _ backbone: BackboneArguments, _ limits: ImageFile.Limits
  ) throws {
    guard !Self.isLabelMap(files, limits) else {
      pairs = [.accuracy, .dice, .iou]
      return
    }
    // An image that cannot be opened is reported when its turn comes.
    let info = files.items.lazy.compactMap { item in
      try? ImageFile.open(item.result, limits: limits).info
    }.first
    let channels = info.map { $0.channels - ($0.hasAlpha ? 1 : 0) } ?? 3
    let isPhysical = channels == 1 && info?.sampleFormat == .float32
    if files.hasPairs {
      pairs = isPhysical ? [.mae, .rmse] : [.psnr, .ssim, .mae, .rmse]
      if let info, min(info.width, info.height) >= 176, !isPhysical { pairs.insert(.msSSIM) }
      if channels == 3 { pairs.insert(.deltaE) }
      if isPhysical, files.items.contains(where: { $0.mask != nil }) {
        pairs.formUnion([.huMAE, .huPSNR, .huMSSSIM])
      }
      if backbone.lpipsHeads != nil { pairs.insert(.lpips) }
    }
    if files.input != nil { pairs.formUnion([.graySSIM, .edgeSSIM]) }
    if files.isDirectory {
      if !isPhysical { sets.insert(.histogram) }
      if channels == 3 { sets.insert(.color) }
      if backbone.backbone != nil, backbone.lpipsHeads == nil { sets.insert(.kid) }
    }
  }

  private func check(_ files: EvaluatedSets, _ backbone: BackboneArguments) throws {
    if files.areVolumes { try checkVolumes(files) }
    if areLabels, pairs.contains(where: { !$0.isOfLabels }) || !content.isEmpty || !sets.isEmpty {
      throw UsageError(
        "--metrics: accuracy, dice and iou are of label maps, whose numbers no other metric can judge;"
          + " measure them by themselves")
    }
    if !pairs.isEmpty, !files.hasPairs {
      let names = pairs.map(\.rawValue).sorted().joined(separator: ", ")
      throw UsageError(
        "\(names): these need pairs, and no file of \(files.result) ("
          + "\(EvaluatedSets.list(files.items.map(\.name)))) has the name of one of "
          + "\(files.target); rename them, or measure \(Self.setNames)")
    }
    if !content.isEmpty, !files.items.contains(where: { $0.input != nil }) {
      throw UsageError(
        "--input \(files.input ?? ""): no file of \(files.result) ("
          + "\(EvaluatedSets.list(files.items.map(\.name)))) has the name of one there; rename them"
      )
    }
    if sets.contains(where: \.needsBackbone), backbone.backbone == nil {
      throw UsageError("fid and kid need a network: give --backbone FILE.onnx")
    }
    if pairs.contains(.lpips), backbone.lpipsHeads == nil {
      throw UsageError(
        "lpips needs its heads: give --backbone FILE.onnx and --lpips-heads FILE.pth")
    }
  }
}

extension Substring {
  /// Without spaces at both ends.
  fileprivate var trimmed: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
