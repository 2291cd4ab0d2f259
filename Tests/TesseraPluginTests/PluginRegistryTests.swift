import Foundation
import TesseraPlugin
import TestSupport
import Testing

struct PluginRegistryTests {
  @Test func `pairs are sorted by identifier and the first of two wins`() {
    let registry = PluginRegistry()
    registry.register(Inversion())
    registry.register(BoxBlur(radius: 3))
    registry.register(BoxBlur(radius: 9))
    #expect(registry.pairs.map(\.description.id) == ["box-blur", "inversion"])
    #expect((registry.pair("box-blur") as? BoxBlur)?.radius == 3)
    #expect(registry.complaints.count == 1)
    #expect(registry.pair("nothing") == nil)
  }

  @Test func `an error of a pair keeps its type across the library's border`() throws {
    let overview = Overview(
      image: ImageDescription(width: 1, height: 1, channels: 3, format: .uint8), reduction: 1,
      pixels: Tile(
        region: PixelRegion(x: 0, y: 0, width: 1, height: 1), channels: 3, format: .uint8))
    do {
      _ = try Inversion().fit(overview, options: PairOptions(declared: []))
      Issue.record("nothing was thrown")
    } catch let error as any Error {
      #expect(error is PairError)
    }
  }

  @Test func `values survive JSON`() throws {
    let value = PairValue.object([
      "flag": .flag(true), "list": .numbers([1, 2.5]), "text": .text("x"), "number": .number(3),
    ])
    let data = try JSONEncoder().encode(value)
    #expect(try JSONDecoder().decode(PairValue.self, from: data) == value)
    #expect(value["list"]?.numbers == [1, 2.5] && value["flag"]?.number == nil)
  }
}
