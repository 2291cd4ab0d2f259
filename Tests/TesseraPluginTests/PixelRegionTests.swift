import TesseraPlugin
import Testing

struct PixelRegionTests {
  let region = PixelRegion(x: 10, y: 20, width: 30, height: 40)

  @Test func `an intersection is what both cover`() {
    #expect(
      region.intersection(PixelRegion(x: 0, y: 50, width: 15, height: 100))
        == PixelRegion(x: 10, y: 50, width: 5, height: 10))
    #expect(region.intersection(PixelRegion(x: 40, y: 20, width: 5, height: 5)).isEmpty)
    #expect(region.intersection(PixelRegion(x: 0, y: 0, width: 5, height: 5)).area == 0)
  }

  @Test func `a region contains itself and what lies within`() {
    #expect(region.contains(region))
    #expect(!region.contains(PixelRegion(x: 10, y: 20, width: 31, height: 1)))
  }
}
