/// A network whose configuration can be read off its parameters.
protocol RecognizableNetwork: Network {
  /// The usual configuration.
  init()
  /// The configuration that names and shapes imply; nil where they are of something else.
  ///
  /// Whether all parameters fit is not looked at.
  init?(_ shapes: ParameterShapes, _ options: RecognitionOptions)
}

/// A network that makes pictures.
protocol Translator: RecognizableNetwork {
  var architecture: Architecture { get }
  var inputChannels: Int { get }
  var outputChannels: Int { get }
  /// Values of black and white, going in and coming out.
  var range: ClosedRange<Float> { get }
  var trainedSize: RecognizedNetwork.Size? { get }
  /// What had to be assumed.
  func notes(_ options: RecognitionOptions) -> [String]
  /// Why options are not for this network, if they are not.
  func refusal(of options: RecognitionOptions) -> String?
}

extension Translator {
  var range: ClosedRange<Float> { -1...1 }
  var trainedSize: RecognizedNetwork.Size? { nil }

  func refusal(of options: RecognitionOptions) -> String? {
    let given =
      options.upsampling != nil ? "--upsampling" : options.aspect != nil ? "--aspect" : nil
    return given.map { "\($0) is for SPADE generators, this is the \(name): leave it out" }
  }
}
