import Base
import Foundation
import Synchronization
import TesseraPlugin
import TestSupport
import Testing

@testable import Samples

@Suite struct SyntheticSlideTests {
  private static func slide(
    _ width: Int = 900, _ height: Int = 700, seed: UInt64 = 5, look: ScannerLook = .deepViolet,
    share: Double = 0.5
  ) -> SyntheticSlide {
    SyntheticSlide(width: width, height: height, seed: seed, look: look, tissueShare: share)
  }

  @Test func `the slide describes itself`() {
    let info = Self.slide(500, 300).info
    #expect(info.width == 500 && info.height == 300 && info.channels == 3)
    #expect(info.micronsPerPixel?.x == 0.25 && info.micronsPerPixel?.y == 0.25)
    #expect(info.objectivePower == 40 && info.isLossy && info.isRandomAccess)
    #expect(info.color == .rgb && info.sampleFormat == .uint8)
  }

  @Test(arguments: [ScannerLook.deepViolet, .palePink])
  func `any window shows the same pixels`(look: ScannerLook) throws {
    let slide = Self.slide(look: look)
    let whole = try pixels(slide, slide.info.region)
    var random = SeededNumbers(state: 1)
    for _ in 0..<60 {
      let width = Int.random(in: 1...300, using: &random)
      let height = Int.random(in: 1...200, using: &random)
      let part = PixelRegion(
        x: Int.random(in: 0...900 - width, using: &random),
        y: Int.random(in: 0...700 - height, using: &random), width: width, height: height)
      #expect(try pixels(slide, part) == cut(part, from: whole, of: slide.info.region))
    }
  }

  @Test(arguments: [1, 7, 64, 256, 1000])
  func `any tile size shows the same pixels`(side: Int) throws {
    let region = PixelRegion(x: 390, y: 210, width: side == 1 ? 40 : 330, height: 75)
    let slide = Self.slide()
    let whole = try pixels(slide, region)
    for y in stride(from: region.y, to: region.rows.upperBound, by: side) {
      for x in stride(from: region.x, to: region.columns.upperBound, by: side) {
        let part = PixelRegion(x: x, y: y, width: side, height: side).intersection(region)
        #expect(try pixels(slide, part) == cut(part, from: whole, of: region))
      }
    }
  }

  @Test(arguments: [1, 2, 5])
  func `any number of threads shows the same pixels`(threads: Int) throws {
    let slide = Self.slide()
    let whole = try pixels(slide, slide.info.region)
    let rows = Mutex<[Int: [UInt8]]>([:])
    try WorkerPool(count: threads).run(70, throwing: TesseraError.self) {
      index throws(TesseraError) in
      var tile = Tile(
        region: PixelRegion(x: 0, y: index * 10, width: 900, height: 10), channels: 3,
        format: .uint8)
      try slide.read(into: &tile)
      let strip = bytes(tile)
      rows.withLock { $0[index] = strip }
    }
    #expect(rows.withLock { rows in (0..<70).flatMap { rows[$0] ?? [] } } == whole)
  }

