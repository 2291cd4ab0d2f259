import Base
internal import ArgumentParser
import Batch
import Networks
import TesseraPlugin
import TileIO
import Translation

/// Turns what went wrong into one line and an exit status.
package enum CommandRunner {
  /// Runs the body of a command; `path` is the input to name where an error names none.
  package static func run(_ path: String? = nil, _ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error as ExitCode {
      throw error
    } catch let error as UsageError {
      Console.complain(error.message)
      throw ExitCode.usage
    } catch let error as TesseraError where !error.action.isEmpty {
      Console.complain("\(error)")
      throw ExitCode.badData
    } catch {
      if Interruption.isRequested { throw Interruption.exitCode }
      Console.complain(path.map { "\($0): translating: \(error)" } ?? "\(error)")
      throw ExitCode.badData
    }
  }
}
