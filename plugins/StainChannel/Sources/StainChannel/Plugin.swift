import TesseraPlugin

/// Called by tessera once the plugin is loaded; `raw` is its `PluginRegistry`, not retained.
@c(plugin_register)
public func pluginRegister(_ raw: UnsafeMutableRawPointer) {
  let registry = Unmanaged<PluginRegistry>.fromOpaque(raw).takeUnretainedValue()
  registry.register(StainChannel())
}

/// The version of the plugin interface that this plugin was built against.
@c(plugin_abi_version)
public func pluginABI() -> Int32 { builtPluginABIVersion() }

/// The compiler that built this plugin.
@c(plugin_toolchain)
public func pluginCompiler() -> UnsafePointer<CChar> { builtPluginToolchain() }
