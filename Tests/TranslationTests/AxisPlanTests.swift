import Testing

@testable import Translation

struct AxisPlanTests {
  @Test(arguments: [1, 7, 255, 256, 257, 1000, 4096], [(1, 0), (16, 3), (256, 24), (512, 84)])
  func `cores tile the axis and windows hold the halo or end at the border`(
    length: Int, shape: (core: Int, halo: Int)
  ) {
    let plan = AxisPlan(length: length, core: shape.core, halo: shape.halo)
    #expect(plan.pieces.flatMap { Array($0.core) } == Array(0..<length))
    let windowLength = min(length, shape.core + 2 * shape.halo)
    for piece in plan.pieces {
      #expect(piece.window.count == windowLength)
      #expect(piece.window.lowerBound >= 0 && piece.window.upperBound <= length)
      #expect(piece.window.lowerBound <= max(0, piece.core.lowerBound - shape.halo))
      #expect(piece.window.upperBound >= min(length, piece.core.upperBound + shape.halo))
    }
  }

  @Test(
    arguments: [1, 7, 255, 256, 257, 1000, 2048, 4097],
    [(16, 3, 1), (256, 24, 4), (512, 92, 4), (100, 200, 8)])
  func `balanced windows are no larger, no more, and hold the halo or end at the border`(
    length: Int, shape: (core: Int, halo: Int, alignment: Int)
  ) {
    let (core, halo, alignment) = shape
    let plan = AxisPlan(balancing: length, core: core, halo: halo, alignment: alignment)
    let usual = AxisPlan(length: length, core: core, halo: halo, alignment: alignment)
    #expect(plan.pieces.flatMap { Array($0.core) } == Array(0..<length))
    #expect(plan.pieces.count <= usual.pieces.count)
    #expect(plan.paddedLength == usual.paddedLength)
    #expect(Set(plan.pieces.map(\.window.count)).count == 1)
    for piece in plan.pieces {
      #expect(piece.window.count <= usual.pieces[0].window.count)
      #expect(piece.window.lowerBound % alignment == 0 && piece.window.count % alignment == 0)
      #expect(piece.window.lowerBound >= 0 && piece.window.upperBound <= plan.paddedLength)
      #expect(piece.window.lowerBound <= max(0, piece.core.lowerBound - halo))
      #expect(piece.window.upperBound >= min(length, piece.core.upperBound + halo))
    }
  }

  @Test(
    arguments: [1, 7, 203, 204, 205, 1000, 3000], [(48, 54, 4), (16, 3, 1), (256, 24, 8)])
  func `no window is shorter than the least one where the image is not`(
    length: Int, shape: (core: Int, halo: Int, alignment: Int)
  ) {
    let (core, halo, alignment) = shape
    let plans = [
      AxisPlan(length: length, core: core, halo: halo, alignment: alignment, minimum: 201),
      AxisPlan(
        length: length, core: core, halo: halo, alignment: alignment, minimum: 201,
        offset: core / 3),
      AxisPlan(balancing: length, core: core, halo: halo, alignment: alignment, minimum: 201),
    ]
    for plan in plans {
      #expect(plan.pieces.flatMap { Array($0.core) } == Array(0..<length))
      #expect(Set(plan.pieces.map(\.window.count)).count == 1)
      for piece in plan.pieces {
        #expect(piece.window.count >= min(201, plan.paddedLength))
        #expect(piece.window.lowerBound % alignment == 0 && piece.window.count % alignment == 0)
        #expect(piece.window.lowerBound >= 0 && piece.window.upperBound <= plan.paddedLength)
        #expect(piece.window.lowerBound <= max(0, piece.core.lowerBound - halo))
        #expect(piece.window.upperBound >= min(length, piece.core.upperBound + halo))
      }
    }
  }
}
