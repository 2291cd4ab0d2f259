import ModelGraph
import Networks
import Testing

/// Halos of published networks, worked out by hand from their layers.
struct HaloTableTests {
  struct Row: CustomTestStringConvertible {
    let name: String
    let before: Int
    let after: Int
    let alignment: Int
    var side = 64
    let graph: @Sendable () throws -> Graph
    var testDescription: String { name }
  }

  static let rows = [
    Row(name: "ResNet-9", before: 84, after: 84, alignment: 4) {
      try Generators.resnet(blocks: 9)
    },
    Row(name: "ResNet-6", before: 60, after: 60, alignment: 4) {
      try Generators.resnet(blocks: 6)
    },
    Row(name: "anti-aliased ResNet-9", before: 93, after: 90, alignment: 4) {
      try Generators.resnet(blocks: 9, isAntialiased: true)
    },
    Row(name: "anti-aliased ResNet-6", before: 69, after: 66, alignment: 4) {
      try Generators.resnet(blocks: 6, isAntialiased: true)
    },
    Row(name: "TransformerNet", before: 57, after: 54, alignment: 4) {
      try Generators.transformerNet()
    },
    Row(name: "pix2pixHD global", before: 324, after: 324, alignment: 16) {
      try Generators.resnet(blocks: 9, downs: 4)
    },
    Row(name: "U-Net 128", before: 381, after: 381, alignment: 128, side: 128) {
      try Generators.uNet(downs: 7)
    },
    Row(name: "U-Net 256", before: 765, after: 765, alignment: 256, side: 256) {
      try Generators.uNet(downs: 8)
    },
    Row(name: "U-Net 512", before: 1533, after: 1533, alignment: 512, side: 512) {
      try Generators.uNet(downs: 9)
    },
    Row(name: "RRDBNet", before: 349, after: 349, alignment: 1) { Generators.rrdb() },
    Row(name: "StainNet", before: 0, after: 0, alignment: 1) { try Generators.stainNet() },
  ]

  @Test(arguments: rows)
  func `the halo of a published network is that of its layers`(row: Row) throws {
    let found = try AnalysedGraph(row.graph(), side: row.side).footprint
    #expect(found.haloBefore == [row.before, row.before])
    #expect(found.haloAfter == [row.after, row.after])
    #expect(found.alignment == row.alignment)
    #expect(found.receptiveField == row.before + row.after + 1)
    #expect(found.scale == (row.name == "RRDBNet" ? Ratio(4, 1) : .one))
  }
}
