import TesseraPlugin
import Testing

@testable import Translation

struct SamplePlanTests {
  private func plan(
    _ width: Int, _ height: Int, seed: Int = 0, foreground: RegionMask? = nil,
    needsCells: Bool = false
  ) -> SamplePlan {
    SamplePlan(
      width: width, height: height, halo: 84, alignment: 4, windowPixels: 400_000,
      needsCells: needsCells, seed: seed, foreground: foreground)
  }

  @Test func `a small image is one window`() {
    let plan = plan(500, 301)
    #expect(plan.isWhole && plan.windows.count == 1)
    #expect(plan.windows[0].region == PixelRegion(x: 0, y: 0, width: 500, height: 304))
  }

  @Test func `an image that costs no more than a sample is covered, each pixel once`() {
    let plan = plan(1500, 1203)
    #expect(!plan.isWhole && plan.windows.count > 1)
    #expect(plan.windows.reduce(0) { $0 + $1.core.area } == 1500 * 1203)
    #expect(Set(plan.windows.map { [$0.region.width, $0.region.height] }).count == 1)
    for window in plan.windows { #expect(window.region.contains(window.core)) }
  }

  @Test(arguments: [(4000, 3000), (16384, 16384), (100_000, 30_000)])
  func `a large image has a window in each cell of a lattice`(width: Int, height: Int) {
    let plan = plan(width, height)
    #expect(plan.windows.count >= 64)
    let image = PixelRegion(x: 0, y: 0, width: width, height: height)
    for window in plan.windows {
      #expect(image.contains(window.region) && window.region.contains(window.core))
      #expect(window.region.x % 4 == 0 && window.region.y % 4 == 0)
      #expect(window.region.width == 296 && window.core.width == 128)
    }
  }

  @Test func `the seed moves the windows, and nothing else does`() {
    #expect(plan(9000, 8000) == plan(9000, 8000))
    #expect(plan(9000, 8000, seed: 1) != plan(9000, 8000, seed: 2))
  }

  @Test func `windows lie in the foreground, and there are enough of them`() {
    var mask = RegionMask(
      width: 100, height: 100, reduction: 100,
      isForeground: [Bool](repeating: false, count: 10_000))
    for row in 20..<50 { for column in 30..<60 { mask.isForeground[row * 100 + column] = true } }
    let plan = plan(10_000, 10_000, foreground: mask)
    #expect(plan.windows.count >= 32)
    for window in plan.windows {
      let (x, y) = (window.core.x + 64, window.core.y + 64)
      #expect((2900..<6100).contains(x) && (1900..<5100).contains(y))
    }
  }

  @Test func `local statistics have a lattice on small images too`() {
    #expect(plan(700, 530, needsCells: true).lattice != [1, 1])
  }
}
