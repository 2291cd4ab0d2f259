import Plugins
import Testing

@Suite struct PluginNameTests {
  @Test(arguments: [
    ("Sepia", "sepia"), ("StainTransfer", "stain-transfer"), ("HE2IHC", "he2-ihc"),
    ("mri to CT", "mri-to-ct"), ("already-kebab", "already-kebab"), ("_x_", "x"),
  ])
  func `a type's name becomes kebab case`(name: String, id: String) {
    #expect(PluginName.kebab(name) == id)
    #expect(PluginName.isValid(id))
  }

  @Test(arguments: ["", "Sepia", "3d", "a--b", "a-", "a/b", "..", "é", "a b"])
  func `anything else is no name`(name: String) {
    #expect(!PluginName.isValid(name))
  }
}
