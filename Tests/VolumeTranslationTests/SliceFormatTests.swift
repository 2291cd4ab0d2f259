import TesseraPlugin
import Testing
import Translation
import Volumes

struct SliceFormatTests {
  @Test(arguments: SliceFormat.Plane.allCases)
  func `each plane can be cut from LPS, and shows the patient's front or head first`(
    plane: SliceFormat.Plane
  ) {
    let volume = TestVolumes.head()
    let cut = volume.oriented(as: plane.orientation)
    #expect(cut.geometry.orientation == plane.orientation)
    // The first row is the forehead in axial slices, the top of the head in the others.
    let rows = Array(plane.orientation)[1]
    #expect(rows == (plane == .axial ? "P" : "I"))
    #expect(cut.oriented(as: "LPS").samples == volume.samples)
  }
}
