import Testing

@testable import Training

extension LibtorchTests {
  @Suite struct PatchNCETests {
    @Test func `a place without any feature stays zero and makes no gradient NaN`() {
      let rows = Tensor([3, 4, 0, 0, -6, 8], shape: [3, 2], device: .cpu)
      rows.requireGradient()
      let unit = PatchNCE.unitVectors(rows)
      for (value, expected) in zip(unit.values, [0.6, 0.8, 0, 0, -0.6, 0.8] as [Float]) {
        #expect(abs(value - expected) < 1e-6)
      }

      let weights = Tensor([1, 2, 3, 4, 5, 6], shape: [3, 2], device: .cpu)
      (unit * weights).sum().backward()
      let gradient = rows.gradient.values
      #expect(!gradient.contains { !$0.isFinite })
      #expect(gradient[2] == 0 && gradient[3] == 0)
      // A unit vector moves across its direction only.
      #expect(abs(gradient[0] * 3 + gradient[1] * 4) < 1e-5)
      #expect(abs(gradient[0]) > 0.01)
    }
  }
}
