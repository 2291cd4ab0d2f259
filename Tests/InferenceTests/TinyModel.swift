import Foundation

@testable import Inference

/// `y = conv1x1(x)` from 3 to 2 channels, opset 11, of any height and width.
///
/// Made with the onnx package: weights [[1, 2, 3], [0, -1, 0.5]], bias [0.5, -1].
enum TinyModel {
  static let onnx =
    Data(
      base64Encoded: """
        CAYSADqRAQoSCgF4CgF3CgFiEgF5IgRDb252EgFnKicIAggDCAEIARABQgF3ShgAAIA/AAAAQAAAQEAAAAAAAACA
        vwAAAD8qEQgCEAFCAWJKCAAAAD8AAIC/Wh0KAXgSGAoWCAESEgoCCAEKAggDCgMSAWgKAxIBd2IdCgF5EhgKFggB
        EhIKAggBCgIIAgoDEgFoCgMSAXdCBAoAEAs=
        """, options: .ignoreUnknownCharacters) ?? Data()

  /// Values that differ from pixel to pixel and with `seed`, exact in bf16.
  static func input(_ count: Int, seed: Int = 0) -> [Float] {
    (0..<count).map { Float(($0 * 7 + seed * 13) % 32) / 8 - 2 }
  }

  /// The formula, written out.
  static func output(_ x: [Float]) -> [Float] {
    let plane = x.count / 3
    let first = (0..<plane).map { x[$0] + 2 * x[plane + $0] + 3 * x[2 * plane + $0] + 0.5 }
    let second = (0..<plane).map { -x[plane + $0] + 0.5 * x[2 * plane + $0] - 1 }
    return first + second
  }
}

/// OpenVINO for the tests that need it.
enum TestEngine {
  static let shared = try? InferenceEngine()
  static var isPresent: Bool { shared != nil }
}
