import ArgumentParser
import Base
import Terminal
import Foundation
import Plugins
import TesseraKit

/// `tessera plugin install`.
struct PluginInstall: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "install",
    abstract: "Installs a plugin or model package for you, so that --pair finds it.",
    discussion: """
      Takes a folder, an archive (zip, tar, tar.gz, tar.xz, tar.zst) or a library. Everything is \
      checked before it gets its place: names, links and sizes in the archive, the manifest, a \
      network by its golden sample, a library by its interface, compiler and pairs. Code runs later \
      only as it was installed. Exit status 64 where a plugin of this name is installed already, 65 \
      where something is wrong with this one.
        tessera plugin install Sepia
        tessera plugin install sepia.zip --sha256 9f86d081884c7d65…
      """)

  @Argument(
    help: ArgumentHelp("A folder, an archive or a library.", valueName: "dir|archive"))
  var source: String

  @Option(
    help: ArgumentHelp(
      "Refuse an archive with another SHA-256 than this, from whom you trust.", valueName: "hex")
  )
  var sha256: String?

  @Flag(help: "Replace a plugin of the same name.")
  var overwrite = false

  mutating func validate() throws {
    if let sha256, sha256.utf8.count != 64 || !sha256.allSatisfy(\.isHexDigit) {
      throw ValidationError("--sha256 takes 64 hexadecimal digits.")
    }
  }

  func run() throws {
    Interruption.listen()
    try CommandRunner.run(source) {
      guard OutputFile.exists(source) else {
        throw UsageError("\(source): installing the plugin: there is no such file or folder")
      }
      guard sha256 == nil || !OutputFile.isDirectory(source) else {
        throw UsageError(
          "\(source): installing the plugin: --sha256 is for an archive, and this is a folder")
      }
      let installer = PluginInstaller(
        PluginPath(), builtIn: InstalledPairs.builtIn(), inspector: PluginInspect.program,
        isCancelled: { Interruption.isRequested },
        onWait: {
          Console.complain("installing the plugin: waiting for another tessera that does the same")
        })
      do {
        report(try installer.install(source, sha256: sha256, overwrite: overwrite))
      } catch let error as AlreadyInstalled {
        throw UsageError(error.description)
      } catch {
        throw Interruption.isRequested ? Interruption.exitCode : error
      }
    }
  }

  private func report(_ plugin: InstalledPlugin) {
    let pairs = plugin.pairs.map(\.id).joined(separator: ", ")
    Console.result(
      "\(plugin.isReplacement ? "replaced" : "installed") \(plugin.id)  \(plugin.kind.rawValue),"
        + " \(plugin.pairs.count == 1 ? "pair" : "pairs") \(pairs)  \(plugin.url.path)")
    if let trusted = plugin.trusted {
      Console.result("runs code on this computer; trusted as it is now (sha256 \(trusted))")
    }
    for note in plugin.notes {
      Console.complain("\(source): installing the plugin: note: \(note)")
    }
  }
}

/// `tessera plugin inspect`: loads a library for 'plugin install', which thereby never loads one itself.
struct PluginInspect: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "inspect", shouldDisplay: false)

  /// This program as one that inspects.
  static var program: LibraryInspection.Program {
    LibraryInspection.Program(
      Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0]), ["plugin", "inspect"])
  }

  @Argument var path: String

  func run() throws {
    // What a library prints is no answer.
    let channel = dup(STDOUT_FILENO)
    _ = dup2(STDERR_FILENO, STDOUT_FILENO)
    var line = try JSONEncoder().encode(LibraryInspection.of(path))
    line.append(UInt8(ascii: "\n"))
    try FileHandle(fileDescriptor: channel).write(contentsOf: line)
    // Nothing of the library runs any more.
    _exit(0)
  }
}
