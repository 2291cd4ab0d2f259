import ArgumentParser
import Base
import Batch
import Terminal
import Foundation
import Samples
import TileIO

/// `tessera samples`.
struct SamplesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "samples",
    abstract: "Writes sample slides and images to try things on, from a seed.",
    discussion: """
      Writes DIR/slide.tif, stained tiles of two scanners and a few photographs:
        tessera samples inputs --size 16384
      """)

  @Argument(help: ArgumentHelp("The directory to write to.", valueName: "dir"))
  var directory: String

  @Option(help: "Make a slide of this side in px.")
  var size = 16384

  @Option(help: "Random seed; the same one gives the same pixels.")
  var seed: UInt64 = 1

  @Option(
    help: "Cover this share of the slide with tissue, 0 to 1 (default: 0.4, less for huge slides).")
  var tissueShare: Double?

  @Flag(help: "Also write the slide as a second scanner would see it.")
  var secondScanner = false

  @Flag(help: "Replace files that exist.")
  var overwrite = false

  @OptionGroup var machine: MachineArguments

  mutating func validate() throws {
    guard (256...1_000_000).contains(size) else {
      throw ValidationError("--size takes a number from 256 to 1000000.")
    }
    if let tissueShare, !(0...1).contains(tissueShare) {
      throw ValidationError("--tissue-share takes a number from 0 to 1.")
    }
  }

  func run() throws {
    Interruption.listen()
    try CommandRunner.run(directory) {
      let pool = machine.pool
      let set = SampleSet(
        slideSize: size, seed: seed, tissueShare: tissueShare, hasSecondScanner: secondScanner)
      let paths = try set.write(to: URL(filePath: directory), pool: pool) {
        path, info, options throws(TesseraError) in
        guard overwrite || !OutputFile.isTaken(path) else {
          throw TesseraError(
            path, "writing the sample",
            "it exists; use --overwrite to replace it, or choose another directory")
        }
        return try ImageOutput.open(path: path, info: info, options: options, pool: pool)
      }
      for path in paths { Console.result(path) }
    }
  }
}
