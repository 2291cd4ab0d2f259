#if Training
  import ArgumentParser
  import Base
  import Terminal
  import Foundation
  import Training

  /// `tessera train`, a program of its own: libtorch takes its time and memory when it is loaded.
  @main
  struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "tessera train",
      abstract: "Learns a translation from examples, and leaves a model package.",
      usage: "tessera train METHOD --data DIR --output RUN [options]",
      discussion: """
        'tessera train METHOD --help' shows the options of a method, with the defaults of its paper.
        DIR holds trainA and trainB; or train with A and B side by side; or A/train and B/train; or \
        train_label and train_img, with train_inst where instances are known. valA, val and so on are \
        for validation; without them a part of train is held out. test is never read. A/train and \
        B/train, or trainA and trainB, may hold volumes: their slices are learned from.
        RUN gets config.json, loss.csv, validation.csv, index.html, samples, checkpoints and package:
          tessera train pix2pix --data facades --output run
          tessera train cut --data summer2winter --output run --crop-size 128 --load-size 143
          tessera train cut --output run --resume
          tessera train pix2pix --data mr-ct --output run --planes axial --neighbours 1
          tessera translate photo.jpg --output winter.jpg --model run/package
        """,
      subcommands: Methods.all.map { command($0) })

    private static func command<Method: MethodOptions>(
      _: Method.Type
    ) -> any ParsableCommand.Type { MethodCommand<Method>.self }

    static func main() {
      do {
        main(try arranged(Array(CommandLine.arguments.dropFirst())))
      } catch {
        Console.complain("\(error)")
        exit(withError: ExitCode.usage)
      }
    }

    /// The arguments with the method in front, which may stand anywhere.
    static func arranged(_ arguments: [String]) throws(UsageError) -> [String] {
      let names = Methods.all.map { $0.name }
      var arguments = arguments
      if arguments.first.map({ $0.hasPrefix("-") }) ?? true {
        let places = arguments.indices.filter { names.contains(arguments[$0]) }
        func hoisted(_ place: Int) -> [String] {
          [arguments[place]] + arguments[..<place] + arguments[(place + 1)...]
        }
        // What is named like a method may also be a value, as in --output cut.
        let place = places.first { (try? parseAsRoot(hoisted($0))) != nil } ?? places.first
        if let place {
          arguments = hoisted(place)
        } else if !arguments.contains(where: isForParser) {
          throw UsageError(
            "train: the method is missing: give one of \(names.joined(separator: ", "))")
        }
      }
      if let method = Methods.all.first(where: { $0.name == arguments.first }) {
        try check(arguments.dropFirst(), of: method)
      } else if let first = arguments.first, !first.hasPrefix("-"), first != "help" {
        throw UsageError(
          "train: there is no method \(first): give one of \(names.joined(separator: ", "))")
      }
      return arguments
    }

    /// Names the method that an option belongs to, which the argument parser does not know.
    private static func check(
      _ arguments: ArraySlice<String>, of method: any MethodOptions.Type
    ) throws(UsageError) {
      let own = Set(Methods.names(of: method))
      let all = Set(Methods.all.flatMap { Methods.names(of: $0) })
      for argument in arguments.prefix(while: { $0 != "--" }) where argument.hasPrefix("--") {
        let name = argument.dropFirst(2).prefix { $0 != "=" }
        for name in [name, name.hasPrefix("no-") ? name.dropFirst(3) : name].map(String.init)
        where all.contains(name) && !own.contains(name) {
          throw UsageError("train: --\(name) \(Methods.owners(of: name, besides: method))")
        }
      }
    }

    private static func isForParser(_ argument: String) -> Bool {
      argument == "-h" || argument.hasPrefix("--help") || argument.hasPrefix("--generate-")
        || argument.hasPrefix("--experimental-")
    }
  }
#else
  import Terminal
  import Foundation

  /// Stands in where the package was built without the trait Training.
  @main
  enum TrainCommand {
    static func main() {
      Console.complain(
        "train: this tessera was built without training; build it with the trait Training")
      exit(64)
    }
  }
#endif
