import Testing
import Translation

@Suite struct SliceFormatTests {
  @Test func `each plane names three directions of the patient`() {
    for plane in SliceFormat.Plane.allCases {
      let letters = Set(plane.orientation)
      #expect(letters.count == 3)
    }
  }
}
