import Color
import Foundation
import TesseraPlugin
import Testing

@testable import StainNormalization

struct ReferenceTests {
  @Test func `a reference survives a file`() throws {
    for given in everyMethod
    where !(given["method"] == "vahadane" && given["compat"] == "tiatoolbox") {
      let value = try pair.fit(stained(seed: 4).overview(), options: options(given))
      let data = try JSONEncoder().encode(value)
      let back = try JSONDecoder().decode(PairValue.self, from: data)
      #expect(back == value)
      #expect(back["pair"]?.text == "stain-normalization")
      let direct = try stained().translated(by: translator(stained(), given, reference: value))
      let loaded = try stained().translated(by: translator(stained(), given, reference: back))
      #expect(direct == loaded)
    }
  }

  @Test func `a reference of other options is refused`() throws {
    let value = try pair.fit(stained().overview(), options: options(["method": "macenko"]))
    for given in [["method": "reinhard"], ["compat": "torchstain"]] {
      let error = #expect(throws: PairError.self) {
        try pair.calibrate(stained().overview(), options: options(given), reference: value)
      }
      #expect(error?.message.contains("was fitted with") == true)
    }
  }

  @Test(
    arguments: [
      ("pair", .text("season")), ("version", .number(9)), ("method", .text("magic")),
      ("compat", .flag(true)), ("white", .number(300)), ("white", .number(1)),
      ("stains", .numbers([1, 2, 3])),
      ("stains", .list([.numbers([1, 0, 0]), .numbers([1, 0, 0])])),
      ("stains", .list([.numbers([6, 7, 3]), .numbers([0.07, 0.99, 0.11])])),
      ("maxConcentrations", .numbers([0, 1])), ("maxConcentrations", .numbers([1])),
      ("maxConcentrations", .text("much")),
    ] as [(String, PairValue)])
  func `a damaged reference is refused`(name: String, value: PairValue) throws {
    guard case .object(var values) = try pair.fit(stained().overview(), options: options()) else {
      Issue.record("no object")
      return
    }
    values[name] = value
    let error = #expect(throws: PairError.self) {
      try pair.calibrate(
        stained().overview(), options: options(), reference: .object(values))
    }
    #expect(error?.message.contains("the reference") == true)
    values[name] = nil
    #expect(throws: PairError.self) {
      try pair.calibrate(
        stained().overview(), options: options(), reference: .object(values))
    }
  }

  @Test func `a reference that is no object is refused`() {
    for value in [PairValue.text("x"), .list([]), .number(1)] {
      #expect(throws: PairError.self) {
        try pair.calibrate(stained().overview(), options: options(), reference: value)
      }
    }
  }

  @Test func `a cohort is the average of its members`() throws {
    let members = [1, 2, 3].map { seed in
      stained(eosin: SIMD3(0.2, 0.85, 0.3 + 0.1 * Double(seed)), seed: UInt64(seed))
    }
    let values = try members.map { try pair.fit($0.overview(), options: options()) }
    guard case .stains(let average) = try Reference(pair.combine(values)).appearance else {
      Issue.record("no stains")
      return
    }
    let fits = try values.map { value -> StainFit in
      guard case .stains(let fit) = try Reference(value).appearance else {
        throw PairError("no stains")
      }
      return fit
    }
    let eosin = (fits[0].stains.eosin + fits[1].stains.eosin + fits[2].stains.eosin).unit
    #expect((average.stains.eosin - eosin).length < 1e-12)
    let most = fits.map(\.maxConcentrations.x).reduce(0, +) / 3
    #expect(abs(average.maxConcentrations.x - most) < 1e-12)
    #expect(try pair.combine([values[0]]) == values[0])
  }

  @Test func `a cohort of mixed methods or none at all is refused`() throws {
    let macenko = try pair.fit(stained().overview(), options: options())
    let reinhard = try pair.fit(stained().overview(), options: options(["method": "reinhard"]))
    #expect(throws: PairError.self) { try pair.combine([macenko, reinhard]) }
    #expect(throws: PairError.self) { try pair.combine([]) }
    #expect(throws: PairError.self) { try pair.combine([macenko, .text("x")]) }
  }
}
