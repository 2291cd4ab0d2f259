/// The version of this interface that the caller was built against.
///
/// It is compiled into the caller, so that a plugin reports what it was built with rather than what
/// its host is; the plugin returns it from `plugin_abi_version`, and a host of another version
/// refuses it.
@_alwaysEmitIntoClient
public func builtPluginABIVersion() -> Int32 { 4 }

/// The Swift compiler that built the caller, such as "Swift 6.3".
///
/// A plugin returns it from `plugin_toolchain`; a host built by another compiler refuses it.
@_alwaysEmitIntoClient
public func builtPluginToolchain() -> UnsafePointer<CChar> {
  #if compiler(>=6.5)
    let name: StaticString = "Swift 6.5 or later"
  #elseif compiler(>=6.4)
    let name: StaticString = "Swift 6.4"
  #elseif compiler(>=6.3)
    let name: StaticString = "Swift 6.3"
  #elseif compiler(>=6.2)
    let name: StaticString = "Swift 6.2"
  #else
    let name: StaticString = "Swift 6.1 or earlier"
  #endif
  return UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
}
