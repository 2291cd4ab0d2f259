import Base
import Networks
import Testing

@testable import Training

@Suite struct NetworkOptionsTests {
  @Test func `the discriminator has the norm of both, or one of its own`() throws {
    var options = NetworkOptions()
    options.norm = .none
    #expect((options.discriminator(3) as? PatchDiscriminator)?.norm == NormKind.none)
    options.discriminatorNorm = .instance
    #expect((options.discriminator(3) as? PatchDiscriminator)?.norm == .instance)
    #expect((try options.generator(from: 3, to: 3) as? ResNetGenerator)?.norm == NormKind.none)
  }

  @Test func `a residual generator has as many channels going in as out`() throws {
    var options = NetworkOptions()
    options.isResidual = true
    #expect((try options.generator(from: 3, to: 3) as? ResNetGenerator)?.isResidual == true)
    #expect(throws: TesseraError.self) { try options.generator(from: 3, to: 1) }
    options.generator = .stainNet
    #expect((try options.generator(from: 3, to: 3) as? StainNet)?.isResidual == true)
    #expect(throws: TesseraError.self) { try options.generator(from: 3, to: 1) }
  }
}
