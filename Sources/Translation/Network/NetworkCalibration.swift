import Base
public import Foundation
public import ModelGraph
import Networks
import TesseraPlugin

/// What a network's norms and pools measured on an image: kept beside a result, and given to other
/// images of a cohort.
public struct NetworkCalibration: Sendable, Hashable {
  /// SHA-256 of the network's file.
  public let model: String
  /// Columns and rows of the image.
  public let imageSize: [Int]
  /// Cells of the lattice, across and down.
  public let lattice: [Int]
  /// Column and row of the cell of each window.
  let cells: [[Int]]
  /// Moments by statistic, one a window.
  let windows: [String: [Moments]]

  init(
    model: String, imageSize: [Int], lattice: [Int], cells: [[Int]], windows: [String: [Moments]]
  ) {
    self.model = model
    self.imageSize = imageSize
    self.lattice = lattice
    self.cells = cells
    self.windows = windows
  }

  /// The moments of all windows together, merged in their order.
  public var pooled: [String: Moments] {
    windows.mapValues { moments in
      var all = Moments(channels: moments.first?.mean.count ?? 0)
      for window in moments { all.merge(window) }
      return all
    }
  }

  /// Says why this cannot stand in for measuring a network; nil where it can.
  func misfit(_ analysis: SpatialAnalysis) -> String? {
    for statistic in analysis.statistics {
      let channels = analysis.shapesByName[statistic.input]?.dropFirst().first ?? 0
      guard let moments = windows[statistic.output], let first = moments.first else {
        return "it holds nothing for \(statistic.title); measure it anew"
      }
      guard first.mean.count == channels else {
        return "\(statistic.title) has \(channels) channels, it holds \(first.mean.count);"
          + " measure it anew"
      }
    }
    return nil
  }

  /// Tells calibrations apart.
  var identity: String { SHA256Digest.hexadecimal(of: (try? encoded()) ?? Data()) }

  /// The calibration as a safetensors file.
  public func encoded() throws -> Data {
    var tensors: [(name: String, tensor: CheckpointTensor)] = []
    for name in windows.keys.sorted() {
      guard let moments = windows[name], let channels = moments.first?.mean.count else { continue }
      let shape = [moments.count, channels]
      tensors.append(("\(name)/count", .doubles(moments.map(\.count), [moments.count])))
      tensors.append(("\(name)/mean", .doubles(moments.flatMap(\.mean), shape)))
      tensors.append(("\(name)/squares", .doubles(moments.flatMap(\.squares), shape)))
      tensors.append(
        ("\(name)/maximum", CheckpointTensor(shape: shape, floats: moments.flatMap(\.maximum))))
    }
    tensors.append(
      (
        "cells",
        CheckpointTensor(shape: [cells.count, 2], floats: cells.flatMap { $0.map(Float.init) })
      ))
    let metadata = [
      "tessera": "calibration 1", "model": model,
      "sha256": Self.digest(CheckpointTensors(tensors)),
      "image": imageSize.map(String.init).joined(separator: "x"),
      "lattice": lattice.map(String.init).joined(separator: "x"),
      "processor": ProcessorName.current,
    ]
    return try SafetensorsFile(tensors: CheckpointTensors(tensors), metadata: metadata).encoded()
  }

  /// Tells whether numbers are what was measured.
  private static func digest(_ tensors: CheckpointTensors) -> String {
    var all = Data()
    for name in tensors.names.sorted() {
      guard let tensor = tensors[name] else { continue }
      all += Data("\(name) \(tensor.element) \(tensor.shape)".utf8) + tensor.bytes
    }
    return SHA256Digest.hexadecimal(of: all)
  }

  /// Reads a calibration of the network whose file has the SHA-256 `model`.
  public init(contentsOf path: String, model: String) throws {
    try self.init(SafetensorsFile.read(path), path, model: model)
  }

