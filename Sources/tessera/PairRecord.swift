import Base
import Foundation
import Plugins
import TesseraPlugin
import Translation

/// What `tessera pairs` tells of a pair.
struct PairRecord: Encodable {
  struct Option: Encodable {
    var name: String
    var values: String
    var defaultValue: String
    var help: String
  }

  struct Input: Encodable {
    var name: String
    var values: String
    var help: String
  }

  let id, title, source, target, version, license, summary: String
  let channels, outputChannels: Int
  let content, outputContent: String
  let formats: [String]
  let options: [Option]
  let inputs: [Input]
  /// What classes or values are called.
  let classes: [LabelClass]?
  let note: String?
  let kind, place: String
  let path: String?
  let learnedFrom: String?
  let footprint: String?
  let volume: SliceFormat?

  private enum CodingKeys: String, CodingKey {
    case id, title, source, target, version, summary, channels, outputChannels, content
    case outputContent, formats, options, inputs, classes, note, kind, place, path, learnedFrom
    case footprint, volume
    case license = "licence"
  }

  init(_ pair: CatalogedPair, footprint: String? = nil) {
    let description = pair.description
    id = description.id
    title = description.title
    source = description.sourceDomain
    target = description.targetDomain
    version = description.version
    license = description.license
    summary = description.summary
    channels = description.channels
    outputChannels = description.outputChannels
    switch description.input {
    case .picture: (content, volume) = ("picture", nil)
    case .labels: (content, volume) = ("labels", nil)
    case .volume(let format): (content, volume) = ("volume", format)
    }
    switch description.output {
    case .picture: (outputContent, classes) = (content == "volume" ? "volume" : "picture", nil)
    case .labels(let known): (outputContent, classes) = ("labels", known)
    case .values(let names): (outputContent, classes) = ("values", names.map { LabelClass($0) })
    }
    inputs = description.furtherInputs.map { input in
      let values: String =
        switch input.kind {
        case .mask: "mask"
        case .labels: "label map"
        case .picture(let channels): "image of \(channels) channels"
        case .number(let range): "\(range.lowerBound)...\(range.upperBound)"
        }
      return Input(name: input.name, values: values, help: input.help)
    }
    note = description.note
    formats = SampleFormat.allCases.filter(description.formats.contains).map(\.rawValue)
    options = description.options.map {
      Option(
        name: $0.name, values: Self.values($0.kind), defaultValue: $0.defaultValue, help: $0.help)
    }
    kind = pair.kind.rawValue
    place = pair.place.title
    path = pair.url?.path
    learnedFrom = description.learnedFrom
    self.footprint = footprint
  }

  /// Where it comes from, in a line.
  var origin: String { path.map { "\(kind), \(place): \($0)" } ?? "built in" }

  /// Say what goes in, in words.
  private var taken: String {
    guard let volume else {
      let what = content == "labels" ? "label maps" : "\(channels) channels"
      return "\(what), \(formats.joined(separator: ", "))"
    }
    let planes = volume.planes.map(\.rawValue).joined(separator: ", ")
    let grid = volume.spacing.map { lengths in
      ", resampled to \(lengths.map { $0.decimal(2) }.joined(separator: " x ")) mm"
    }
    return "\(volume.sourceModality.map { "\($0) " } ?? "")volumes, \(planes) slices\(grid ?? "")"
  }

  /// Say what comes out, in words.
  private var made: String {
    switch outputContent {
    case "volume": "volumes on the same grid"
    case "labels": "label maps\(named)"
    case "values": "values in \(outputChannels) channels\(named)"
    default: "\(outputChannels) channels"
    }
  }

  private var named: String {
    guard let classes, !classes.isEmpty else { return "" }
    return " of " + classes.map(\.name.inOneLine).joined(separator: ", ")
  }

  /// Everything, for a reader.
  var text: String {
    var lines = [
      "\(id) \(version.inOneLine): \(title.inOneLine)",
      "from \(source.inOneLine) to \(target.inOneLine)", "", summary.inOneLine(2000), "",
      "comes from   \(origin)", "licence      \(license.inOneLine)",
      "takes        \(taken)",
      "makes        \(made)",
    ]
    if let footprint { lines.append("footprint    \(footprint)") }
    if let learnedFrom { lines.append("learned from \(learnedFrom.inOneLine)") }
    if let note { lines.append("note         \(note.inOneLine)") }
    if !inputs.isEmpty { lines += ["", "Further inputs, as --input name=file:"] }
    for input in inputs {
      lines += ["  \(input.name)  \(input.values)", "      \(input.help.inOneLine)"]
    }
    if !options.isEmpty { lines += ["", "Options, as --set name=value:"] }
    for option in options {
      let value = option.defaultValue.isEmpty ? "empty" : option.defaultValue
      lines += [
        "  \(option.name)  \(option.values.inOneLine) (default \(value.inOneLine))",
        "      \(option.help.inOneLine)",
      ]
    }
    return lines.joined(separator: "\n")
  }

  private static func values(_ kind: PairOption.Kind) -> String {
    switch kind {
    case .choice(let words): words.joined(separator: "|")
    case .number(let range): "\(range.lowerBound)...\(range.upperBound)"
    case .integer(let range): "\(range.lowerBound)...\(range.upperBound)"
    case .flag: "true|false"
    case .text: "text"
    }
  }
}
