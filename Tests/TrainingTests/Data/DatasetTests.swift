import Foundation
import Testing

@testable import Training

struct DatasetTests {
  let folder: ExampleFolder

  init() throws { folder = try ExampleFolder() }

  private func cropped(_ load: Int, _ side: Int) -> DataOptions {
    var options = DataOptions()
    (options.loadSize, options.cropSize) = (load, side)
    return options
  }

  @Test func `sizes that cannot be say what can`() throws {
    try folder.noise(["train/1.png"])
    #expect(
      folder.complaint(.paired, cropped(286, 250), multiple: 4)
        == "--crop-size 250: preparing the data: the generator takes sides that are multiples of 4, such as 248 or 252"
    )
    #expect(
      folder.complaint(.paired, cropped(286, 100), multiple: 256).hasSuffix("such as 256"))
    for preprocess in [DataOptions.Preprocess.resizeAndCrop, .scaleWidthAndCrop] {
      var options = cropped(256, 512)
      options.preprocess = preprocess
      #expect(
        folder.complaint(.paired, options).hasPrefix(
          "--crop-size 512: preparing the data: it is larger than --load-size 256"))
    }
    #expect(folder.complaint(.paired, cropped(0, 0)).contains("sizes are 1 px and more"))
    var options = ExampleFolder.plain
    options.sourceWindow = [5, 5]
    #expect(
      folder.complaint(.paired, options).contains(
        "--source-window: preparing the data: two rising numbers"))
    options.sourceWindow = nil
    options.targetWindow = [5]
    #expect(
      folder.complaint(.paired, options).contains(
        "--target-window: preparing the data: two rising numbers"))
  }

  @Test func `the direction exchanges source and target`() throws {
    try folder.write("train/1.png", 12, 6) { x, _, _ in x < 6 ? 0 : 255 }
    var options = ExampleFolder.plain
    let forth = try folder.open(.paired, options).example(0, epoch: 0, place: 0, seed: 1)
    #expect(forth.picture?.values.first == -1 && forth.target.values.first == 1)
    options.direction = .BtoA
    let back = try folder.open(.paired, options).example(0, epoch: 0, place: 0, seed: 1)
    #expect(back.picture?.values.first == 1 && back.target.values.first == -1)
  }

  @Test(arguments: DataOptions.Direction.allCases)
  func `each half is read as its own domain is`(direction: DataOptions.Direction) throws {
    try folder.write("train/1.png", 12, 6) { x, _, channel in channel == 0 ? 100 : 50 }
    var options = ExampleFolder.plain
    options.direction = direction
    (options.sourceChannels, options.targetChannels) = (1, 3)
    (options.sourceWindow, options.targetWindow) = ([0, 200], [0, 100])
    let data = try folder.open(.paired, options)
    #expect((data.sourceChannels, data.targetChannels) == (1, 3))
    let example = try data.example(0, epoch: 0, place: 0, seed: 1)
    let source = try #require(example.picture)
    #expect((source.channels, example.target.channels) == (1, 3))
    #expect(abs(source.values[0] - (0.299 * 100 + 0.701 * 50 - 100) / 100) < 1e-5)
    #expect((example.target.values.first, example.target.values.last) == (1, 0))
  }

  @Test func `channels are those of the first picture of a domain`() throws {
    try folder.write("trainA/1.png", 8, 8, 1) { _, _, _ in 9 }
    try folder.noise(["trainA/2.png", "trainB/1.png"], 8, 8)
    let data = try folder.open(.unpaired)
    #expect((data.sourceChannels, data.targetChannels) == (1, 3))
    for index in 0..<2 {
      #expect(try data.example(index, epoch: 0, place: index, seed: 1).picture?.channels == 1)
    }
    var options = ExampleFolder.plain
    options.direction = .BtoA
    let back = try folder.open(.unpaired, options)
    #expect((back.sourceChannels, back.targetChannels) == (3, 1))
  }

  @Test func `pairs of other shapes are refused, of other resolutions resized`() throws {
    try folder.noise(["A/train/1.png"], 40, 20)
    try folder.noise(["B/train/1.png"], 80, 40)
    let text = folder.complaint(.paired)
    #expect(text.contains("B/train/1.png: reading the pair: it is 80 x 40 px"))
    #expect(text.contains("A/train/1.png is 40 x 20 px; both have to show the same place"))
    #expect(folder.complaint(.paired, cropped(16, 8)).isEmpty)
    try folder.noise(["B/train/1.png"], 80, 60)
    #expect(folder.complaint(.paired, cropped(16, 8)).contains("both have to show the same place"))
  }

  @Test func `instances of another size than the labels are refused`() throws {
    for (name, width) in [("label", 8), ("inst", 9)] {
      try folder.write("train_\(name)/1.png", width, 8, 1) { x, _, _ in UInt8(x / 3) }
    }
    try folder.noise(["train_img/1.png"], 8, 8)
    #expect(folder.complaint(.labels).contains("train_inst/1.png: reading the pair: it is 9 x 8"))
    var options = ExampleFolder.plain
    options.usesInstances = false
    let data = try folder.open(.labels, options)
    #expect(data.sourceChannels == 3 && !data.hasInstances)
  }

  @Test func `label maps are read as pictures where there are no classes`() throws {
    try folder.write("train_label/1.png", 8, 8, 1) { x, _, _ in UInt8(x) }
    try folder.write("train_img/1.png", 8, 8, 1) { x, _, _ in UInt8(x) }
    var options = ExampleFolder.plain
    options.labelClasses = 0
    let data = try folder.open(.labels, options)
    #expect(data.classes == nil && data.sourceChannels == 1)
    #expect(try data.example(0, epoch: 0, place: 0, seed: 1).map == nil)
    options.labelClasses = nil
    options.direction = .BtoA
    #expect(folder.complaint(.labels, options).contains("label maps are the source"))
  }

  @Test func `other epochs and seeds differ, the same do not`() throws {
    try folder.noise((0..<6).map { "trainA/\($0).png" }, 20, 20)
    try folder.noise((0..<5).map { "trainB/\($0).png" }, 20, 20)
    var options = cropped(16, 8)
    options.turns = true
    let data = try folder.open(.unpaired, options)
    func seen(_ epoch: Int, _ seed: UInt64) throws -> [Int] {
      try (0..<6).map {
        try data.example($0, epoch: epoch, place: $0, seed: seed).fingerprint
      }
    }
    let first = try seen(0, 1)
    #expect(try seen(0, 1) == first)
    #expect(try zip(seen(1, 1), first).allSatisfy { $0 != $1 })
    #expect(try zip(seen(0, 2), first).allSatisfy { $0 != $1 })
  }
}
