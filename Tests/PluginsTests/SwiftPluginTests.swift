import Foundation
import TesseraPlugin
import TestSupport
import Testing

/// Libraries that this program must not load.
@Suite struct SwiftPluginTests {
  let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  /// The version of the interface.
  private let own = Int(builtPluginABIVersion())

  /// Compiles C to a library, with the symbols of a plugin; `needs` are further arguments.
  private func library(abi: Int, toolchain: String?, needs: [String] = []) throws -> String {
    let compiler = try #require(ExternalTool("clang") ?? ExternalTool("cc"))
    let tells = toolchain.map { "const char *plugin_toolchain(void) { return \"\($0)\"; }" }
    let code = """
      #include <stdlib.h>
      int plugin_abi_version(void) { return \(abi); }
      \(tells ?? "")
      void plugin_register(void *registry) { abort(); }
      """
    let source = folder.path("foreign.c")
    try Data(code.utf8).write(to: URL(filePath: source))
    let library = folder.path("libforeign.so")
    let result = try compiler.run(["-shared", "-fPIC", source, "-o", library] + needs)
    guard result.status == 0 else { throw ToolFailure(result.errors) }
    return library
  }

  private func translate(_ plugin: String) throws -> ExternalTool.Result {
    let input = try TestImages.writePPM(folder.path("in.ppm"), width: 16, height: 16)
    return try TesseraProgram.run([
      "translate", input, "--output", folder.path("out.png"), "--pair", "foreign", "--plugin",
      plugin,
    ])
  }

  @Test func `a plugin of another interface is refused with both versions and what to do`() throws {
    let path = try library(abi: 1, toolchain: "Swift 6.3")
    for result in try [
      translate(path), TesseraProgram.run(["plugin", "check", path]),
      TesseraProgram.run(["plugin", "install", path]),
    ] {
      #expect(result.status != 0 && result.errors.contains(path), "\(result.errors)")
      #expect(result.errors.contains("version 1 of the plugin interface, this is version \(own)"))
      #expect(result.errors.contains("build it again with 'tessera plugin build'"))
    }
  }

  @Test func `a plugin of another compiler is refused with both names`() throws {
    let result = try translate(try library(abi: own, toolchain: "Swift 5.9"))
    #expect(result.status != 0)
    #expect(result.errors.contains("built with Swift 5.9, this program with Swift 6"))
  }

  @Test func `a plugin that needs the library of earlier versions is refused, with it or without`()
    throws
  {
    let compiler = try #require(ExternalTool("clang") ?? ExternalTool("cc"))
    let earlier = folder.path("libTesseraPlugin.so")
    try Data("int earlier(void) { return 3; }".utf8).write(to: URL(filePath: folder.path("e.c")))
    let made = try compiler.run(["-shared", "-fPIC", folder.path("e.c"), "-o", earlier])
    try #require(made.status == 0, "\(made.errors)")
    let path = try library(
      abi: 3, toolchain: "Swift 6.3",
      needs: [
        "-Wl,--no-as-needed", "-L\(folder.url.path)", "-lTesseraPlugin", "-Wl,-rpath,$ORIGIN",
      ])
    let with = try translate(path)
    #expect(with.status != 0 && with.errors.contains("built for version 3"), "\(with.errors)")
    try FileManager.default.removeItem(atPath: earlier)
    let without = try translate(path)
    #expect(
      without.status != 0
        && without.errors.contains("built for an earlier version of the plugin interface")
        && without.errors.contains("build it again"), "\(without.errors)")
  }

  @Test func `a library that is no plugin is refused`() throws {
    let path = folder.path("libtext.so")
    try Data("no library".utf8).write(to: URL(filePath: path))
    let result = try translate(path)
    #expect(result.status != 0 && result.errors.contains("cannot be loaded"), "\(result.errors)")
  }

  @Test func `a pair keeps its type across the border of a library`() throws {
    // What a library registers is cast to the host's protocol; its pixels come back through it.
    let path = try PlantedLibrary.built.get()
    let input = try TestImages.writePPM(folder.path("in.ppm"), width: 40, height: 30)
    let output = folder.path("out.ppm")
    let result = try TesseraProgram.run([
      "translate", input, "--output", folder.path("out.png"), "--pair", "good", "--plugin", path,
    ])
    #expect(result.status == 0, "\(result.errors)")
    try TestImages.runVips(["copy", folder.path("out.png"), output])
    #expect(
      try TestImages.samples(output, in: folder) == TestImages.samples(input, in: folder))
  }
}
