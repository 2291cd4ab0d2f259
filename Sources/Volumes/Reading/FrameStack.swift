import Base
import Foundation

/// The frames of one DICOM file, which are one regular stack in the order in which they are stored, or
/// refused: the library takes the place and the slope of the first for all.
struct FrameStack {
  private let file: HeaderFile
  private let elements: DICOMElements
  private let count: Int

  /// What must be the same in all frames of a volume, with the way to it.
  private static let shared = [
    ("stacks", "0020|9111/0020|9056"), ("points in time", "0020|9111/0020|9128"),
    ("echo times", "0018|9114/0018|9082"), ("diffusion weightings", "0018|9117/0018|9087"),
    ("phases of the heart", "0018|9118/0020|9241"), ("kinds", "0018|9226/0008|9007"),
    ("kinds", "0018|9226/0008|9208"), ("kinds", "0018|9329/0008|9007"),
    ("kinds", "0018|9751/0008|9007"), ("segments", "0062|000a/0062|000b"),
    ("sizes of pixels", spacing), ("slopes", slope), ("intercepts", intercept),
    ("units", "0028|9145/0028|1054"),
  ]
  private static let action = "reading the frames"
  private static let place = "0020|9113/0020|0032"
  private static let orientation = "0020|9116/0020|0037"
  private static let spacing = "0028|9110/0028|0030"
  private static let slope = "0028|9145/0028|1053"
  private static let intercept = "0028|9145/0028|1052"

  /// Takes a file with several frames.
  init(_ file: HeaderFile) throws(TesseraError) {
    self.file = file
    elements = try DICOMElements(file.path)
    count = file.geometry.size.z
  }

  /// Where the samples lie.
  ///
  /// - Throws: Where frames do not say where they lie, or are no regular stack of one kind.
  func geometry() throws(TesseraError) -> VolumeGeometry {
    guard elements.count("5200|9229") + elements.count("5200|9230") > 0 else {
      let isDose = elements.text("3004|000c") != nil
      throw fail(
        isDose
          ? "it is a dose, whose scale is not read"
          : "its frames do not say where they lie, as those of a film do not")
    }
    try checkKinds()
    try checkSlope()
    guard let turns = numbers(0, Self.orientation, count: 6),
      let spacing = numbers(0, Self.spacing, count: 2)
    else { throw fail("its frames do not say how they lie, or how large pixels are") }
    let axes = [SIMD3(turns[0], turns[1], turns[2]), SIMD3(turns[3], turns[4], turns[5])]
    guard axes.allSatisfy({ abs($0.length - 1) < 1e-3 }) else {
      throw fail("its frames do not say how they lie")
    }
    let normal = axes[0].cross(axes[1])
    let places = try places(axes, normal)
    let stack = try PlaneStack(places, normal: normal, file.path, Self.action) {
      "frame \($0 + 1)"
    }
    return VolumeGeometry(
      size: file.geometry.size, spacing: SIMD3(spacing[1], spacing[0], stack.spacing),
      origin: places[0], axes: axes + [stack.direction])
  }

  private func checkKinds() throws(TesseraError) {
    let described = elements.count("5200|9230")
    guard described == count else {
      throw fail("it has \(count) frames, and describes \(described)")
    }
    for (what, way) in Self.shared {
      // 1 and 1.0 are the same.
      let found = Set(
        (0..<count).map { frame in
          entry(frame, way).map { text in
            text.split(separator: "\\").map { part in
              Double(part.trimmingCharacters(in: .whitespaces)).map { "\($0)" } ?? String(part)
            }
          }
        })
      guard found.count == 1 else {
        throw fail("its frames are of \(found.count) \(what); a volume has one")
      }
    }
  }

  /// Throws where the library has not found the slope that the frames have.
  private func checkSlope() throws(TesseraError) {
    let slope = numbers(0, Self.slope, count: 1) ?? elements.numbers("0028|1053", count: 1)
    let intercept =
      numbers(0, Self.intercept, count: 1) ?? elements.numbers("0028|1052", count: 1)
    let (found, expected) = (
      [file.header.slope, file.header.intercept], [slope?[0] ?? 1, intercept?[0] ?? 0]
    )
    let isFound = zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-9 * max(abs($0), abs($1)) }
    guard isFound else {
      throw fail("its slope and intercept are \(expected), the library takes \(found)")
    }
  }

  private func places(
    _ axes: [SIMD3<Double>], _ normal: SIMD3<Double>
  ) throws(TesseraError) -> [SIMD3<Double>] {
    var places: [SIMD3<Double>] = []
    for frame in 0..<count {
      guard let place = numbers(frame, Self.place, count: 3),
        let turns = numbers(frame, Self.orientation, count: 6)
      else { throw fail("frame \(frame + 1) does not say where it lies") }
      let own = [SIMD3(turns[0], turns[1], turns[2]), SIMD3(turns[3], turns[4], turns[5])]
      guard zip(own, axes).allSatisfy({ $0.dot($1) > 1 - 1e-5 }) else {
        throw fail("its frames are turned against each other")
      }
      places.append(SIMD3(place[0], place[1], place[2]))
    }
    let heights = places.map { $0.dot(normal) }
    let different = Set(heights.map { ($0 * 1000).rounded() }).count
    guard different == count else {
      throw fail(
        "its \(count) frames lie at \(different) places, as points in time or echoes do")
    }
    guard heights == heights.sorted() || heights.reversed() == heights.sorted() else {
      throw fail("its frames are not stored in the order in which they lie")
    }
    return places
  }

  /// An entry of a frame, or else of all.
  private func entry(_ frame: Int, _ way: String) -> String? {
    elements.text("5200|9230#\(frame)/\(way)") ?? elements.text("5200|9229/\(way)")
  }

  private func numbers(_ frame: Int, _ way: String, count: Int) -> [Double]? {
    let own = "5200|9230#\(frame)/\(way)"
    return elements.numbers(elements.text(own) == nil ? "5200|9229/\(way)" : own, count: count)
  }

  private func fail(_ reason: String) -> TesseraError {
    TesseraError(
      file.path, Self.action, "\(reason); convert it to NIfTI first, with dcm2niix for example")
  }
}
