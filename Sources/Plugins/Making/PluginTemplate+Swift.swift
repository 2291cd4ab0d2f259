import Base
import Foundation

extension PluginTemplate {
  /// A plugin in Swift: a pair that tones photographs, its test, and a card.
  public static func swift(_ name: String) throws(TesseraError) -> PluginTemplate {
    let names = try Names(name)
    var template = PluginTemplate()
    template.add("Package.swift", manifest(names))
    template.add("Sources/\(names.type)/\(names.type).swift", pair(names))
    template.add("Sources/\(names.type)/Plugin.swift", entry(names))
    template.add("Tests/\(names.type)Tests/\(names.type)Tests.swift", test(names))
    template.add("README.md", card(names, needs: "nothing besides"))
    template.add(".gitignore", ".build/\n.sdk/\nbuilt/\n")
    return template
  }

  private static func manifest(_ names: Names) -> String {
    #"""
    // swift-tools-version: 6.2
    import PackageDescription

    // The plugin interface, which 'tessera plugin build' leaves here. The plugin compiles against it and
    // links nothing of it, since the program that opens the plugin brings it; tests link it.
    let sdk = "\(Context.packageDirectory)/.sdk"
    let interface: [SwiftSetting] = [.unsafeFlags(["-I", sdk])]

    let package = Package(
      name: "\#(names.type)",
      platforms: [.macOS(.v15)],
      products: [.library(name: "\#(names.type)", type: .dynamic, targets: ["\#(names.type)"])],
      targets: [
        .target(name: "\#(names.type)", swiftSettings: interface),
        .testTarget(
          name: "\#(names.type)Tests", dependencies: ["\#(names.type)"], swiftSettings: interface,
          linkerSettings: [.unsafeFlags(["\(sdk)/TesseraPlugin.o"])]),
      ],
      swiftLanguageModes: [.v6]
    )

    """#
  }

  private static func pair(_ names: Names) -> String {
    """
    import TesseraPlugin

    /// Moves every pixel towards a warm tone of its own brightness: put your own mapping here.
    ///
    /// A function of single pixels is a `RowTranslator`. A pair that looks at the surroundings of a pixel
    /// has a `TileTranslator` of its own, whose `footprint` says how far it looks.
    public struct \(names.type): DomainPair {
      /// Makes the pair.
      public init() {}

      /// What the user is told, and what is checked before a pixel is read.
      public var description: PairDescription {
        PairDescription(
          id: "\(names.id)", title: "\(names.title)", sourceDomain: "photograph",
          targetDomain: "photograph in a warm tone", version: "1", license: "MIT",
          summary: "Tones photographs. Pictures without three colours are refused.", channels: 3,
          options: [
            PairOption(
              "strength", .number(0...1), default: "1",
              help: "0 leaves the picture as it is, 1 tones it wholly")
          ])
      }

      /// Called once an image, with the whole of it at a coarse scale: measure here what the pixels need.
      public func calibrate(
        _ overview: borrowing Overview, options: PairOptions, reference: PairValue?
      ) throws(PairError) -> Calibration {
        let strength = Float(options.number("strength"))
        return Calibration(
          .translate(
            RowTranslator { input, output in
              for pixel in stride(from: 0, to: input.count, by: 3) {
                let (r, g, b) = (input[pixel], input[pixel + 1], input[pixel + 2])
                let brightness = 0.299 * r + 0.587 * g + 0.114 * b
                output[pixel] = r + strength * (min(1.07 * brightness, 1) - r)
                output[pixel + 1] = g + strength * (0.94 * brightness - g)
                output[pixel + 2] = b + strength * (0.78 * brightness - b)
              }
            }))
      }
    }

    """
  }

  private static func entry(_ names: Names) -> String {
    """
    import TesseraPlugin

    /// Called by tessera once the plugin is loaded; `raw` is its `PluginRegistry`, not retained.
    @c(plugin_register)
    public func pluginRegister(_ raw: UnsafeMutableRawPointer) {
      let registry = Unmanaged<PluginRegistry>.fromOpaque(raw).takeUnretainedValue()
      registry.register(\(names.type)())
    }

    /// The version of the plugin interface that this plugin was built against.
    @c(plugin_abi_version)
    public func pluginABI() -> Int32 { builtPluginABIVersion() }

    /// The compiler that built this plugin.
    @c(plugin_toolchain)
    public func pluginCompiler() -> UnsafePointer<CChar> { builtPluginToolchain() }

    """
  }

  private static func test(_ names: Names) -> String {
    """
    import TesseraPlugin
    import Testing

    @testable import \(names.type)

    @Suite struct \(names.type)Tests {
      /// The three samples that the pair makes of one pixel.
      private func translated(_ pixel: [UInt8], strength: String) throws -> [UInt8] {
        let region = PixelRegion(x: 0, y: 0, width: 1, height: 1)
        var window = Tile(region: region, channels: 3, format: .uint8)
        window.withMutableRow(0, columns: 0..<1, as: UInt8.self) { samples in
          for channel in 0..<3 { samples[channel] = pixel[channel] }
        }
        let pair = \(names.type)()
        let overview = Overview(
          image: ImageDescription(width: 1, height: 1, channels: 3, format: .uint8), reduction: 1,
          pixels: Tile(region: region, channels: 3, format: .uint8))
        let options = try PairOptions(["strength": strength], declared: pair.description.options)
        let calibration = try pair.calibrate(overview, options: options, reference: nil)
        guard case .translate(let translator) = calibration.outcome else { return [] }
        var core = Tile(region: region, channels: 3, format: .uint8)
        try translator.translate(window, into: &core)
        return core.withRow(0, columns: 0..<1, as: UInt8.self) { [$0[0], $0[1], $0[2]] }
      }

      @Test func `strength 0 leaves a pixel as it is`() throws {
        #expect(try translated([10, 200, 30], strength: "0") == [10, 200, 30])
      }

      @Test func `grey becomes warm`() throws {
        let pixel = try translated([100, 100, 100], strength: "1")
        #expect(pixel[0] > pixel[1] && pixel[1] > pixel[2])
      }
    }

    """
  }
}
