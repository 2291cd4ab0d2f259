import ArgumentParser
import Base
import Terminal
import Foundation

/// `tessera train`: hands over to the program `tessera-train` beside this one.
///
/// Only that one loads libtorch, which takes 0.3 s and 130 MB before anything is done.
struct TrainLauncher: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Learns a translation from examples, and leaves a model package.",
    discussion: """
      Methods are pix2pix, cyclegan, cut, fastcut, spade and pix2pixhd; 'tessera train METHOD --help' \
      shows the options of one, 'tessera train --help' the layout of the data.
        tessera train cut --data summer2winter --output run
      """)

  @Argument(parsing: .captureForPassthrough, help: "What tessera-train is told.")
  var arguments: [String] = []

  func run() throws {
    try CommandRunner.run {
      let program = Self.program
      var strings: [UnsafeMutablePointer<CChar>?] =
        ([program] + arguments).map { strdup($0) } + [nil]
      defer { for string in strings { free(string) } }
      execv(program, &strings)
      throw UsageError(
        "train: \(program) cannot be started (\(String(cString: strerror(errno)))): install tessera with "
          + "training, beside tessera itself")
    }
  }

  /// Beside this program, whatever link led to it.
  private static var program: String {
    let own = Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0])
    return own.resolvingSymlinksInPath().deletingLastPathComponent().appending(
      path: "tessera-train"
    )
    .path
  }
}
