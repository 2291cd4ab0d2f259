import Testing

@testable import Training

struct FramingTests {
  let folder: ExampleFolder

  init() throws { folder = try ExampleFolder() }

  /// Label maps that number their pixels, and pictures that hold the place of each pixel.
  private func numbered(_ width: Int, _ height: Int) throws {
    try folder.write("train_label/1.png", width, height, 1, of: UInt16.self) { x, y, _ in
      UInt16(y * width + x)
    }
    try folder.write("train_inst/1.png", width, height, 1, of: UInt16.self) { x, y, _ in
      UInt16(y * width + x)
    }
    try folder.write("train_img/1.png", width, height) { x, y, channel in
      UInt8([x, y, 0][channel])
    }
  }

  /// Columns and rows that the target holds.
  private func places(_ target: Picture) -> [(x: Int, y: Int)] {
    let plane = target.height * target.width
    func level(_ index: Int) -> Int { Int(((target.values[index] + 1) * 127.5).rounded()) }
    return (0..<plane).map { (level($0), level(plane + $0)) }
  }

  @Test func `labels, instances and pictures are cut, mirrored and turned alike`() throws {
    try numbered(50, 40)
    var options = ExampleFolder.plain
    options.preprocess = .crop
    (options.flips, options.turns, options.cropSize) = (true, true, 8)
    // With so many classes, 255 is one of them.
    options.labelClasses = 2000
    let data = try folder.open(.labels, options)
    var (corners, shapes): (Set<[Int]>, Set<[Int]>) = ([], [])
    for place in 0..<400 {
      let example = try data.example(0, epoch: 0, place: place, seed: 3)
      guard case .labels(let map, let instances) = example.source else {
        Issue.record("no labels")
        return
      }
      let seen = places(example.target)
      let isSame =
        zip(map.labels, seen).allSatisfy { Int($0) == $1.y * 50 + $1.x } && map == instances
      try #require(isSame)
      corners.insert([seen.map(\.x).min() ?? -1, seen.map(\.y).min() ?? -1])
      shapes.insert([
        seen[1].x - seen[0].x, seen[1].y - seen[0].y, seen[8].x - seen[0].x, seen[8].y - seen[0].y,
      ])
    }
    #expect(shapes.count == 8)
    // The last place of a square is drawn as well as the first.
    #expect(corners.map { $0[0] }.min() == 0 && corners.map { $0[0] }.max() == 42)
    #expect(corners.map { $0[1] }.min() == 0 && corners.map { $0[1] }.max() == 32)
  }

  @Test(arguments: [DataOptions.Preprocess.resizeAndCrop, .scaleWidthAndCrop, .scaleWidth, .none])
  func `both pictures of a pair are framed alike`(preprocess: DataOptions.Preprocess) throws {
    for name in ["A/train/1.png", "B/train/1.png"] {
      try folder.write(name, 21, 19) { x, y, channel in UInt8(x * 7 + y * 5 + channel) }
    }
    var options = ExampleFolder.plain
    (options.preprocess, options.flips, options.turns) = (preprocess, true, true)
    let data = try folder.open(.paired, options, multiple: 4)
    var different: Set<Int> = []
    for place in 0..<40 {
      let example = try data.example(0, epoch: 1, place: place, seed: 3)
      let isSame = example.picture == example.target
      #expect(isSame)
      different.insert(example.fingerprint)
      let size = [example.target.width, example.target.height]
      switch preprocess {
      case .resizeAndCrop, .scaleWidthAndCrop, .crop: #expect(size == [8, 8])
      // 16 px wide, 14.5 high, and 21 x 19: to the nearest multiples of 4.
      case .scaleWidth: #expect(size == [16, 16] || size == [16, 12])
      case .none: #expect(size == [20, 20])
      }
    }
    #expect(different.count >= 2)
  }

  @Test func `half of all are mirrored, none without flips`() throws {
    try folder.write("train/1.png", 16, 8) { x, _, _ in UInt8(x * 10) }
    var options = ExampleFolder.plain
    options.flips = true
    let data = try folder.open(.paired, options)
    let mirrored = try (0..<400).count { place in
      let values = try data.example(0, epoch: 0, place: place, seed: 9).target.values
      return values[0] > values[7]
    }
    #expect((150...250).contains(mirrored))
    let still = try folder.open(.paired)
    let seen = try (0..<20).map { try still.example(0, epoch: 0, place: $0, seed: 9).fingerprint }
    #expect(Set(seen).count == 1)
  }

  @Test func `validation is the middle and always the same`() throws {
    try numbered(50, 40)
    var options = ExampleFolder.plain
    options.preprocess = .crop
    (options.flips, options.turns, options.labelClasses) = (true, true, 2000)
    let data = try folder.open(.labels, options)
    for place in 0..<9 {
      let target = try data.example(0, epoch: place, place: place, seed: 3, isRandom: false).target
      let first = places(target)[0]
      #expect((first.x, first.y) == (21, 16))
    }
  }

  @Test func `a picture that is smaller than the square is named`() throws {
    try folder.noise(["train/1.png"], 12, 10)
    var options = ExampleFolder.plain
    options.preprocess = .crop
    let text = folder.complaint(.paired, options)
    #expect(text.contains("train/1.png: cutting a square of 8 px: the picture is 6 x 10 px"))
    #expect(text.contains("lower --crop-size"))
  }

  @Test func `turns to the left are those of NumPy`() {
    let map = LabelPicture(height: 2, width: 3, labels: [0, 1, 2, 3, 4, 5])
    let picture = Picture(channels: 1, height: 2, width: 3, values: [0, 1, 2, 3, 4, 5])
    let expected: [[Int32]] = [
      [0, 1, 2, 3, 4, 5], [2, 5, 1, 4, 0, 3], [5, 4, 3, 2, 1, 0], [3, 0, 4, 1, 5, 2],
    ]
    for quarters in 0..<8 {
      #expect(map.turned(quarters).labels == expected[quarters % 4])
      #expect(picture.turned(quarters).values == expected[quarters % 4].map { Float($0) })
      #expect(map.turned(quarters).height == (quarters % 2 == 0 ? 2 : 3))
    }
  }
}
