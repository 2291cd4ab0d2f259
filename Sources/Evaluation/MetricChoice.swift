import Base
import Metrics
import TileIO

/// Which metrics are measured between what.
package struct MetricChoice: Sendable {
  /// Between results and targets.
  package private(set) var pairs: Set<PairedMetric> = []
  /// Between results and the untranslated input.
  package private(set) var content: Set<PairedMetric> = []
  /// Between sets.
  package private(set) var sets: Set<SetMetric> = []

  package static let pairedNames = PairedMetric.allCases.map(\.rawValue).joined(separator: ", ")
  package static let setNames = SetMetric.allCases.map(\.rawValue).joined(separator: ", ")

  /// Takes what was named, or chooses what suits the first image.
  ///
  /// - Parameters:
  ///   - named: What to measure between images and between sets; nil for no choice.
  ///   - files: What is compared.
  ///   - backbone: The network, if there is one.
  ///   - limits: What is accepted of an image.
  /// - Throws: Where the metrics do not suit the files.
  package init(
    _ named: (pairs: Set<PairedMetric>, sets: Set<SetMetric>)?, _ files: EvaluatedSets,
    backbone: Backbone? = nil, limits: ImageFile.Limits = ImageFile.Limits()
  ) throws(UsageError) {
    if let named {
      (pairs, sets) = named
    } else if files.areVolumes {
      pairs = [.huMAE, .huPSNR, .huMSSSIM, .mae, .rmse, .ssim]
    } else {
      choose(files, backbone, limits)
    }
    if files.input != nil {
      content = pairs.filter(\.isOfContent)
      pairs.subtract(content)
    }
    try check(files, backbone)
  }

  /// Volumes are compared with their targets only.
  private func checkVolumes(_ files: EvaluatedSets) throws(UsageError) {
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
  package var areLabels: Bool { pairs.contains(where: \.isOfLabels) }

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
    _ files: EvaluatedSets, _ backbone: Backbone?, _ limits: ImageFile.Limits
  ) {
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
      if backbone?.heads != nil { pairs.insert(.lpips) }
    }
    if files.input != nil { pairs.formUnion([.graySSIM, .edgeSSIM]) }
    if files.isDirectory {
      if !isPhysical { sets.insert(.histogram) }
      if channels == 3 { sets.insert(.color) }
      if let backbone, backbone.heads == nil { sets.insert(.kid) }
    }
  }

  private func check(_ files: EvaluatedSets, _ backbone: Backbone?) throws(UsageError) {
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
    if sets.contains(where: \.needsBackbone), backbone == nil {
      throw UsageError("fid and kid need a network: give --backbone FILE.onnx")
    }
    if pairs.contains(.lpips), backbone?.heads == nil {
      throw UsageError(
        "lpips needs its heads: give --backbone FILE.onnx and --lpips-heads FILE.pth")
    }
  }
}
