import Base
import Foundation
import TestSupport
import Testing
import TileIO

@testable import Training

struct ColorCensusTests {
  /// Colors of Cityscapes by the name of the class, from its published scripts.
  private static let cityscapes: [String: [UInt8]] = [
    "unlabelled": [0, 0, 0], "dynamic": [111, 74, 0], "ground": [81, 0, 81],
    "road": [128, 64, 128], "sidewalk": [244, 35, 232], "parking": [250, 170, 160],
    "rail track": [230, 150, 140], "building": [70, 70, 70], "wall": [102, 102, 156],
    "fence": [190, 153, 153], "guard rail": [180, 165, 180], "bridge": [150, 100, 100],
    "tunnel": [150, 120, 90], "pole": [153, 153, 153], "traffic light": [250, 170, 30],
    "traffic sign": [220, 220, 0], "vegetation": [107, 142, 35], "terrain": [152, 251, 152],
    "sky": [70, 130, 180], "person": [220, 20, 60], "rider": [255, 0, 0], "car": [0, 0, 142],
    "truck": [0, 0, 70], "bus": [0, 60, 100], "caravan": [0, 0, 90], "trailer": [0, 0, 110],
    "train": [0, 80, 100], "motorcycle": [0, 0, 230], "bicycle": [119, 11, 32],
  ]

  @Test(.enabled(if: SharedData.isPresent, "needs the shared data"))
  func `the classes of Cityscapes come out of its JPEG files`() throws {
    let folder = SharedData.path("pairs/cityscapes/train_label")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    let survey = try LabelSurvey(
      names.map { "\(folder)/\($0)" }, classes: nil, palette: "auto", pool: WorkerPool())
    let found = try #require(survey.reader.colors).entries.map(\.color)
    var known: Set<String> = []
    for color in found {
      let nearest = Self.cityscapes.min {
        LabelColors.distance($0.value, color[0], color[1], color[2])
          < LabelColors.distance($1.value, color[0], color[1], color[2])
      }
      let (name, published) = try #require(nearest)
      let distance = LabelColors.distance(published, color[0], color[1], color[2])
      #expect(distance <= 64, "\(color) is no class; the nearest is \(name)")
      #expect(known.insert(name).inserted, "\(name) came twice")
    }
    // Of these there are no flat areas.
    let missing = Set(Self.cityscapes.keys).subtracting(known)
    #expect(missing.isSubset(of: ["guard rail", "caravan"]), "\(missing)")
    #expect(survey.classes == found.count)
  }

  @Test func `colors survive JPEG without its noise`() throws {
    let folder = try ExampleFolder()
    let colors: [[UInt8]] = [
      [0, 0, 0], [0, 60, 100], [107, 142, 35], [128, 64, 128], [244, 35, 232],
    ]
    var paths: [String] = []
    for picture in 0..<6 {
      // Areas of many sizes and borders in all directions.
      paths.append(
        try folder.write("\(picture).jpg", 320, 240) { x, y, channel in
          let (u, v) = (x * (3 + picture) + y * 2, y * (5 - picture % 3) - x)
          return colors[abs(u / 240 + v / 330) % colors.count][channel]
        })
    }
    let survey = try LabelSurvey(paths, classes: nil, palette: "auto", pool: WorkerPool(count: 2))
    let found = try #require(survey.reader.colors).entries.map(\.color)
    try #require(found.count == colors.count, "\(found)")
    for (mine, right) in zip(found, colors) {
      #expect(LabelColors.distance(mine, right[0], right[1], right[2]) < 50, "\(mine), \(right)")
    }
  }

  @Test func `counting in parts is counting the whole`() {
    let rgb = (0..<600).flatMap { (pixel: Int) -> [UInt8] in [UInt8(pixel % 30 / 10 * 100), 7, 9] }
    var (whole, parts) = (ColorCensus(), ColorCensus())
    for isLossy in [false, true] {
      for _ in 0..<3 {
        whole.add(rgb, width: 30, height: 20, isLossy: isLossy)
        var part = ColorCensus()
        part.add(rgb, width: 30, height: 20, isLossy: isLossy)
        parts.add(part)
      }
      #expect(whole.colors == [[0, 7, 9], [100, 7, 9], [200, 7, 9]])
      #expect(parts.colors == whole.colors)
    }
  }

  @Test(arguments: [(1, 1), (1, 9), (9, 1), (2, 2)])
  func `pictures too small for a flat square harm nothing`(width: Int, height: Int) {
    var census = ColorCensus()
    let rgb = [UInt8](repeating: 5, count: width * height * 3)
    census.add(rgb, width: width, height: height, isLossy: true)
    #expect(census.colors == nil)
    var exact = ColorCensus()
    exact.add(rgb, width: width, height: height, isLossy: false)
    #expect(exact.colors == [[5, 5, 5]])
  }

  @Test func `lossless photos have no colors of classes`() {
    var census = ColorCensus()
    let rgb = (0..<(64 * 64 * 3)).map { UInt8(MemorySource.noise($0, 3, 1)) }
    census.add(rgb, width: 64, height: 64, isLossy: false)
    #expect(census.colors == nil)
  }
}
