import Base
import Synchronization
import TesseraPlugin

/// Whether windows come out the same when many are translated at once.
enum ThreadsCheck {
  private static let threads = 8

  /// What the threads found.
  private struct Tally {
    var windows = 0
    var fault: String?
  }

  static func run(_ subject: ConformanceSubject) throws -> ConformanceResult {
    let driver = try subject.driver()
    let isSlow = try subject.isSlow
    let all = driver.places(core: 48)
    let places =
      isSlow ? [all[0], all[all.count / 2]] : Array(all.prefix(24)) + [driver.whole]
    let expected = try places.map { try driver.run($0) }
    let tally = Mutex(Tally())
    let deadline = ContinuousClock.now + .seconds(subject.limits.threading)
    WorkerPool(count: threads).run(threads) { thread in
      var round = thread
      repeat {
        let index = round % places.count
        round += 1
        let fault = Self.fault(driver, places[index], expected[index])
        let isOver = tally.withLock { tally in
          tally.windows += 1
          tally.fault = tally.fault ?? fault
          return tally.fault != nil
        }
        if isOver { return }
      } while ContinuousClock.now < deadline
    }
    let result = tally.withLock { $0 }
    if let fault = result.fault {
      return .failed(
        "\(fault), within \(result.windows) windows on \(threads) threads; translate must not share"
          + " memory that it writes to")
    }
    return .passed("\(result.windows) windows on \(threads) threads as one by one")
  }

  private static func fault(
    _ driver: WindowDriver, _ place: WindowDriver.Place, _ expected: [UInt8]
  ) -> String? {
    do throws(PairError) {
      return SampleDifference(expected, try driver.run(place), driver.outputFormat).map {
        "a window comes out differently while others are translated: \($0)"
      }
    } catch {
      return "a window is refused while others are translated: \(error.message)"
    }
  }
}
