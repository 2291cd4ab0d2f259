import Base
import Foundation
import TestSupport
import Testing

@testable import Training

struct LabelSurveyTests {
  let folder: ExampleFolder

  init() throws { folder = try ExampleFolder() }

  private func survey(
    _ paths: [String], classes: Int? = nil, palette: String = "auto"
  ) throws -> LabelSurvey {
    try LabelSurvey(paths, classes: classes, palette: palette, pool: WorkerPool(count: 2))
  }

  private func complaint(
    _ paths: [String], classes: Int? = nil, palette: String = "auto"
  ) -> String {
    do {
      _ = try survey(paths, classes: classes, palette: palette)
      return ""
    } catch { return "\(error)" }
  }

  private func gray(_ name: String, _ labels: [UInt8]) throws -> String {
    try folder.write(name, labels.count, 2, 1) { x, _, _ in labels[x] }
  }

  @Test func `numbers are classes from 0 to the highest of all maps`() throws {
    let paths = [try gray("1.png", [0, 1, 2]), try gray("2.png", [0, 7, 7])]
    let found = try survey(paths)
    #expect(found.classes == 8 && found.reader.colors == nil && found.reader.unknown == nil)
    #expect(found.findings == ["labels from 0 to 7, 8 classes"])
    #expect(try survey(paths, classes: 19).classes == 19)
    #expect(try found.reader.read(paths[1]).labels == [0, 7, 7, 0, 7, 7])
  }

  @Test func `255 is unknown and becomes a class of its own`() throws {
    let paths = [try gray("1.png", [0, 4, 1]), try gray("2.png", [255, 3, 255])]
    let found = try survey(paths)
    #expect(found.classes == 6)
    #expect(found.findings == ["labels from 0 to 4, 5 classes and one more for 255, unknown"])
    #expect(try found.reader.read(paths[1]).labels == [5, 3, 5, 5, 3, 5])
    let nineteen = try survey(paths, classes: 19)
    #expect(nineteen.classes == 20)
    #expect(try nineteen.reader.read(paths[1]).labels[0] == 19)
    #expect(try survey(paths, classes: 256).reader.read(paths[1]).labels[0] == 255)
  }

  @Test func `labels out of range name the file and what to do`() throws {
    let paths = [try gray("1.png", [0, 1]), try gray("2.png", [0, 40])]
    let text = complaint(paths, classes: 35)
    #expect(text.hasPrefix("\(paths[1]): checking the labels: it holds label 40"))
    #expect(text.contains("--label-classes says 35, which are 0 to 34; raise it or correct"))
  }

  @Test func `numbers of instances are told from classes`() throws {
    let path = try folder.write("1.png", 4, 4, 1, of: UInt16.self) { x, y, _ in
      UInt16(26000 + x + y)
    }
    let text = complaint([try gray("0.png", [0, 1]), path])
    #expect(text.hasPrefix("\(path): checking the labels: it holds label 26006"))
    #expect(text.contains("numbers of instances rather than of classes"))
  }

  @Test func `palettes are read as numbers, and sixteen bits too`() throws {
    let indexed = try folder.path("a.png")
    var png = TestPNG(width: 9, height: 3)
    png.value = { x, y in UInt8((x + y) % 5) }
    try png.write(indexed)
    let found = try survey([indexed])
    #expect(found.classes == 5)
    #expect(try found.reader.read(indexed).labels == png.values.map { Int32($0) })
    let deep = try folder.write("b.png", 9, 3, 1, of: UInt16.self) { x, _, _ in UInt16(x * 300) }
    #expect(try survey([deep]).classes == 2401)
    #expect(try survey([deep]).reader.read(deep).labels[8] == 2400)
  }

  @Test func `photos in the folder of labels are told from maps`() throws {
    try folder.noise(["1.jpg", "2.jpg"], 90, 90)
    let text = complaint([try folder.path("1.jpg"), try folder.path("2.jpg")])
    #expect(text.contains("seems to hold photos: there are no areas of one colour"))
    #expect(text.contains("--palette FILE.json"))
  }

