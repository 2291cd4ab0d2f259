/// What `config.json` of a run says.
struct RunRecord<Settings> {
  /// The method that trains, such as `cyclegan`.
  var method: String
  /// Version of Tessera that began the run.
  var tessera: String
  /// Everything that was chosen.
  var settings: Settings
}

extension RunRecord: Encodable where Settings: Encodable {}
extension RunRecord: Decodable where Settings: Decodable {}

/// The part of `config.json` that every method has.
struct RunHeader: Decodable {
  var method: String
}
