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
    switch input {
    case .picture: break
    case .labels(let colors):
      guard channels == 1 else { return "label maps have 1 channel, not \(channels)" }
      guard colors.allSatisfy({ $0.count == 3 }) else {
        return "a colour of its classes has other than three numbers"
      }
    case .volume(let format):
      if let fault = format.fault { return "volume: \(fault)" }
      guard channels == format.channels, outputChannels == 1, output == .picture, scale == .one
      else {
        return
          "a volume of \(format.neighbors) neighbours goes in as \(format.channels) channels and"
          + " comes out as one picture of the same size, and it has \(channels) and"
          + " \(outputChannels) channels"
      }
      guard formats.contains(.float32) else { return "slices of volumes have float samples" }
      guard furtherInputs.allSatisfy({ $0.kind.channels == 0 }) else {
        return "further images go with pictures, not with volumes"
      }
    }
    switch output {
    case .picture: break
    case .labels(let classes):
      guard outputChannels == 1 else {
        return "the label maps that it makes have 1 channel, not \(outputChannels)"
      }
      guard classes.count <= 65536, classes.allSatisfy({ $0.color?.count ?? 3 == 3 }) else {
        return "a colour of the classes that it makes has other than three numbers"
      }
    case .values(let names):
      guard names.isEmpty || names.count == outputChannels else {
        return "it has \(names.count) names for \(outputChannels) channels of values"
      }
      guard convertsDepth || formats.contains(.float32) else {
        return "values are floats, and it neither takes floats nor converts depth"
      }
    }
    var inputs: Set<String> = []
    for input in furtherInputs {
      guard PluginName.isValid(input.name), inputs.insert(input.name).inserted,
        !options.contains(where: { $0.name == input.name })
      else { return "the input '\(input.name)' is there twice, or not in kebab case" }
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
