import Base
import Foundation
import ModelGraph

extension ModelManifest {
  /// Fields that only the model's files tell.
  private static let fixed = ["format", "model", "golden"]

  /// The manifest with the fields of a JSON object in place of its own; objects are merged.
  ///
  /// - Throws: Where a field is unknown, or its value is.
  func replacing(_ fields: Data) throws(ModelError) -> ModelManifest {
    let action = "describing the model"
    do throws(JSONFault) {
      let given = try JSONText.parse(fields)
      guard case .object(let names) = given else {
        throw JSONFault("it is no JSON object")
      }
      if let name = Self.fixed.first(where: { names[$0] != nil }) {
        throw JSONFault("'\(name)' is found out; leave it out of the description")
      }
      guard let own = try? JSONEncoder().encode(self) else {
        throw JSONFault("the manifest cannot be written as JSON")
      }
      return try StrictDecoder.decode(
        ModelManifest.self, from: JSONText.parse(own).merged(with: given))
    } catch {
      throw ModelError(action, "the description: \(error)")
    }
  }
}
