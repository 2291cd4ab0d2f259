import Foundation
import TestSupport
import Testing

/// PyTorch, ONNX Runtime and ONNX's reference as judges: `TESSERA_ORACLE_PYTHON` names a Python that has them.
enum PythonOracle {
  static let python: ExternalTool? = {
    let named = ProcessInfo.processInfo.environment["TESSERA_ORACLE_PYTHON"]
    guard let tool = named.flatMap({ ExternalTool($0) }),
      (try? tool.run(["-c", "import onnx, onnxruntime, onnxscript, torch"]))?.status == 0
    else { return nil }
    return tool
  }()

  static var isPresent: Bool { python != nil }

  /// Runs a program that leaves networks and what they give in a folder of its own.
  static func models(_ program: String) -> Result<Models, any Error> {
    Result {
      let folder = try TemporaryDirectory()
      let result = try #require(python).run(["-W", "ignore", "-c", program, folder.path("")])
      try #require(result.status == 0, "\(result.errors)")
      return Models(folder: folder)
    }
  }

  /// Networks by name.
  struct Models: Sendable {
    let folder: TemporaryDirectory

    /// The bytes of a network; nil where this Python cannot make it.
    func file(_ name: String) -> Data? {
      try? Data(contentsOf: URL(filePath: folder.path("\(name).onnx")))
    }

    /// A tensor that belongs to a network, with its shape beside it.
    func tensor(_ name: String) throws -> Tensor {
      let text = try String(contentsOfFile: folder.path("\(name).shape"), encoding: .utf8)
      return try Tensor(
        text.split(separator: " ").compactMap { Int($0) }, contentsOf: folder.path(name))
    }
  }
}
