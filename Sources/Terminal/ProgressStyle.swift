package import ArgumentParser

/// How progress is shown.
package enum ProgressStyle: String, ExpressibleByArgument, CaseIterable {
  case auto
  case bar
  case json
  case none
}
