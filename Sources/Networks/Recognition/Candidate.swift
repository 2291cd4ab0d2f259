/// A network that a group of parameters fits exactly.
struct Candidate {
  let group: ParameterGroup
  let network: any RecognizableNetwork

  /// Networks that are not generators.
  static let others: [any RecognizableNetwork.Type] = [
    PatchDiscriminator.self, PixelDiscriminator.self, MultiscaleDiscriminator.self,
    SPADEDiscriminator.self, SPADEEncoder.self,
  ]

  /// All networks, each type once.
  static let types: [any RecognizableNetwork.Type] =
    [
      ResNetGenerator.self, UNetGenerator.self, LocalEnhancer.self, SPADEGenerator.self,
      StainNet.self, TransformerNet.self,
    ] + others

  /// The networks in a group: itself, or those of the groups in it down to the third level.
  static func all(
    in group: ParameterGroup, _ options: RecognitionOptions, depth: Int = 3
  ) -> [Candidate] {
    let shapes = ParameterShapes(group)
    for type in types {
      if let network = type.init(shapes, options),
        ParameterDifference(network.plan, group).isEmpty
      {
        return [Candidate(group: group, network: network)]
      }
    }
    guard depth > 0 else { return [] }
    return group.groups.flatMap { all(in: $0, options, depth: depth - 1) }
  }
}
