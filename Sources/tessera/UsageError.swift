/// The command was used wrongly: exit status 64.
struct UsageError: Error, CustomStringConvertible {
  let message: String

  init(_ message: String) { self.message = message }

  var description: String { message }
}
