/// A label map and its nearest-neighbor reductions, each made once.
struct LabelPyramid {
  private var maps: [Int: NetworkBuilder.Value]

  init(_ labels: NetworkBuilder.Value) { maps = [1: labels] }

  /// Every `step`-th pixel of the map.
  mutating func map(_ step: Int, _ builder: inout NetworkBuilder) -> NetworkBuilder.Value {
    if let map = maps[step] { return map }
    let map = builder.graph.subsample(maps[1] ?? "", step)
    maps[step] = map
    return map
  }
}