  private init(_ file: SafetensorsFile, _ path: String, model: String) throws {
    let action = "reading the calibration"
    guard file.metadata["tessera"] == "calibration 1" else {
      throw TesseraError(path, action, "it is no calibration; make one with --save-calibration")
    }
    guard file.metadata["model"] == model else {
      throw TesseraError(path, action, "it was measured with another model; measure it anew")
    }
    // Early versions wrote none.
    guard [nil, Self.digest(file.tensors)].contains(file.metadata["sha256"]) else {
      throw TesseraError(path, action, "its numbers are damaged; measure it anew")
    }
    func sizes(_ key: String) -> [Int] {
      (file.metadata[key] ?? "").split(separator: "x").compactMap { Int($0) }
    }
    let (image, lattice) = (sizes("image"), sizes("lattice"))
    guard image.count == 2, image.allSatisfy({ $0 >= 1 }), lattice.count == 2,
      lattice.allSatisfy({ (1...4096).contains($0) }), let places = file.tensors["cells"],
      places.shape.count == 2, places.shape[1] == 2, places.element == .f32
    else { throw TesseraError(path, action, "its lattice is damaged; measure it anew") }
    let numbers = places.floats().map { Int(exactly: $0) ?? -1 }
    let cells = stride(from: 0, to: numbers.count, by: 2).map { [numbers[$0], numbers[$0 + 1]] }
    guard
      cells.allSatisfy({ (0..<lattice[0]).contains($0[0]) && (0..<lattice[1]).contains($0[1]) })
    else { throw TesseraError(path, action, "its lattice is damaged; measure it anew") }
    var windows: [String: [Moments]] = [:]
    for name in file.tensors.names where name.hasSuffix("/mean") {
      let stem = String(name.dropLast("/mean".count))
      guard let mean = file.tensors[name], let squares = file.tensors["\(stem)/squares"],
        let maximum = file.tensors["\(stem)/maximum"], let count = file.tensors["\(stem)/count"],
        mean.shape.count == 2, mean.shape[0] == cells.count, mean.shape[0] >= 1,
        squares.shape == mean.shape, maximum.shape == mean.shape, count.shape == [cells.count],
        [mean, squares, count].allSatisfy({ $0.element == .f64 }), maximum.element == .f32,
        mean.isFinite, squares.isFinite, count.isFinite,
        squares.doubles().allSatisfy({ $0 >= 0 }),
        count.doubles().allSatisfy({ (1...1e12).contains($0) }),
        !maximum.floats().contains(where: \.isNaN)
      else { throw TesseraError(path, action, "\(stem) in it is damaged; measure it anew") }
      let channels = mean.shape[1]
      let (means, deviations) = (mean.doubles(), squares.doubles())
      let (largest, counts) = (maximum.floats(), count.doubles())
      windows[stem] = (0..<cells.count).map { index in
        let range = (index * channels)..<((index + 1) * channels)
        return Moments(
          count: counts[index], mean: Array(means[range]), squares: Array(deviations[range]),
          maximum: Array(largest[range]))
      }
    }
    self.init(
      model: model, imageSize: image, lattice: lattice, cells: cells, windows: windows)
  }

  /// Reads a calibration of the network of `package`, which holds all that is measured there.
  public init(contentsOf path: String, of package: ModelPackage) throws {
    try self.init(SafetensorsFile.read(path), path, of: package)
  }

  /// Takes the bytes of such a file; `name` is for messages.
  init(_ bytes: [UInt8], named name: String, of package: ModelPackage) throws {
    try self.init(SafetensorsFile(data: Data(bytes), name: name), name, of: package)
  }

  private init(_ file: SafetensorsFile, _ path: String, of package: ModelPackage) throws {
    try self.init(file, path, model: package.manifest.model.sha256)
    if let reason = package.analysis.flatMap(misfit) {
      throw TesseraError(path, "reading the calibration", reason)
    }
  }
}

extension CheckpointTensor {
  fileprivate static func doubles(_ values: [Double], _ shape: [Int]) -> CheckpointTensor {
    CheckpointTensor(
      shape: shape, element: .f64, bytes: values.withUnsafeBytes { Data($0) })
  }

  /// The numbers of a tensor of f64.
  fileprivate func doubles() -> [Double] {
    bytes.withUnsafeBytes { raw in
      (0..<count).map { raw.loadUnaligned(fromByteOffset: $0 * 8, as: Double.self) }
    }
  }
}