  @Test(.enabled(if: SharedData.isPresent, "needs the shared test data"))
  func `photos of streets are told from maps`() throws {
    let photos = SharedData.path("pairs/cityscapes/train_photo")
    let names = try FileManager.default.contentsOfDirectory(atPath: photos).sorted().prefix(20)
    #expect(complaint(names.map { "\(photos)/\($0)" }).contains("seems to hold photos"))
  }

  @Test func `floats are no labels`() throws {
    let path = try folder.write("a.tif", 4, 4, 1, of: Float.self) { _, _, _ in 1 }
    #expect(complaint([path]).contains("labels have 8 or 16 bits"))
  }

  @Test func `lossless colors are classes, however close and thin`() throws {
    let colors: [[UInt8]] = [[0, 0, 0], [0, 60, 100], [0, 80, 100], [3, 0, 0]]
    let path = try folder.write("a.png", 40, 12) { x, y, channel in
      colors[y == 5 ? 3 : x / 14][channel]
    }
    let found = try survey([path])
    #expect(found.classes == 4)
    #expect(found.reader.colors?.entries.map(\.color) == colors)
    let map = try found.reader.read(path)
    #expect(map.labels[0] == 0 && map.labels[39] == 2 && map.labels[5 * 40] == 3)
  }

  @Test func `more colors than classes list what was found`() throws {
    let path = try folder.write("a.png", 30, 9) { x, _, channel in UInt8(x / 10 * 90 + channel) }
    let text = complaint([path], classes: 2)
    #expect(text.contains("there are 3 colours, --label-classes says 2: 0 (0, 1, 2), 1 (90, 91,"))
    #expect(try survey([path], classes: 5).classes == 5)
  }

  @Test func `colors of a palette give their numbers, others the nearest one`() throws {
    let pixels: [[UInt8]] = [[128, 64, 128], [120, 70, 131], [71, 70, 69]]
    let path = try folder.write("a.png", 3, 1) { x, _, channel in pixels[x][channel] }
    let palette = try folder.path("palette.json")
    try folder.text(
      "palette.json",
      #"[{"name": "building", "colour": [70, 70, 70]}, {"name": "road", "colour": [128, 64, 128]}]"#
    )
    let found = try survey([path], palette: palette)
    #expect(found.classes == 2)
    #expect(try found.reader.read(path).labels == [1, 1, 0])
    #expect(
      found.findings == ["2 classes by colour: 0 building (70, 70, 70), 1 road (128, 64, 128)"])
    try folder.text("palette.json", "[[128, 64, 128], [70, 70, 70]]")
    #expect(try survey([path], palette: palette).reader.read(path).labels == [0, 0, 1])
  }

  @Test(arguments: [
    ("[]", "each colour has three numbers"), ("[[1, 2]]", "each colour has three numbers"),
    ("[[1, 2, 256]]", "it is no list of colours"), ("{}", "it is no list of colours"),
    ("", "it is no list of colours"),
    ("[[1, 2, 3], [1, 2, 3]]", "two classes have the same colour"),
  ])
  func `a palette that is none says how one looks`(content: String, reason: String) throws {
    try folder.text("palette.json", content)
    let path = try folder.path("palette.json")
    let text = complaint([try gray("1.png", [0])], palette: path)
    #expect(text.hasPrefix("\(path): reading the palette: ") && text.contains(reason))
    #expect(
      complaint([try gray("1.png", [0])], palette: "/nowhere.json").contains(
        "there is no such file"))
  }

  @Test func `a broken map at the front does not decide what maps are`() throws {
    var paths = [try folder.path("00.png")]
    try folder.text("00.png", "no picture")
    for index in 10..<40 { paths.append(try gray("\(index).png", [0, 1, 2])) }
    #expect(try survey(paths).classes == 3)
    #expect(complaint([paths[0]]).hasPrefix("\(paths[0]): opening: "))
  }

  @Test func `borders are where neighbors differ`() {
    let map = LabelPicture(height: 3, width: 4, labels: [1, 1, 2, 2, 1, 1, 2, 2, 1, 1, 1, 1])
    #expect(map.borders == [0, 1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 1])
    let one = LabelPicture(height: 1, width: 3, labels: [2, 0, 1]).oneHot(classes: 3)
    #expect(one == [0, 1, 0, 0, 0, 1, 1, 0, 0])
  }
}
