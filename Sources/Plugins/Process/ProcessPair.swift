import Base
public import Foundation
import Synchronization
public import TesseraPlugin
import Translation

/// A program in any language as a domain pair.
///
/// It is told what images are like and gets pixels in shared memory; it never learns where they come
/// from. docs/process-plugins.md has the protocol.
public final class ProcessPair: DomainPair {
  /// What the manifest says.
  public let description: PairDescription
  private let manifest: ProcessManifest
  private let pool: ProcessPool
  /// What was measured on another image; nil measures each.
  private let calibration: [UInt8]?

  /// Prepares a program; it is started when it is needed, in as many copies as there are windows to
  /// translate at once, at most `copies` or what the manifest says.
  ///
  /// `files` are those of the folder when the manifest was read and trusted.
  public convenience init(
    _ manifest: ProcessManifest, folder: URL, files: FolderSurvey? = nil, copies: Int
  ) throws(TesseraError) {
    self.init(
      manifest,
      ProcessPool(
        try PluginProgram(manifest, folder: folder, files: files),
        limit: manifest.process.copies ?? copies))
  }

  private init(_ manifest: ProcessManifest, _ pool: ProcessPool, calibration: [UInt8]? = nil) {
    var description = manifest.description
    if let calibration {
      description.version += " calibration=\(SHA256Digest.hexadecimal(of: Data(calibration)))"
    }
    (self.manifest, self.pool, self.calibration) = (manifest, pool, calibration)
    self.description = description
  }

  /// Whether the manifest says that it makes one target of several.
  var combines: Bool { manifest.combines == true }

  /// How often copies ended without being asked to, by what they did.
  var abnormalEnds: [String: Int] { pool.program.ends.all }

  /// Starts a copy of the program now, while the first image is opened.
  public func prepare() { pool.prepare() }

  /// What the manifest promises.
  public func footprint(options: PairOptions) throws(PairError) -> Footprint? {
    manifest.footprint?.footprint
  }

  /// The same program with what it measured on another image.
  public func calibrated(with sidecar: [UInt8]) throws(PairError) -> any DomainPair {
    guard description.calibrationEnding != nil else {
      throw PairError("the pair \(description.id) keeps no calibration; leave --calibration out")
    }
    return ProcessPair(manifest, pool, calibration: sidecar)
  }

  /// Asks a copy which parts it wants to see, where the manifest says that it wants any.
  public func samples(
    for overview: borrowing Overview, options: PairOptions
  ) throws(PairError) -> [PixelRegion] {
    guard manifest.samples == true else { return [] }
    let values = OptionValues(options, declared: description.declaredOptions)
    let image = overview.image
    return try pool.run("choosing samples") { process throws(PluginFault) in
      let answer = try ask(process, .sample, for: .sampled, about: overview, options: values)
      return try ProgramAnswer.decode(ProgramAnswer.Sampled.self, answer).checked(in: image)
    }
  }

  /// Lets a copy of the program look at the overview.
  public func calibrate(
    _ overview: borrowing Overview, options: PairOptions, reference: PairValue?
  ) throws(PairError) -> Calibration {
    let values = OptionValues(options, declared: description.declaredOptions)
    let image = overview.image
    return try pool.run("calibrating") { process throws(PluginFault) in
      let answer = try ask(
        process, .calibrate, for: .calibrated, about: overview, options: values,
        reference: reference, calibration: calibration)
      return try calibration(ProgramAnswer.calibrated(answer), image, values)
    }
  }

  /// Lets a copy of the program make a target of the overview.
  public func fit(
    _ overview: borrowing Overview, options: PairOptions
  ) throws(PairError) -> PairValue {
    let values = OptionValues(options, declared: description.declaredOptions)
    return try pool.run("fitting") { process throws(PluginFault) in
      let answer = try ask(process, .fit, for: .fitted, about: overview, options: values)
      return try ProgramAnswer.decode(PairValue.self, answer)
    }
  }

