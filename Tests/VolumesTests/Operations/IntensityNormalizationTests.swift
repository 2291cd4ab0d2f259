import Base
import Foundation
import TestSupport
import Testing

@testable import Volumes

struct IntensityNormalizationTests {
  private func body(_ volume: Volume) -> VolumeMask {
    VolumeMask(geometry: volume.geometry, inside: volume.samples.map { $0 > 20 })
  }

  @Test(
    .enabled(if: VolumeOracle.python != nil, "needs TESSERA_ORACLE_PYTHON"),
    arguments: [false, true])
  func `percentiles and moments are those of numpy`(isMasked: Bool) throws {
    let volume = hills()
    let inside = isMasked ? "a[a > 20]" : "a"
    let mask = isMasked ? body(volume) : nil
    let expected = try SampleOracle.samples(
      """
      a = arrays[0].astype(np.float64)
      i = \(inside)
      low, high = np.percentile(i, [1, 99.5])
      result = np.concatenate([((a - low) / (high - low)).ravel(),
        ((a - i.mean()) / i.std()).ravel()])
      """, volume)
    let percentile = IntensityNormalization.percentile(low: 1, high: 99.5)
    let found = [percentile, .zScore]
    let samples = try found.flatMap { try $0.applied(to: volume, in: mask).samples }
    #expect(largestDifference(samples, expected) < 1e-5)
  }

  @Test(arguments: [0, 0.1, 12.5, 33.3, 50, 75, 99.5, 100])
  func `a percentile is found without sorting`(percent: Double) {
    let samples = hills().samples + [-0.0, 0, .nan, .infinity, -.infinity, 1e-40, -3e38]
    let sorted = samples.filter(\.isFinite).sorted()
    let place = percent / 100 * Double(sorted.count - 1)
    let (low, high) = (Double(sorted[Int(place)]), Double(sorted[Int(place.rounded(.up))]))
    let expected = low + (high - low) * (place - place.rounded(.down))
    #expect(OrderStatistics(samples, inside: nil).percentile(percent) == expected)
    #expect(OrderStatistics([], inside: nil).percentile(percent) == nil)
    #expect(OrderStatistics([4], inside: nil).percentile(percent) == 4)
  }

  @Test func `a window is fixed, and the mapping leads back`() throws {
    let volume = hills()
    let mapping = try IntensityNormalization.window(low: -1000, high: 2000).fitted(to: volume)
    #expect(mapping(-1000) == 0 && mapping(2000) == 1 && mapping(500) == 0.5)
    let back = mapping.inverse.applied(to: mapping.applied(to: volume))
    #expect(largestDifference(back.samples, volume.samples) < 1e-3)
    #expect(back.storedAs == .float32 && back.geometry == volume.geometry)
  }

  @Test func `a volume of one value and an empty mask are told with their names`() {
    var volume = hills()
    volume.name = "t1.nii"
    volume.samples = [Float](repeating: 0.1, count: volume.samples.count)
    for normalization in [.zScore, IntensityNormalization.percentile(low: 1, high: 99)] {
      let constant = #expect(throws: TesseraError.self) { try normalization.fitted(to: volume) }
      #expect(constant?.path == "t1.nii" && constant?.reason.contains("do not differ") == true)
      let nothing = VolumeMask(
        geometry: volume.geometry, inside: [Bool](repeating: false, count: volume.samples.count))
      let empty = #expect(throws: TesseraError.self) {
        try normalization.fitted(to: volume, in: nothing)
      }
      #expect(empty?.path == "t1.nii" && empty?.reason.contains("no body") == true)
    }
    volume.samples = [Float](repeating: .nan, count: volume.samples.count)
    let numbers = #expect(throws: TesseraError.self) {
      try IntensityNormalization.zScore.fitted(to: volume)
    }
    #expect(numbers?.reason.contains("no numbers") == true)
  }

  @Test func `its JSON is as documented`() throws {
    let decoder = JSONDecoder()
    func read(_ text: String) throws -> IntensityNormalization {
      try decoder.decode(IntensityNormalization.self, from: Data(text.utf8))
    }
    #expect(
      try read(#"{"kind":"percentile","low":1,"high":99.5}"#) == .percentile(low: 1, high: 99.5))
    #expect(try read(#"{"kind":"z-score"}"#) == .zScore)
    #expect(
      try read(#"{"kind":"window","low":-1000,"high":2000}"#) == .window(low: -1000, high: 2000))
    for normalization in [
      .zScore, .window(low: 0, high: 1), IntensityNormalization.percentile(low: 0, high: 99),
    ] {
      let text = String(decoding: try JSONEncoder().encode(normalization), as: UTF8.self)
      #expect(try read(text) == normalization)
    }
    for text in [
      #"{"kind":"percentile","low":1}"#, #"{"kind":"percentile","low":60,"high":40}"#,
      #"{"kind":"percentile","low":-1,"high":101}"#, #"{"kind":"window","low":2,"high":2}"#,
      #"{"kind":"histogram"}"#, #"{}"#,
    ] {
      #expect(throws: DecodingError.self) { try read(text) }
    }
  }
}
