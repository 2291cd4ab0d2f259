import Base
import Foundation
import TestSupport
import Testing

@testable import Training

private let oracle = ProcessInfo.processInfo.environment["TESSERA_ORACLE_PYTHON"]
  .flatMap { ExternalTool($0) }
  .flatMap { (try? $0.run(["-c", "import PIL, numpy"]))?.status == 0 ? $0 : nil }

struct ResamplingTests {
  private static let sizes: [[Int]] = [
    [16, 16, 32, 32], [17, 31, 64, 5], [64, 48, 13, 29], [286, 200, 256, 256], [5, 7, 5, 70],
    [1, 1, 9, 9], [2, 3, 1, 1], [300, 4, 7, 4], [255, 257, 256, 256],
  ]

  /// What Pillow makes of the file: 32-bit numbers, row by row.
  private func pillow(
    _ values: Data, _ code: String, _ size: [Int], _ filter: String
  ) throws -> Data {
    let folder = try TemporaryDirectory()
    try values.write(to: URL(filePath: folder.path("in")))
    let program = """
      import sys, numpy as np
      from PIL import Image
      h, w, nh, nw = [int(x) for x in sys.argv[3:7]]
      image = Image.fromarray(np.fromfile(sys.argv[1], "\(code)").reshape(h, w))
      np.asarray(image.resize((nw, nh), Image.\(filter))).astype("\(code)").tofile(sys.argv[2])
      """
    let result = try #require(oracle).run(
      ["-c", program, folder.path("in"), folder.path("out")] + size.map { "\($0)" })
    try #require(result.status == 0, "\(result.errors)")
    return try Data(contentsOf: URL(filePath: folder.path("out")))
  }

  @Test(.enabled(if: oracle != nil, "needs Pillow"), arguments: sizes)
  func `bicubic is that of Pillow, up and down`(size: [Int]) throws {
    var numbers = SeededNumbers(seed: 5, .noise, size[0])
    let values = (0..<(size[0] * size[1])).map { _ in Float(numbers.unit() * 2 - 1) }
    let made = try pillow(values.withUnsafeBytes { Data($0) }, "<f4", size, "BICUBIC")
    let expected = made.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    let picture = Picture(channels: 1, height: size[0], width: size[1], values: values)
    let resized = picture.resized(height: size[2], width: size[3])
    #expect((resized.height, resized.width) == (size[2], size[3]))
    try #require(expected.count == resized.values.count)
    let worst = zip(resized.values, expected).map { abs($0 - min(1, max(-1, $1))) }.max() ?? 1
    #expect(worst < 1e-4)
  }

  @Test(.enabled(if: oracle != nil, "needs Pillow"), arguments: sizes)
  func `nearest labels are those of Pillow`(size: [Int]) throws {
    let labels = (0..<(size[0] * size[1])).map { Int32($0) }
    let made = try pillow(labels.withUnsafeBytes { Data($0) }, "<i4", size, "NEAREST")
    let expected = made.withUnsafeBytes { Array($0.bindMemory(to: Int32.self)) }
    let map = LabelPicture(height: size[0], width: size[1], labels: labels)
    let isSame = map.resized(height: size[2], width: size[3]).labels == expected
    #expect(isSame)
  }

  @Test func `channels are resized one by one and constants stay`() {
    let flat = Picture(
      channels: 2, height: 9, width: 7,
      values: [Float](repeating: 0.25, count: 63) + [Float](repeating: -0.5, count: 63))
    let larger = flat.resized(height: 20, width: 3)
    #expect(larger.values.prefix(60).allSatisfy { abs($0 - 0.25) < 1e-6 })
    #expect(larger.values.suffix(60).allSatisfy { abs($0 + 0.5) < 1e-6 })
  }

  @Test func `an edge does not leave the range of pictures`() {
    let edge = Picture(channels: 1, height: 1, width: 8, values: [-1, -1, -1, -1, 1, 1, 1, 1])
    let values = edge.resized(height: 1, width: 40).values
    #expect(values.allSatisfy { abs($0) <= 1 })
  }
}
