import Base
import Testing
import TesseraPlugin
import TestSupport
import Translation
import VolumeTranslation
import Volumes

@Suite(.enabled(if: TestVolumes.engine != nil, "OpenVINO is missing"))
struct VolumeTranslatorTests {
  @Test(arguments: ["LPS", "RAS", "SPL", "AIR"])
  func `the result has the geometry of its source, and its places, however the axes lie`(
    orientation: String
  ) throws {
    let straight = TestVolumes.head()
    let pair = try TestVolumes.pair(TestVolumes.mixture([1]), TestVolumes.format())
    let expected = try TestVolumes.translate(straight, pair)
    let result = try TestVolumes.translate(straight.oriented(as: orientation), pair)
    #expect(result.geometry == straight.oriented(as: orientation).geometry)
    #expect(result.oriented(as: "LPS").samples.distance(to: expected.samples) < 0.01)
    #expect(result.modality == "CT")
    #expect(result.storedAs == .int16)
  }

  @Test func `what is outside of the body becomes air, and nothing leaves the window`() throws {
    let source = TestVolumes.head()
    let pair = try TestVolumes.pair(TestVolumes.mixture([3]), TestVolumes.format())
    let result = try TestVolumes.translate(source, pair)
    #expect(result[0, 0, 0] == -1024)
    #expect(result.samples.allSatisfy { (-1024...2000).contains($0) })
    #expect(result.samples.contains(2000))
  }

  @Test func `resampled to a network's spacing and back, places stay where they are`() throws {
    // Percentiles are others on another grid: samples stand for themselves.
    let source = TestVolumes.head(tissue: 0.5)
    var format = TestVolumes.format()
    format.normalization = .init(.none)
    let exact = try TestVolumes.translate(
      source, TestVolumes.pair(TestVolumes.mixture([1]), format))
    format.spacing = [3, 2.5, 2]
    let result = try TestVolumes.translate(
      source, TestVolumes.pair(TestVolumes.mixture([1]), format))
    #expect(result.geometry == source.geometry)
    // Deep in the tissue both are the same slope.
    let (x, y, z) = (20, 22, 18)
    for (dx, dy, dz) in [(0, 0, 0), (6, 0, 0), (-6, 0, 0), (0, 7, 0), (0, -7, 0), (0, 0, 5)] {
      let (first, second) = (result[x + dx, y + dy, z + dz], exact[x + dx, y + dy, z + dz])
      #expect(abs(first - second) < 25, "\(dx) \(dy) \(dz): \(first) \(second)")
    }
  }

  @Test
  func `neighbors are the slices below and above, and the last one stands in beyond the end`()
    throws
  {
    let source = TestVolumes.head()
    var format = TestVolumes.format(neighbors: 1)
    format.mask = false
    let middle = try TestVolumes.translate(
      source, TestVolumes.pair(TestVolumes.mixture([0, 1, 0]), format))
    let below = try TestVolumes.translate(
      source, TestVolumes.pair(TestVolumes.mixture([1, 0, 0]), format))
    let above = try TestVolumes.translate(
      source, TestVolumes.pair(TestVolumes.mixture([0, 0, 1]), format))
    let last = source.geometry.size.z - 1
    for z in 0...last {
      let (x, y) = (20, 22)
      #expect(below[x, y, z] == middle[x, y, max(z - 1, 0)])
      #expect(above[x, y, z] == middle[x, y, min(z + 1, last)])
    }
  }

  @Test func `three orientations give the mean, which for a network of single pixels is the same`()
    throws
  {
    let source = TestVolumes.head()
    let pair = try TestVolumes.pair(
      TestVolumes.mixture([1]), TestVolumes.format(planes: SliceFormat.Plane.allCases))
    let one = try TestVolumes.translate(source, pair)
    let three = try TestVolumes.translate(source, pair, ["orientations": "3"])
    #expect(three.samples.distance(to: one.samples) < 0.05)
  }

