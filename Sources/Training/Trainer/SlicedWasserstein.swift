import Base

/// The sliced Wasserstein distance between the patches of two sets of pictures (Karras, 2018).
///
/// It is taken at full size, and at a half and a quarter of it.
///
/// Patches are 7 x 7 px; no network judges, so it needs no weights and takes any channels.
struct SlicedWasserstein {
  private let channels: Int
  private var patches: [[[Float]]] = [[], [], []]

  private static let (side, projections, patchesPerPicture) = (7, 128, 64)

  init(channels: Int) { self.channels = channels }

  /// Takes patches of a picture, the same places of every picture of this number.
  mutating func add(_ picture: Picture, number: Int) {
    var level = picture
    for size in 0..<3 {
      if size > 0 {
        guard level.height >= 2 * Self.side, level.width >= 2 * Self.side else { return }
        level = level.resized(height: level.height / 2, width: level.width / 2)
      }
      guard level.height >= Self.side, level.width >= Self.side else { return }
      var numbers = SeededNumbers(seed: 0, .samples, number, size)
      for _ in 0..<Self.patchesPerPicture {
        let x = numbers.index(below: level.width - Self.side + 1)
        let y = numbers.index(below: level.height - Self.side + 1)
        patches[size].append(level.cropped(x: x, y: y, width: Self.side, height: Self.side).values)
      }
    }
  }

  /// The mean distance over sizes, in units of -1...1; both sets have as many pictures.
  func distance(to other: SlicedWasserstein) -> Double {
    let sizes = (0..<3).filter { !patches[$0].isEmpty && !other.patches[$0].isEmpty }
    guard !sizes.isEmpty else { return .nan }
    return sizes.reduce(0.0) { $0 + Self.distance(patches[$1], other.patches[$1]) }
      / Double(sizes.count)
  }

  private static func distance(_ a: [[Float]], _ b: [[Float]]) -> Double {
    let length = a[0].count
    var numbers = SeededNumbers(seed: 0, .samples, length)
    var sum = 0.0
    for _ in 0..<projections {
      var direction = Initialization.normal(length, mean: 0, deviation: 1, &numbers)
      let norm = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
      for index in direction.indices { direction[index] /= norm }
      func projected(_ patches: [[Float]]) -> [Float] {
        patches.map { patch in zip(patch, direction).reduce(0) { $0 + $1.0 * $1.1 } }.sorted()
      }
      let (first, second) = (projected(a), projected(b))
      let count = min(first.count, second.count)
      var total = 0.0
      for index in 0..<count {
        total += Double(
          abs(first[index * first.count / count] - second[index * second.count / count]))
      }
      sum += total / Double(count)
    }
    return sum / Double(projections)
  }
}
