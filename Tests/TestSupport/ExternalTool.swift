import Foundation

/// A program used as an oracle; tests that need one are skipped where it is missing.
public struct ExternalTool: Sendable {
  /// What a finished run left.
  public struct Result: Sendable {
    /// Exit status.
    public let status: Int32
    /// What it printed.
    public let output: String
    /// What it complained about.
    public let errors: String
  }

  /// The program's path.
  public let path: String

  /// Looks `name` up in PATH.
  public init?(_ name: String) {
    if name.contains("/") {
      guard FileManager.default.isExecutableFile(atPath: name) else { return nil }
      path = name
      return
    }
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    guard
      let found = folders.map({ "\($0)/\(name)" })
        .first(where: { FileManager.default.isExecutableFile(atPath: $0) })
    else { return nil }
    path = found
  }

  /// Runs the program and waits for it.
  public func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Result {
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let folder = try TemporaryDirectory()
    // Files rather than pipes: a pipe that fills up would block the program.
    let outputURL = folder.url.appending(path: "out")
    let errorsURL = folder.url.appending(path: "err")
    for url in [outputURL, errorsURL] { try Data().write(to: url) }
    process.standardOutput = try FileHandle(forWritingTo: outputURL)
    process.standardError = try FileHandle(forWritingTo: errorsURL)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus,
      output: String(decoding: try Data(contentsOf: outputURL), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errorsURL), as: UTF8.self))
  }
}
