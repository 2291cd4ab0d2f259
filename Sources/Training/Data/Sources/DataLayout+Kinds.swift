extension DataLayout {
  /// The layout as a method of this kind takes it.
  func fitting(_ kind: Dataset.Kind, _ directory: String) throws(TrainingError) -> DataLayout {
    let action = "looking for training data"
    switch (kind, self) {
    case (.unpaired, .labels(let labelled)):
      return .unpaired(a: labelled.map(\.label), b: labelled.map(\.picture))
    case (.labels, .labels), (.unpaired, _), (.paired, .paired), (.paired, .sideBySide): return self
    case (.labels, _):
      throw TrainingError(
        directory, action, "label maps are needed: train_label, and train_img or train_photo")
    case (.paired, .labels(let labelled)):
      // Colours or numbers of classes are a picture like any other.
      return .paired(labelled.map { Pair(a: $0.label, b: $0.picture) })
    case (.paired, .unpaired):
      throw TrainingError(
        directory, action, "pairs are needed; use cyclegan or cut for unpaired pictures")
    }
  }
}
