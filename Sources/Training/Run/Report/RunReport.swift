import Foundation

/// The page `index.html` of a run, which a browser shows from the disk, without network or scripts.
public struct RunReport: Sendable {
  /// Whether the run goes on.
  public enum State: Sendable, Hashable {
    case running
    case finished
    /// Ended before its time, with the reason.
    case stopped(String)
  }

  /// A setting as the page shows it.
  public struct Setting: Sendable, Hashable {
    /// Its name.
    public var name: String
    /// Its value.
    public var value: String

    /// Names a value.
    public init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }
  }

  /// A picture of what the network does by now.
  public struct Sample: Sendable, Hashable {
    /// When it was made, such as "epoch 3, step 12,300".
    public var title: String
    /// The file, relative to the page.
    public var path: String

    /// Names a picture.
    public init(_ title: String, path: String) { (self.title, self.path) = (title, path) }
  }

  /// Title of the page, such as the name of the run's folder.
  public var title: String
  /// The method, such as `cyclegan`.
  public var method: String
  /// Whether the run goes on.
  public var state: State
  /// How far it is.
  public var progress: TrainingProgress?
  /// What was chosen.
  public var settings: [Setting] = []
  /// Losses by step, with the columns of ``LossLog``.
  public var losses: LossTable?
  /// Metrics by epoch, with the columns of ``ValidationLog``.
  public var validation: LossTable?
  /// The epoch that is marked as the best.
  public var bestEpoch: Int?
  /// Pictures, the oldest first.
  public var samples: [Sample] = []
  /// What was noticed so far.
  public var warnings: [String] = []
  /// When the page was written.
  public var updated: Date

  /// Pictures that the page shows.
  public static let sampleLimit = 12

  /// Makes a page without content.
  public init(
    title: String, method: String, state: State, progress: TrainingProgress? = nil,
    updated: Date = Date()
  ) {
    (self.title, self.method, self.state) = (title, method, state)
    (self.progress, self.updated) = (progress, updated)
  }

  /// Replaces the page at `path`.
  public func write(to path: String) throws(TrainingError) {
    try WholeFile.write(Data(html.utf8), to: path, "writing the report")
  }
}
