import Base
import Testing

@testable import Metrics

struct SeamGridTests {
  @Test(arguments: [28, 29, 31, 33, 36, 64, 100, 112, 255, 256, 257, 512, 1000, 4096])
  func `six controls lie between two seams, and none looks across one`(pitch: Int) throws {
    let offsets = try SeamGrid(pitch: pitch).controlOffsets
    #expect(offsets.count == 6 && Set(offsets).count == 6)
    for (index, offset) in offsets.enumerated() {
      #expect(offset >= 4 && offset <= pitch - 4)
      #expect(abs(offset - (index + 1) * pitch / 7) < 16, "spread evenly")
    }
  }

  @Test func `controls have the phase of the seams in the blocks of JPEG`() throws {
    for pitch in [112, 256, 512, 768] {
      #expect(try SeamGrid(pitch: pitch).controlOffsets.allSatisfy { $0 % 16 == 0 })
    }
    #expect(try SeamGrid(pitch: 511).controlOffsets == [73, 146, 219, 292, 365, 438])
  }

  @Test func `lines have 4 px on both sides and start at the offset`() throws {
    let seams = try SeamGrid(pitch: 100, offset: 30).lines(in: 334).filter { $0.group == 0 }
    #expect(seams.map(\.position) == [30, 130, 230, 330])
    #expect(
      try SeamGrid(pitch: 100).lines(in: 203).filter { $0.group == 0 }.map(\.position) == [100])
    for length in [0, 1, 7] { #expect(try SeamGrid(pitch: 100).lines(in: length).isEmpty) }
    let lines = try SeamGrid(pitch: 64, offset: 20).lines(in: 1000).map(\.position)
    #expect(lines == lines.sorted() && lines.first == 4)
  }

  @Test func `an offset counts modulo the pitch`() throws {
    #expect(try SeamGrid(pitch: 100, offset: -30) == SeamGrid(pitch: 100, offset: 170))
    #expect(try SeamGrid(pitch: 100, offset: .min).offset == (Int.min % 100) + 100)
  }

  @Test(arguments: [-1, 0, 1, 27, Int.max])
  func `a pitch that cannot be measured is an error`(pitch: Int) {
    let error = #expect(throws: TesseraError.self) { try SeamGrid(pitch: pitch) }
    #expect(error?.reason.contains("from 28 px on") == true)
  }
}
