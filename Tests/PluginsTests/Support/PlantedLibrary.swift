import Foundation
import TestSupport

/// A library of pairs that crash and hang, built once against the interface beside the tests.
enum PlantedLibrary {
  /// Where it is, or why it could not be built.
  static let built: Result<String, ToolFailure> = {
    do {
      return .success(try build())
    } catch {
      return .failure(ToolFailure("\(error)"))
    }
  }()

  private static let folder = Result { try TemporaryDirectory() }

  private static func build() throws -> String {
    let folder = try folder.get()
    guard let compiler = ExternalTool("swiftc") else {
      throw ToolFailure("there is no swiftc in PATH")
    }
    let source = folder.path("Planted.swift")
    try Data(code.utf8).write(to: URL(filePath: source))
    let products = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    #if os(macOS)
      let library = folder.path("libPlanted.dylib")
    #else
      let library = folder.path("libPlanted.so")
    #endif
    let result = try compiler.run([
      "-emit-library", source, "-o", library, "-module-name", "Planted", "-swift-version", "6",
      "-I", products.appending(path: "Modules").path,
    ])
    guard result.status == 0 else { throw ToolFailure(result.errors) }
    return library
  }

  private static let code = """
    import Foundation
    import TesseraPlugin

    struct Planted: DomainPair, TileTranslator {
      let id: String
      var description: PairDescription {
        PairDescription(
          id: id, title: id, sourceDomain: "a", targetDomain: "b", version: "1", license: "MIT",
          summary: "For tests.", channels: 3)
      }
      var footprint: Footprint { .pixel }
      func calibrate(
        _ overview: borrowing Overview, options: PairOptions, reference: PairValue?
      ) throws(PairError) -> Calibration {
        if id == "crash-in-calibration" { crash() }
        return Calibration(.translate(self))
      }
      func translate(_ window: borrowing Tile, into core: inout Tile) throws(PairError) {
        let isWhite =
          window.format == .uint8 && window.region.width > 1
          && (window.region.y..<window.region.y + window.region.height).allSatisfy { row in
            window.withRow(row, columns: window.region.columns, as: UInt8.self) { samples in
              samples.indices.allSatisfy { samples[$0] == 255 }
            }
          }
        if id == "crash-on-white", isWhite { crash() }
        if id == "trap-on-white", isWhite { preconditionFailure("white is not expected") }
        if id == "hang-on-white", isWhite { while true { usleep(1000) } }
        if id == "end-on-white", isWhite { exit(7) }
        if id == "leak" {
          let lost = UnsafeMutableRawPointer.allocate(byteCount: 1024, alignment: 16)
          memset(lost, 1, 1024)
        }
        core.copy(core.region, from: window)
      }
      func crash() {
        signal(SIGSEGV, SIG_DFL)
        kill(getpid(), SIGSEGV)
        while true {}
      }
    }

    @c(plugin_abi_version) public func abi() -> Int32 { builtPluginABIVersion() }
    @c(plugin_toolchain) public func toolchain() -> UnsafePointer<CChar> {
      builtPluginToolchain()
    }
    @c(plugin_register) public func register(_ raw: UnsafeMutableRawPointer) {
      let registry = Unmanaged<PluginRegistry>.fromOpaque(raw).takeUnretainedValue()
      for id in [
        "good", "crash-on-white", "trap-on-white", "hang-on-white", "end-on-white",
        "crash-in-calibration", "leak",
      ] { registry.register(Planted(id: id)) }
      print("a plugin that prints does not harm the report")
    }
    """
}
