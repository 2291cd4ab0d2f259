import Base
public import Foundation
import Synchronization
import TesseraPlugin
public import Translation

/// Runs a suite in a process of its own, which a plugin may take with it, and tells what it does.
public final class ConformanceWorker: Sendable {
  private let channel: Int32
  private let limits: ConformanceLimits
  private let choices: @Sendable (any DomainPair) throws -> ConformanceChoices
  private let other: (program: URL, arguments: @Sendable (String) -> [String])
  private let lastSign = Mutex(ContinuousClock.now)
  private let writing = Mutex(())

  /// Tells over standard output; whatever else would be printed there goes to standard error.
  ///
  /// `other` with arguments for a pair's identifier is a program that calls ``tellFingerprints(open:)``.
  public init(
    _ limits: ConformanceLimits,
    other: (program: URL, arguments: @Sendable (String) -> [String]),
    choices: @escaping @Sendable (any DomainPair) throws -> ConformanceChoices
  ) {
    self.limits = limits
    self.choices = choices
    self.other = other
    channel = dup(STDOUT_FILENO)
    _ = dup2(STDERR_FILENO, STDOUT_FILENO)
    // Programs that a plugin starts must not keep the channel open.
    _ = fcntl(channel, F_SETFD, FD_CLOEXEC)
  }

  /// Runs the checks of all pairs that `open` gives, without the first `skipped` of them.
  public func run(
    skipping skipped: Int, open: () throws -> (pairs: [CatalogedPair], faults: [String])
  ) {
    do {
      let (pairs, faults) = try open()
      var message = ConformanceMessage(.opened)
      message.names = pairs.map(\.description.id)
      message.faults = faults
      send(message)
      for (index, found) in pairs.enumerated() {
        let count = ConformanceSuite.names.count
        let first = max(0, min(count, skipped - index * count))
        guard first < count else { continue }
        try run(found, skipping: 0..<first)
      }
      send(ConformanceMessage(.done))
    } catch {
      var message = ConformanceMessage(.unusable)
      message.reason = "\(error)"
      message.isUsage = (error as? UnusablePlugin)?.isUsage
      send(message)
    }
  }

  /// Tells what the first of the pairs makes of a few pictures, in another order than the suite tries
  /// them.
  public func tellFingerprints(
    open: () throws -> (pairs: [CatalogedPair], faults: [String])
  ) {
    guard let found = try? open().pairs.first, let subject = try? subject(found),
      let data = try? JSONEncoder().encode(Fingerprint.all(subject, isReversed: true))
    else { return }
    send(data)
  }

  private func subject(_ found: CatalogedPair) throws -> ConformanceSubject {
    let probe: PairProbe
    do {
      probe = try PairProbe(found, threads: WorkerPool.availableProcessors)
    } catch let error as PairError {
      throw TesseraError(
        found.url?.path ?? found.description.id, PluginFolder.action, error.message)
    }
    let subject = ConformanceSubject(
      probe.pair, kind: found.kind, url: found.url, choices: try choices(probe.pair),
      limits: limits
    ) { self.showSign() }
    let id = found.description.id
    subject.otherFingerprints = { [weak self] in try self?.fingerprints(of: id) ?? [] }
    return subject
  }

  /// What another process makes of the pictures.
  private func fingerprints(of id: String) throws -> [Fingerprint] {
    let process = Process()
    process.executableURL = other.program
    process.arguments = other.arguments(id)
    let output = Pipe()
    process.standardOutput = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
    var data = Data()
    while let part = try? output.fileHandleForReading.read(upToCount: 1 << 16), !part.isEmpty {
      data += part
      showSign()
    }
    process.waitUntilExit()
    // Other lines say that something is being done.
    let line = data.split(separator: UInt8(ascii: "\n")).last ?? Data()
    return (try? JSONDecoder().decode([Fingerprint].self, from: line)) ?? []
  }

  private func run(_ found: CatalogedPair, skipping skipped: Range<Int>) throws {
    let id = found.description.id
    let suite = ConformanceSuite(limits)
    _ = suite.run(try subject(found), skipping: skipped) { check in
      var message = ConformanceMessage(.began)
      (message.pair, message.check) = (id, check)
      send(message)
    } ended: { finding in
      var message = ConformanceMessage(.ended)
      message.finding = finding
      send(message)
    }
  }

  /// Says a few times a second that something is being done.
  private func showSign() {
    let isDue = lastSign.withLock { last in
      let now = ContinuousClock.now
      guard now - last > .milliseconds(200) else { return false }
      last = now
      return true
    }
    if isDue { send(ConformanceMessage(.alive)) }
  }

  private func send(_ message: ConformanceMessage) {
    if let line = try? JSONEncoder().encode(message) { send(line) }
  }

  private func send(_ data: Data) {
    var line = data
    line.append(UInt8(ascii: "\n"))
    writing.withLock { _ in
      line.withUnsafeBytes { bytes in
        var done = 0
        while done < bytes.count {
          let count = write(channel, bytes.baseAddress.map { $0 + done }, bytes.count - done)
          if count < 0, errno == EINTR { continue }
          guard count > 0 else { return }
          done += count
        }
      }
    }
  }
}

/// What the process in which a suite runs tells the one that watches it, a line each.
struct ConformanceMessage: Codable, Sendable {
  /// What has happened.
  enum Event: String, Codable, Sendable {
    /// The plugin has been opened: `names` are its pairs, `faults` what was left out.
    case opened
    /// The plugin cannot be opened, for this `reason`.
    case unusable
    /// The check `check` of `pair` begins.
    case began
    /// Something has been done.
    case alive
    /// A check has ended, with `finding`.
    case ended
    /// Nothing is left to do.
    case done
  }

  var event: Event
  var names: [String]?
  var faults: [String]?
  var reason: String?
  var pair: String?
  var check: String?
  var finding: ConformanceFinding?
  /// Whether the user asked for what there is not.
  var isUsage: Bool?

  /// States an event.
  init(_ event: Event) { self.event = event }
}
