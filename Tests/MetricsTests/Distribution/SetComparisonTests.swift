import Base
import Foundation
import TesseraPlugin
import TestSupport
import Testing

@testable import Metrics

struct SetComparisonTests {
  private let pool = WorkerPool(count: 2)

  private func survey(
    _ images: [(Int, Int, Int) -> Int], metrics: Set<SetMetric> = [.histogram, .color],
    width: Int = 200, height: Int = 180, channels: Int = 3
  ) throws -> SetSurvey {
    var survey = SetSurvey(metrics)
    for (index, value) in images.enumerated() {
      try survey.add("\(index)", pool: pool) {
        ArraySource(width: width, height: height, channels: channels, format: .uint8) {
          Float(value($0, $1, $2))
        }
      }
    }
    return survey
  }

  private func figures(_ first: SetSurvey, _ second: SetSurvey) throws -> [String: Double] {
    let figures = try SetComparison(first, second).figures
    return Dictionary(uniqueKeysWithValues: figures.map { ($0.name, $0.value) })
  }

  // Printed by the program in MetricsOracle for the same pictures.
  @Test func `stored pictures have the figures of SciPy and scikit-image`() throws {
    let figures = try figures(
      survey([TestPictures.first]), survey([TestPictures.second]))
    let stored = [
      "histogram": 10.784231481481479, "histogram-correlation": 0.847225933392547,
      "colour": 8.978432055519082, "colour-spread": 5.538117379861521,
    ]
    #expect(Set(figures.keys) == Set(stored.keys))
    for (name, value) in stored {
      #expect(abs((figures[name] ?? 0) / value - 1) < 1e-6, "\(name) \(figures)")
    }
  }

  @Test func `a set is the sum of its images, whatever their order and number`() throws {
    let (a, b) = (TestPictures.first, TestPictures.second)
    let once = try survey([a, b])
    let twice = try survey([b, b, a, a])
    let figures = try figures(once, twice)
    #expect(figures["histogram"].map { $0 < 1e-9 } == true)
    #expect(figures["histogram-correlation"].map { abs($0 - 1) < 1e-12 } == true)
    #expect(figures["colour"].map { $0 < 1e-9 } == true)
  }

  @Test func `gray sets have no color, and other channels are refused`() throws {
    let gray = try survey([TestPictures.first], channels: 1)
    let comparison = try SetComparison(gray, gray)
    #expect(comparison.figures.map(\.name) == ["histogram", "histogram-correlation"])
    #expect(comparison.notes == ["no colour distance: it needs red, green and blue"])
    var mixed = gray
    #expect(throws: TesseraError.self) {
      try mixed.add("colour", pool: pool) {
        ArraySource(width: 9, height: 9, channels: 3, format: .uint8) { _, _, _ in 1 }
      }
    }
    #expect(mixed.count == 1)
  }

  @Test func `stains that were turned are found to be turned`() throws {
    func stained(_ turn: Double) -> (Int, Int, Int) -> Int {
      // Haematoxylin and eosin of Ruifrok; the first is turned in the plane of both.
      let (h, e) = (SIMD3(0.65, 0.70, 0.29), SIMD3(0.07, 0.99, 0.11))
      func unit(_ v: SIMD3<Double>) -> SIMD3<Double> { v / (v * v).sum().squareRoot() }
      let (h1, e1) = (unit(h), unit(e))
      let across = unit(e1 - (h1 * e1).sum() * h1)
      let angle = turn * .pi / 180
      let turned = h1 * cos(angle) + across * sin(angle)
      return { x, y, channel in
        guard x > 20 else { return 250 }
        let strength = Double((x / 7 + y / 5) % 5) / 4
        let amount = 0.3 + Double((x * 31 + y * 17) % 100) / 80
        let density = amount * (strength * turned[channel] + (1 - strength) * e1[channel])
        return Int((255 * exp(-density)).rounded())
      }
    }
    let first = try survey([stained(0)], metrics: [.stainAngle, .stainNMI])
    let second = try survey([stained(8)], metrics: [.stainAngle, .stainNMI])
    let found = try figures(first, second)
    #expect(abs((found["stain-angle haematoxylin"] ?? 0) - 8) < 0.8, "\(found)")
    #expect((found["stain-angle eosin"] ?? 9) < 0.8, "\(found)")
    #expect(found["stain-nmi"].map { (0.2...1).contains($0) } == true)
    let glass = try survey([{ _, _, _ in 245 }], metrics: [.stainAngle])
    #expect(glass.notes.first?.contains("no stain vectors") == true)
    #expect(try SetComparison(glass, first).figures.isEmpty)
  }
}
