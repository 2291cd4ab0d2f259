import Base
import Foundation
import TestSupport
import Testing

@testable import Inference

struct RuntimeSearchTests {
  @Test func `a missing runtime says what to do`() throws {
    let search = RuntimeSearch(environment: ["TESSERA_OPENVINO": "/nonexistent/openvino"])
    let error = #expect(throws: TesseraError.self) { try InferenceEngine(search) }
    let text = error?.description ?? ""
    #expect(text.contains("/nonexistent/openvino") && text.contains("run make setup"))
    #expect(!text.contains("\n"))
  }

  @Test func `a file that is no library and an empty folder are errors`() throws {
    let folder = try TemporaryDirectory()
    let file = folder.url.appending(path: "libopenvino_c.so")
    for make in [false, true] {
      if make { try Data("nothing".utf8).write(to: file) }
      let search = RuntimeSearch(environment: ["TESSERA_OPENVINO": folder.url.path])
      #expect(throws: TesseraError.self) { try InferenceEngine(search) }
    }
  }

  @Test func `the variable stands above the loader, and the loader above the prefix`() throws {
    let folder = try TemporaryDirectory()
    let library = folder.url.appending(path: "openvino/lib/libopenvino_c.so.2641")
    try FileManager.default.createDirectory(
      at: library.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data().write(to: library)
    let search = RuntimeSearch(environment: ["TESSERA_PREFIX": folder.url.path])
    #expect(search.candidates.last?.hasSuffix("/openvino/lib/libopenvino_c.so.2641") == true)
    #expect(search.candidates.first?.hasPrefix("libopenvino_c") == true)
    let file = RuntimeSearch(environment: ["TESSERA_OPENVINO": library.path])
    #expect(file.candidates == [library.path])
  }
}
