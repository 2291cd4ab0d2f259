import ArgumentParser

/// Which of the images in a file is meant.
struct PlaneArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Take this channel alone, by its name or its number from 1.", valueName: "name|n"))
  var channel: String?

  @Option(
    help: ArgumentHelp(
      "Take this page of a file with several, from 1: slices first, then points in time.",
      valueName: "n"))
  var page: Int?

  /// The page from 0; nil where none was chosen.
  var index: Int? { page.map { $0 - 1 } }

  func validate() throws {
    guard (1...10_000_000).contains(page ?? 1) else {
      throw ValidationError("--page takes a number from 1.")
    }
  }
}