  @Test func `a tile with padded rows is filled within its columns`() throws {
    let slide = Self.slide()
    let region = PixelRegion(x: 401, y: 303, width: 99, height: 20)
    var memory = [UInt8](repeating: 7, count: 400 * 20)
    try memory.withUnsafeMutableBytes { buffer in
      let base = try #require(buffer.baseAddress)
      var tile = Tile(
        lending: base, bytesPerRow: 400, region: region, channels: 3, format: .uint8)
      try slide.read(into: &tile)
    }
    let expected = try pixels(slide, region)
    for row in 0..<20 {
      #expect(
        Array(memory[row * 400..<row * 400 + 297]) == Array(expected[row * 297..<row * 297 + 297]))
      #expect(memory[row * 400 + 297..<row * 400 + 400].allSatisfy { $0 == 7 })
    }
  }

  @Test func `a seed gives the same slide again and another seed another`() throws {
    let region = PixelRegion(x: 300, y: 200, width: 300, height: 300)
    let first = try pixels(Self.slide(), region)
    #expect(try pixels(Self.slide(), region) == first)
    for seed in [0, 4, 6, (1 << 32) + 5, UInt64.max] as [UInt64] {
      #expect(try pixels(Self.slide(seed: seed), region) != first)
    }
  }

  @Test(arguments: [(1, 1), (300, 200), (1, 5000), (4000, 3), (63, 65)])
  func `every size can be read`(width: Int, height: Int) throws {
    for share in [0, 0.4, 1] {
      let slide = Self.slide(width, height, share: share)
      #expect(try pixels(slide, slide.info.region).count == width * height * 3)
    }
  }

  @Test func `a huge slide is read without holding it`() throws {
    let slide = SyntheticSlide(
      width: 100_000, height: 100_000, seed: 3, look: .palePink, tissueShare: 0.02)
    let before = residentMegabytes()
    for corner in [0, 33_333, 50_000, 99_000] {
      for other in [0, 41_234, 99_000] {
        let region = PixelRegion(x: corner, y: other, width: 1000, height: 1000)
        _ = try pixels(slide, region)
      }
    }
    #expect(residentMegabytes() - before < 40)
  }

  @Test func `a place of a huge slide does not depend on the window`() throws {
    let slide = SyntheticSlide(width: 100_000, height: 100_000, seed: 3, look: .deepViolet)
    let region = PixelRegion(x: 51_003, y: 39_007, width: 400, height: 300)
    let whole = try pixels(slide, region)
    let part = PixelRegion(x: 51_203, y: 39_100, width: 77, height: 50)
    #expect(try pixels(slide, part) == cut(part, from: whole, of: region))
  }

  @Test(arguments: [ScannerLook.deepViolet, .palePink])
  func `the blocks that are computed at once do not show`(look: ScannerLook) throws {
    let slide = Self.slide(2048, 2048, look: look, share: 1)
    let bytes = try pixels(slide, slide.info.region)
    // Differences of neighbors across the borders of blocks and everywhere else.
    var border = (sum: 0.0, count: 0.0)
    var inner = (sum: 0.0, count: 0.0)
    var largest = (border: 0, inner: 0)
    for y in 1..<2048 {
      for x in 1..<2048 {
        let index = (y * 2048 + x) * 3
        for (step, position) in [(3, x), (2048 * 3, y)] {
          let difference = abs(Int(bytes[index]) - Int(bytes[index - step]))
          if position % 64 == 0 {
            border = (border.sum + Double(difference), border.count + 1)
            largest.border = max(largest.border, difference)
          } else {
            inner = (inner.sum + Double(difference), inner.count + 1)
            largest.inner = max(largest.inner, difference)
          }
        }
      }
    }
    #expect(abs(border.sum / border.count / (inner.sum / inner.count) - 1) < 0.05)
    #expect(largest.border <= largest.inner)
  }

  @Test(arguments: [0.1, 0.25, 0.4, 0.6])
  func `the outlines hold the share that was asked for`(share: Double) {
    for seed: UInt32 in 1...4 {
      let outline = TissueOutline(width: 16384, height: 12000, seed: seed, share: share)
      var random = SeededNumbers(state: 9)
      let inside = (0..<20_000).count { _ in
        outline.depth(
          x: Float.random(in: 0..<16384, using: &random),
          y: Float.random(in: 0..<12000, using: &random)) > 0
      }
      #expect(abs(Double(inside) / 20_000 - share) < 0.025)
    }
  }

  @Test func `most of the tissue is stained and all of the glass is near white`() throws {
    for look in [ScannerLook.deepViolet, .palePink] {
      let slide = Self.slide(4096, 4096, look: look, share: 0.4)
      let stained = slide.survey(slide.info.region).stained
      #expect(stained > 0.28 && stained < 0.42)
    }
    let glass = Self.slide(2000, 2000, look: .palePink, share: 0)
    let white = ScannerLook.palePink.white
    for (index, value) in try pixels(glass, glass.info.region).enumerated() {
      if abs(Float(value) - white[index % 3]) > 3 {
        Issue.record("glass of \(value) at byte \(index)")
        break
      }
    }
  }

  @Test func `tissue everywhere leaves no empty block`() throws {
    let section = Section(width: 1000, height: 1000, seed: 2, share: 1)
    var painter = SectionPainter(section: section, softness: 2)
    for y in stride(from: 0, to: 1000, by: 64) {
      for x in stride(from: 0, to: 1000, by: 64) {
        let content = painter.begin(x: x, y: y)
        #expect(content == .tissue)
      }
    }
  }

  @Test func `blocks taken for glass hold no tissue`() throws {
    let section = Section(width: 6000, height: 6000, seed: 8, share: 0.3)
    var painter = SectionPainter(section: section, softness: 2)
    var glass = 0
    for y in stride(from: 0, to: 6000, by: 64) {
      for x in stride(from: 0, to: 6000, by: 64) {
        let content = painter.begin(x: x, y: y)
        guard content == .glass else { continue }
        glass += 1
        for dy in stride(from: 0, to: 64, by: 3) {
          for dx in stride(from: 0, to: 64, by: 3) {
            let depth = section.map.outline.depth(x: Float(x + dx), y: Float(y + dy))
            if depth > -4 { Issue.record("depth \(depth) in the empty block at \(x), \(y)") }
          }
        }
      }
    }
    #expect(glass > 5000)
  }

  @Test func `the depth changes no faster than its slope`() {
    let outline = TissueOutline(width: 8000, height: 8000, seed: 4, share: 0.4)
    var random = SeededNumbers(state: 2)
    for _ in 0..<20_000 {
      let x = Float.random(in: 0..<7990, using: &random)
      let y = Float.random(in: 0..<7990, using: &random)
      let dx = Float.random(in: 0...8, using: &random)
      let dy = Float.random(in: 0...8, using: &random)
      let change = abs(outline.depth(x: x + dx, y: y + dy) - outline.depth(x: x, y: y))
      #expect(change <= outline.slope * (dx * dx + dy * dy).squareRoot() + 0.05)
    }
  }

  /// Resident memory, 0 where the system does not tell.
  private func residentMegabytes() -> Int {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
      let pages = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
    else { return 0 }
    return pages * 4096 / 1_000_000
  }
}
