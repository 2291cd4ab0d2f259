import StainNormalization
import TesseraPlugin

/// The pairs that come with the program.
enum BuiltInPairs {
  static func registry() -> PluginRegistry {
    let registry = PluginRegistry()
    registry.register(StainNormalization())
    return registry
  }
}
