/// The command was used wrongly: exit status 64.
package struct UsageError: Error, CustomStringConvertible {
  package let message: String

  package init(_ message: String) { self.message = message }

  package var description: String { message }
}
