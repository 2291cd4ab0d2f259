import Base
public import Foundation
public import TesseraPlugin
import Translation

/// A program in any language as a domain pair.
///
/// It is told what images are like and gets pixels in shared memory; it never learns where they come
/// from. docs/process-plugins.md has the protocol.
public final class ProcessPair: DomainPair {
  /// What the manifest says.
  public let description: PairDescription
  private let pool: ProcessPool

  /// Prepares a program; it is started when it is needed, in as many copies as there are windows to
  /// translate at once, at most `copies` or what the manifest says.
  ///
  /// `files` are those of the folder when the manifest was read and trusted.
  public init(
    _ manifest: ProcessManifest, folder: URL, files: FolderSurvey? = nil, copies: Int
  ) throws(TesseraError) {
    description = manifest.description
    pool = ProcessPool(
      try PluginProgram(manifest, folder: folder, files: files),
      limit: manifest.process.copies ?? copies)
  }

  /// How often copies ended without being asked to, by what they did.
  var abnormalEnds: [String: Int] { pool.program.ends.all }

  /// Starts a copy of the program now, while the first image is opened.
  public func prepare() { pool.prepare() }

  /// Lets a copy of the program look at the overview.
  public func calibrate(
    _ overview: borrowing Overview, options: PairOptions, reference: PairValue?
  ) throws(PairError) -> Calibration {
    let values = OptionValues(options, declared: description.options)
    let image = overview.image
    return try pool.run("calibrating") { process throws(PluginFault) in
      let answer = try ask(process, for: .calibrated, about: overview) {
        number, offset, overview throws(PluginFault) in
        try HostMessage.look(
          .calibrate, number, overview, at: offset, options: values, reference: reference)
      }
      // What it has read for this image is what it was to be.
      try pool.program.checkFiles()
      let (content, state) = try ProgramAnswer.calibrated(answer)
      var calibration = Calibration(
        try outcome(content, state, image, values), summary: content.summary ?? [:])
      if case .copy = calibration.outcome { calibration.summary = [:] }
      return calibration
    }
  }

  /// Lets a copy of the program make a target of the overview.
  public func fit(
    _ overview: borrowing Overview, options: PairOptions
  ) throws(PairError) -> PairValue {
    let values = OptionValues(options, declared: description.options)
    return try pool.run("fitting") { process throws(PluginFault) in
      let answer = try ask(process, for: .fitted, about: overview) {
        number, offset, overview throws(PluginFault) in
        try HostMessage.look(.fit, number, overview, at: offset, options: values)
      }
      return try ProgramAnswer.decode(PairValue.self, answer)
    }
  }

  private func ask(
    _ process: PluginProcess, for expected: PluginMessage.Kind, about overview: borrowing Overview,
    _ message: (UInt32, Int, borrowing Overview) throws(PluginFault) -> PluginMessage
  ) throws(PluginFault) -> PluginMessage {
    let pixels = MemoryPiece.bytes(
      overview.pixels.region, channels: overview.pixels.channels, format: overview.pixels.format)
    return try process.memory.lend(pixels, isEmptied: true) { piece throws(PluginFault) in
      piece.write(overview.pixels, at: 0)
      return try process.ask(expected) { number throws(PluginFault) in
        try message(number, piece.offset, overview)
      }
    }
  }

  private func outcome(
    _ answer: ProgramAnswer.Calibrated, _ state: [UInt8], _ image: ImageDescription,
    _ options: OptionValues
  ) throws(PluginFault) -> Calibration.Outcome {
    if let reason = answer.copy {
      let line = ErrorTail.line(of: reason.utf8)
      guard description.scale == .one, description.outputChannels == description.channels else {
        throw PluginFault(
          .plugin, "wants the image copied (\(line))",
          advice: ", but its output has another size or other channels")
      }
      return .copy(reason: line)
    }
    let footprint = try ProgramFootprint.checked(answer, scale: description.scale)
    let number = pool.newSession()
    let opening = try HostMessage.open(number, image, description, options: options, state: state)
    return .translate(
      ProcessTranslator(
        pool, PluginSession(number: number, opening: opening), footprint: footprint))
  }
}
