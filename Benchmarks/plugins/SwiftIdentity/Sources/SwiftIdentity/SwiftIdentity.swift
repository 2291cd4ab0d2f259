import TesseraPlugin

/// Returns its input, as the program beside it does.
struct SwiftIdentity: DomainPair, TileTranslator {
  let footprint = Footprint(halo: 0, preferredCore: 512)

  var description: PairDescription {
    PairDescription(
      id: "swift-identity", title: "Identity", sourceDomain: "image",
      targetDomain: "the same image", version: "1", license: "MIT",
      summary: "Returns its input, to be timed.", channels: 3)
  }

  func calibrate(
    _ overview: borrowing Overview, options: PairOptions, reference: PairValue?
  ) throws(PairError) -> Calibration {
    Calibration(.translate(self))
  }

  func translate(_ window: borrowing Tile, into core: inout Tile) throws(PairError) {
    core.copy(core.region, from: window)
  }
}

/// Registers the pair.
@c(plugin_register)
public func pluginRegister(_ raw: UnsafeMutableRawPointer) {
  Unmanaged<PluginRegistry>.fromOpaque(raw).takeUnretainedValue().register(SwiftIdentity())
}

/// The version of the plugin interface.
@c(plugin_abi_version)
public func pluginABI() -> Int32 { builtPluginABIVersion() }

/// The compiler that built the plugin.
@c(plugin_toolchain)
public func pluginCompiler() -> UnsafePointer<CChar> { builtPluginToolchain() }
