import ArgumentParser
import Terminal
import Foundation
import Inference
import Plugins
import Translation

/// `tessera plugin new`.
struct PluginNew: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Writes a new plugin that builds and translates at once, to be changed.",
    discussion: """
      model is a network with a manifest and needs no code; swift is one type in Swift; process is a \
      program in any language, here Python.
        tessera plugin new Sepia --kind swift
        tessera plugin new Mosaic --kind model --model mosaic.onnx
      """)

  /// Kinds that can be made.
  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case model
    case swift
    case process
  }

  @Argument(help: ArgumentHelp("Name of the plugin and of its folder, as StainTransfer."))
  var name: String

  @Option(help: "Make a model, swift or process plugin.")
  var kind: Kind

  @Option(
    help: ArgumentHelp(
      "Package this network, .onnx, .pth or .safetensors (default: a sample).",
      valueName: "file"))
  var model: String?

  @Option(
    help: ArgumentHelp(
      "Take this output of an ONNX file that has several (default: the first).", valueName: "name"))
  var outputName: String?

  func validate() throws {
    guard outputName == nil || model != nil else {
      throw ValidationError("--output-name is for --model.")
    }
    guard model == nil || kind == .model else {
      throw ValidationError("--model is for --kind model.")
    }
  }

  func run() throws {
    try CommandRunner.run {
      let url = URL(filePath: name, directoryHint: .isDirectory).standardizedFileURL
      let name = url.lastPathComponent
      switch kind {
      case .swift: try PluginTemplate.swift(name).write(to: url)
      case .process: try PluginTemplate.process(name, sdk: SDKLocation()).write(to: url)
      case .model:
        let notes = try PluginTemplate.model(
          name, network: model, output: outputName, at: url,
          sdk: model == nil ? SDKLocation() : nil,
          engine: InferenceEngine())
        for note in notes { Console.complain("\(model ?? name): importing: note: \(note)") }
      }
      Console.result("\(self.name)  a new plugin; README.md in it says what comes next")
    }
  }
}