  @Test func `orientations that a network never saw are refused`() throws {
    let pair = try TestVolumes.pair(TestVolumes.mixture([1]), TestVolumes.format())
    let error = #expect(throws: TesseraError.self) {
      try TestVolumes.translate(TestVolumes.head(), pair, ["orientations": "3"])
    }
    #expect(error?.reason.contains("is made for axial slices") == true)
  }

  @Test func `statistics are those of the volume, so that slices keep their brightness`() throws {
    let source = TestVolumes.head()
    var format = TestVolumes.format()
    format.mask = false
    let result = try TestVolumes.translate(
      source, TestVolumes.pair(TestVolumes.centered(), format, window: -1000...1000))
    // Normalized slice by slice, the same tissue would be brighter where there is little of it.
    let (low, high) = (result[20, 22, 8], result[20, 22, 26])
    #expect(high > low + 20)
    #expect(abs(result[0, 0, 0] - result[0, 0, 18]) < 0.01)
  }

  @Test func `N4 takes a coil's shading away`() throws {
    var source = TestVolumes.head(tissue: 0.5)
    let size = source.geometry.size
    for z in 0..<size.z {
      for y in 0..<size.y {
        for x in 0..<size.x where source[x, y, z] > 0 { source[x, y, z] = 0.4 + 0.01 * Float(x) }
      }
    }
    var format = TestVolumes.format()
    format.normalization = .init(.none)
    let pair = try TestVolumes.pair(TestVolumes.mixture([1]), format)
    func spread(_ volume: Volume) -> Float { abs(volume[28, 22, 18] - volume[12, 22, 18]) }
    let shaded = try TestVolumes.translate(source, pair)
    let corrected = try TestVolumes.translate(source, pair, ["n4": "true"])
    #expect(spread(corrected) < spread(shaded))
  }

  @Test func `CT given to a pair for MRI is refused, and MRI to one for CT`() throws {
    let pair = try TestVolumes.pair(TestVolumes.mixture([1]), TestVolumes.format())
    let already = #expect(throws: TesseraError.self) {
      try TestVolumes.translate(TestVolumes.head(air: -1000, tissue: 1040), pair)
    }
    #expect(already?.reason.contains("CT already") == true)
    var inverse = TestVolumes.format()
    (inverse.sourceModality, inverse.targetModality) = ("CT", "MR")
    let other = try TestVolumes.pair(TestVolumes.mixture([1]), inverse)
    let unscaled = #expect(throws: TesseraError.self) {
      try TestVolumes.translate(TestVolumes.head(), other)
    }
    #expect(unscaled?.reason.contains("not in Hounsfield units") == true)
    var labeled = TestVolumes.head()
    labeled.modality = "CT"
    #expect(throws: TesseraError.self) { try TestVolumes.translate(labeled, pair) }
  }

  @Test func `a volume with nothing in it is refused`() throws {
    var empty = TestVolumes.head()
    empty.samples = empty.samples.map { _ in 7 }
    let pair = try TestVolumes.pair(TestVolumes.mixture([1]), TestVolumes.format())
    let error = #expect(throws: TesseraError.self) { try TestVolumes.translate(empty, pair) }
    #expect(error?.reason.contains("nothing in it") == true)
  }

  @Test func `a pair for colors refuses volumes, and so does a network from black to white`()
    throws
  {
    let colors = #expect(throws: TesseraError.self) {
      try TestVolumes.translate(TestVolumes.head(), Inversion())
    }
    #expect(colors?.reason.contains("a volume has one value a place") == true)
  }

  @Test func `a pair for gray pictures sees every slice by itself, as the file has it`() throws {
    var source = TestVolumes.head(tissue: 0.5, orientation: "SPL")
    source.modality = "MR"
    let result = try TestVolumes.translate(source, Inversion(channels: 1))
    let expected = source.samples.map { 1 - $0 }
    #expect(result.samples.distance(to: expected) == 0)
    #expect(result.geometry == source.geometry && result.modality == "MR")
  }
}
