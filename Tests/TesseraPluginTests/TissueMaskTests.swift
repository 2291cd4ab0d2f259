import Testing

@testable import TesseraPlugin

struct TissueMaskTests {
  @Test func `Otsu finds the valley`() {
    let scores = [UInt8](repeating: 10, count: 500) + [UInt8](repeating: 90, count: 100)
    #expect((10..<90).contains(TissueMask.otsu(scores)))
  }

  @Test func `specks go, holes close, large holes stay`() {
    func color(_ x: Int, _ y: Int) -> [UInt8] {
      let tissue: [UInt8] = [180, 90, 150]
      let glass: [UInt8] = [245, 245, 245]
      if x == 390 && y == 390 { return tissue }
      guard (50..<350).contains(x), (50..<350).contains(y) else { return glass }
      if (100..<105).contains(x) && (100..<105).contains(y) { return glass }
      if (200..<260).contains(x) && (200..<260).contains(y) { return glass }
      return tissue
    }
    let samples = (0..<(400 * 400)).flatMap { color($0 % 400, $0 / 400) }
    let mask = TissueMask(samples, width: 400, height: 400, score: .saturation)
    #expect(!mask.isTissue[390 * 400 + 390])
    #expect(mask.isTissue[102 * 400 + 102])
    #expect(!mask.isTissue[230 * 400 + 230])
    #expect(mask.count == 300 * 300 - 60 * 60)
  }

  @Test func `regions are counted as a flood fill counts them`() {
    var state: UInt64 = 11
    for width in [1, 2, 7, 33] {
      let mask = (0..<(width * 29)).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state >> 33) % 100 < 55
      }
      let regions = RunRegions(mask, width: width, value: true)
      var expected = [Int](repeating: 0, count: mask.count)
      for start in mask.indices where mask[start] && expected[start] == 0 {
        var (stack, members) = ([start], Set([start]))
        while let index = stack.popLast() {
          let column = index % width
          var next = [index - width, index + width]
          if column > 0 { next.append(index - 1) }
          if column < width - 1 { next.append(index + 1) }
          for other in next
          where mask.indices.contains(other) && mask[other] && members.insert(other).inserted {
            stack.append(other)
          }
        }
        for member in members { expected[member] = members.count }
      }
      var found = [Int](repeating: 0, count: mask.count)
      for (run, size) in zip(regions.runs, regions.sizes) {
        for index in run { found[index] = size }
      }
      #expect(found == expected)
    }
  }
}
