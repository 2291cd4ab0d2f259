import Foundation
import Plugins
import StainNormalization
import TestSupport
import TesseraPlugin
import Testing

@Suite struct PairCatalogTests {
  let folder: TemporaryDirectory

  init() throws {
    folder = try TemporaryDirectory()
    for place in ["named", "first", "second"] {
      try FileManager.default.createDirectory(
        atPath: folder.path(place), withIntermediateDirectories: true)
    }
  }

  /// Looks in the folders, of which those that users name must be there.
  private func catalog(_ named: [String] = ["named", "first", "second"]) -> PairCatalog {
    let path = PluginPath(
      named: named.prefix(1).map(folder.path), environment: named.dropFirst().map(folder.path),
      user: URL(filePath: folder.path("user")), system: URL(filePath: folder.path("system")),
      builtIn: URL(filePath: folder.path("packages")))
    let builtIn = PluginRegistry()
    builtIn.register(StainNormalization())
    return PairCatalog(path, builtIn: builtIn)
  }

  private func plant(_ place: String, _ id: String) throws {
    try PlantedProgram.write(
      "good", id: id, to: folder.url.appending(path: place).appending(path: id))
  }

  @Test func `places are asked in their order, and hidden pairs are told`() throws {
    for place in ["system", "second", "first", "named"] {
      try plant(place, "planted")
      let found = try #require(catalog().pair("planted"))
      #expect(found.url?.path.contains("/\(place)/") == true)
    }
    let all = catalog()
    #expect(all.all().map(\.description.id) == ["planted", "stain-normalization"])
    #expect(all.complaints.count == 3)
    #expect(all.complaints.allSatisfy { $0.contains("a second pair called planted is not used") })
  }

  @Test func `a pair named with --plugin goes before one that is built in, others do not`() throws {
    try plant("system", "stain-normalization")
    #expect(catalog().pair("stain-normalization")?.kind == .builtIn)
    try plant("named", "stain-normalization")
    #expect(catalog().pair("stain-normalization")?.kind == .process)
  }

  @Test func `a broken plugin is a line and stops nothing`() throws {
    try plant("system", "good")
    let broken = folder.url.appending(path: "system/broken")
    try FileManager.default.createDirectory(at: broken, withIntermediateDirectories: true)
    try Data("{\"format\": 1".utf8).write(to: broken.appending(path: "pair.json"))
    let all = catalog([])
    #expect(all.all().map(\.description.id) == ["good", "stain-normalization"])
    #expect(all.complaints.count == 1)
    #expect(all.complaints.first?.contains("broken") == true)
  }

  @Test func `code in the user's folder that was not installed is not used`() throws {
    try plant("user", "planted")
    let all = catalog([])
    #expect(all.pair("planted") == nil)
    #expect(all.complaints.first?.contains("tessera plugin install") == true)
  }

  @Test func `packages beside the program are built in: nothing installed replaces them`() throws {
    let packages = URL(filePath: folder.path("packages"))
    try FileManager.default.createDirectory(at: packages, withIntermediateDirectories: true)
    let sample = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../plugins/Sharpen")
    try FileManager.default.copyItem(
      at: sample.standardizedFileURL, to: packages.appending(path: "Sharpen"))
    for place in ["user", "system"] { try plant(place, "sharpen") }
    let found = try #require(catalog().pair("sharpen"))
    #expect(found.place == .builtIn && found.kind == .model)
    try plant("named", "sharpen")
    #expect(catalog().pair("sharpen")?.kind == .process)
    let path = PluginPath(
      named: [], environment: [], user: URL(filePath: folder.path("user")),
      system: URL(filePath: folder.path("system")), builtIn: packages)
    // They are no plugins that somebody could remove.
    #expect(!PluginListing(path).plugins.contains { $0.place == .builtIn })
  }
}
