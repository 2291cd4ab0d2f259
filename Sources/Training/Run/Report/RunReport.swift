import Base
import Foundation

/// The page `index.html` of a run, which a browser shows from the disk, without network or scripts.
package struct RunReport: Sendable {
  /// Whether the run goes on.
  package enum State: Sendable, Hashable {
    case running
    case finished
    /// Ended before its time, with the reason.
    case stopped(String)
  }

  /// A setting as the page shows it.
  package struct Setting: Sendable, Hashable {
    /// Its name.
    package var name: String
    /// Its value.
    package var value: String

    /// Names a value.
    package init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }
  }

  /// A picture of what the network does by now.
  package struct Sample: Sendable, Hashable {
    /// When it was made, such as "epoch 3, step 12,300".
    package var title: String
    /// The file, relative to the page.
    package var path: String

    /// Names a picture.
    package init(_ title: String, path: String) { (self.title, self.path) = (title, path) }
  }

  /// Title of the page, such as the name of the run's folder.
  package var title: String
  /// The method, such as `cyclegan`.
  package var method: String
  /// Whether the run goes on.
  package var state: State
  /// How far it is.
  package var progress: TrainingProgress?
  /// What was chosen.
  package var settings: [Setting] = []
  /// Losses by step, with the columns of ``LossLog``.
  package var losses: LossTable?
  /// Metrics by epoch, with the columns of ``ValidationLog``.
  package var validation: LossTable?
  /// The epoch that is marked as the best.
  package var bestEpoch: Int?
  /// Pictures, the oldest first.
  package var samples: [Sample] = []
  /// What was noticed so far.
  package var warnings: [String] = []
  /// When the page was written.
  package var updated: Date

  /// Pictures that the page shows.
  package static let sampleLimit = 12

  /// Makes a page without content.
  package init(
    title: String, method: String, state: State, progress: TrainingProgress? = nil,
    updated: Date = Date()
  ) {
    (self.title, self.method, self.state) = (title, method, state)
    (self.progress, self.updated) = (progress, updated)
  }

  /// Replaces the page at `path`.
  package func write(to path: String) throws(TesseraError) {
    try AtomicFile.write(Data(html.utf8), to: path, action: "writing the report")
  }
}
