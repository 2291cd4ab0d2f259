import TesseraPlugin

/// Adds the pair of this plugin to a host's registry.
public func register(in registry: PluginRegistry) {
  registry.register(StainNormalization())
}

/// The version of the plugin interface that this plugin was built against.
@c(plugin_abi_version)
public func pluginABI() -> Int32 { builtPluginABIVersion() }

/// The compiler that built this plugin.
@c(plugin_toolchain)
public func pluginCompiler() -> UnsafePointer<CChar> { builtPluginToolchain() }

/// Called by a host that loaded this plugin; `raw` is its `PluginRegistry`, not retained.
@c(plugin_register)
public func pluginRegister(_ raw: UnsafeMutableRawPointer) {
  register(in: Unmanaged<PluginRegistry>.fromOpaque(raw).takeUnretainedValue())
}
