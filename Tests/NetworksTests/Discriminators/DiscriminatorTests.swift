import Testing

@testable import Networks

@Suite(.enabled(if: NetworkEngine.isPresent, "OpenVINO is missing: run make setup"))
struct DiscriminatorTests {
  private func sides(_ network: some Network, channels: Int, side: Int) throws -> [[Int]] {
    let input = Numbers(
      shape: [channels, side, side],
      values: (0..<(channels * side * side)).map { Float($0 % 19) / 9 - 1 })
    let outputs = try NetworkEngine.run(network.graph(from: Parameters(for: network)), [input])
    for output in outputs { #expect(!output.values.contains { !$0.isFinite }) }
    return outputs.map { Array($0.shape.dropFirst()) }
  }

  @Test(arguments: [(1, 126), (2, 62), (3, 30), (4, 14), (5, 6)])
  func `a map of PatchGAN has the official size`(layers: Int, side: Int) throws {
    var network = PatchDiscriminator()
    (network.layers, network.width) = (layers, 4)
    #expect(try sides(network, channels: 3, side: 256) == [[1, side, side]])
    network.blursDown = true
    #expect(try sides(network, channels: 3, side: 256) == [[1, side, side]])
  }

  @Test func `a discriminator of pixels keeps the size`() throws {
    var network = PixelDiscriminator()
    network.width = 4
    #expect(try sides(network, channels: 3, side: 40) == [[1, 40, 40]])
  }

  @Test func `Pix2PixHD's maps have the official sizes, largest first`() throws {
    var network = MultiscaleDiscriminator()
    (network.width, network.inputChannels) = (4, 5)
    let expected = [
      [4, 129, 129], [8, 65, 65], [16, 33, 33], [32, 34, 34], [1, 35, 35], [4, 65, 65],
      [8, 33, 33], [16, 17, 17], [32, 18, 18], [1, 19, 19],
    ]
    #expect(try sides(network, channels: 5, side: 256) == expected)
    network.returnsFeatures = false
    #expect(try sides(network, channels: 5, side: 256) == [[1, 35, 35], [1, 19, 19]])
  }

  @Test func `SPADE's maps have the official sizes, largest first`() throws {
    var network = SPADEDiscriminator()
    (network.width, network.inputChannels) = (4, 5)
    let sizes = try sides(network, channels: 5, side: 256)
    #expect(sizes.count == 10)
    #expect(sizes[4] == [1, 35, 35])
    #expect(sizes[9] == [1, 19, 19])
  }
}
