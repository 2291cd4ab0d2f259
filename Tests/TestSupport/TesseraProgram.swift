import Foundation

/// The program as its user runs it, built beside the tests.
public enum TesseraProgram {
  /// Where it is.
  public static let path: String =
    URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "tessera")
    .path

  /// Runs it to its end.
  public static func run(
    _ arguments: [String], environment: [String: String] = [:]
  ) throws -> ExternalTool.Result {
    guard let tool = ExternalTool(path) else { throw ToolFailure("\(path) has not been built") }
    return try tool.run(arguments, environment: environment)
  }

  /// Starts it and leaves it running.
  public static func start(_ arguments: [String]) throws -> Process {
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    return process
  }
}