  /// Lets a copy of the program make one target of several.
  public func combine(_ references: [PairValue]) throws(PairError) -> PairValue {
    guard references.count > 1 else { return references[0] }
    guard combines else {
      throw PairError(
        "the pair \(description.id) cannot combine \(references.count) references; its manifest does"
          + " not say that it combines them")
    }
    return try pool.run("combining references") { process throws(PluginFault) in
      let answer = try process.ask(.fitted) { number throws(PluginFault) in
        try HostMessage.combine(number, references)
      }
      try pool.program.checkFiles()
      return try ProgramAnswer.decode(PairValue.self, answer)
    }
  }

  /// Shows a copy what it is asked about: the overview, samples of level 0, an earlier calibration.
  private func ask(
    _ process: PluginProcess, _ kind: PluginMessage.Kind, for expected: PluginMessage.Kind,
    about overview: borrowing Overview, options: OptionValues, reference: PairValue? = nil,
    calibration: [UInt8]? = nil
  ) throws(PluginFault) -> PluginMessage {
    let (channels, format) = (overview.pixels.channels, overview.pixels.format)
    func bytes(_ region: PixelRegion) -> Int {
      MemoryPiece.bytes(region, channels: channels, format: format)
    }
    let samples = overview.samples
    var size = bytes(overview.pixels.region)
    var starts: [Int] = []
    for sample in samples {
      starts.append(size)
      size += bytes(sample.pixels.region)
    }
    let end = size
    return try process.memory.lend(end + (calibration?.count ?? 0), isEmptied: true) {
      piece throws(PluginFault) in
      piece.write(overview.pixels, at: 0)
      var sight = HostMessage.Sight(overview: piece.offset)
      for (sample, start) in zip(samples, starts) {
        piece.write(sample.pixels, at: start)
        sight.samples.append((sample.pixels.region, piece.offset + start))
      }
      if let calibration {
        calibration.withUnsafeBytes { bytes in
          UnsafeMutableRawBufferPointer(start: piece.base + end, count: bytes.count)
            .copyMemory(from: bytes)
        }
        sight.calibration = (piece.offset + end, calibration.count)
      }
      let answer = try process.ask(expected) { number throws(PluginFault) in
        try HostMessage.look(
          kind, number, overview, sight, options: options, reference: reference)
      }
      // What it has read for this image is what it was to be.
      try pool.program.checkFiles()
      return answer
    }
  }

  private func calibration(
    _ decision: ProgramAnswer.Decision, _ image: ImageDescription, _ options: OptionValues
  ) throws(PluginFault) -> Calibration {
    if let reason = decision.content.copy {
      let line = ErrorTail.line(of: reason.utf8)
      guard !line.isEmpty else {
        throw PluginFault(
          .plugin, "wants the image copied and gives no reason",
          advice: "; \"copy\" says in a line why")
      }
      guard description.scale == .one, description.outputChannels == description.channels else {
        throw PluginFault(
          .plugin, "wants the image copied (\(line))",
          advice: ", but its output has another size or other channels")
      }
      return Calibration(.copy(reason: line))
    }
    guard decision.foreground == nil || description.hasForeground else {
      throw PluginFault(
        .plugin, "tells a foreground",
        advice: ", and its manifest does not say \"foreground\": true")
    }
    guard decision.calibration == nil || description.calibrationEnding != nil else {
      throw PluginFault(
        .plugin, "gives a calibration to keep",
        advice: ", and its manifest names no ending for such files as \"calibration\"")
    }
    let footprint = try ProgramFootprint.checked(
      decision.content, promised: manifest.footprint?.footprint, scale: description.scale)
    var made = Calibration(
      .translate(
        ProcessTranslator(
          pool, description, image, options: options, state: decision.state, footprint: footprint)),
      foreground: decision.foreground, summary: decision.content.summary ?? [:])
    made.sidecar = decision.calibration ?? calibration
    return made
  }
}
