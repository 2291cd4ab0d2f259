/// How the axes of a grid are exchanged and turned round, so that they point as wanted.
struct AxisOrder: Sendable, Hashable {
  /// The axis of the source that each axis comes from.
  private(set) var sources: [Int] = []
  /// Whether each axis runs against its source.
  private(set) var isReversed: [Bool] = []

  private static let opposites: [Character: Character] = [
    "L": "R", "R": "L", "P": "A", "A": "P", "S": "I", "I": "S",
  ]

  /// What leads to axes that point as `code` says, as nibabel says it; nil where it names no three.
  init?(from geometry: VolumeGeometry, to code: String) {
    let own = Array(geometry.orientation)
    for letter in code {
      guard let axis = own.firstIndex(where: { $0 == letter || $0 == Self.opposites[letter] }),
        !sources.contains(axis)
      else { return nil }
      sources.append(axis)
      isReversed.append(own[axis] != letter)
    }
    guard sources.count == 3 else { return nil }
  }

  /// Whether all stays as it is.
  var isIdentity: Bool { sources == [0, 1, 2] && !isReversed.contains(true) }
}
