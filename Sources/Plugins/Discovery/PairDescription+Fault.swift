import TesseraPlugin

extension PairDescription {
  /// Says what is wrong with a description, or nothing.
  var fault: String? {
    guard PluginName.isValid(id) else {
      return "its id '\(id)' is not in kebab case (lower-case letters, digits, hyphens)"
    }
    guard !version.isEmpty else { return "its version is empty" }
    for count in [channels, outputChannels] where !(1...4096).contains(count) {
      return "it has \(count) channels"
    }
    guard !formats.isEmpty else { return "it takes no sample format at all" }
    if case .labels(let colours) = content {
      guard channels == 1 else { return "label maps have 1 channel, not \(channels)" }
      guard colours.allSatisfy({ $0.count == 3 }) else {
        return "a colour of its classes has other than three numbers"
      }
    }
    if outputContent != .picture, outputChannels != 1 {
      return "the label maps that it makes have 1 channel, not \(outputChannels)"
    }
    var names: Set<String> = []
    for option in options {
      guard names.insert(option.name).inserted else {
        return "option \(option.name) is there twice"
      }
      if let fault = option.fault(in: option.defaultValue) {
        return "option \(option.name): its default '\(option.defaultValue)' is refused: \(fault)"
      }
    }
    return nil
  }
}
