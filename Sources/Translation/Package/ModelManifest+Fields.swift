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
    do {
      let own = try JSONSerialization.jsonObject(with: JSONEncoder().encode(self))
      guard let own = own as? [String: Any],
        let given = try JSONSerialization.jsonObject(with: fields) as? [String: Any]
      else { throw ModelError(action, "the description is no JSON object") }
      for name in Self.fixed where given[name] != nil {
        throw ModelError(action, "'\(name)' is found out; leave it out of the description")
      }
      let merged = Self.merge(own, given)
      let result = try JSONDecoder().decode(
        ModelManifest.self, from: JSONSerialization.data(withJSONObject: merged))
      let encoded = try JSONSerialization.jsonObject(with: JSONEncoder().encode(result))
      if let unknown = given.keys.sorted().first(where: { (encoded as? [String: Any])?[$0] == nil })
      {
        throw ModelError(action, "there is no field '\(unknown)' in pair.json")
      }
      return result
    } catch let error as ModelError {
      throw error
    } catch {
      throw ModelError(action, "the description: \(ModelPackage.describe(error))")
    }
  }

  private static func merge(_ own: [String: Any], _ given: [String: Any]) -> [String: Any] {
    own.merging(given) { old, new in
      guard let old = old as? [String: Any], let new = new as? [String: Any] else { return new }
      return merge(old, new)
    }
  }
}
