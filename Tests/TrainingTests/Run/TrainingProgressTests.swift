import Foundation
import Testing

@testable import Training

struct TrainingProgressTests {
  private let progress = TrainingProgress(
    step: 12_300, steps: 200_000, epoch: 3, epochs: 200, secondsPerStep: 0.1424, dataWait: 0.034,
    losses: [.init("G_GAN", 0.71234), .init("D_real", 1e-5), .init("cycle_A", .nan)])

  @Test func `the line tells what matters`() {
    #expect(
      progress.line() == "step 12,300/200,000  epoch 3/200  G_GAN 0.712  D_real 1e-05  cycle_A nan"
        + "  142 ms/step  data 3 %  7 h 25 min left")
    let first = TrainingProgress(step: 0, steps: 10, epoch: 1, epochs: 2)
    #expect(first.line() == "step 0/10  epoch 1/2  data 0 %")
  }

  @Test func `a narrow terminal loses losses first`() {
    for columns in 0...120 {
      #expect(progress.line(columns: columns).count <= columns)
    }
    let line = progress.line(columns: 85)
    #expect(line.contains("G_GAN") && !line.contains("D_real") && line.hasSuffix("left"))
  }

  @Test func `an event is JSON whatever the losses are`() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let json = String(decoding: try encoder.encode(progress), as: UTF8.self)
    #expect(
      json.hasPrefix("{\"dataWait\":0.034,\"epoch\":3,\"epochs\":200,\"event\":\"progress\""))
    #expect(json.contains("\"losses\":{\"D_real\":1.0e-05,") || json.contains("\"D_real\":1e-05"))
    #expect(json.contains("\"cycle_A\":null"))
    #expect(json.contains("\"secondsLeft\":"))
    var broken = progress
    (broken.secondsPerStep, broken.dataWait) = (.nan, .infinity)
    #expect(try !encoder.encode(broken).isEmpty)
    #expect(broken.line().contains("unknown"))
  }

  @Test func `the time of a step is the median of recent ones`() {
    var times = StepTimes(remembering: 5)
    #expect(times.secondsPerStep == nil && times.dataWait == 0)
    for seconds in [9, 9, 9, 1, 2, 3, 100, 2.5] as [Double] {
      times.append(seconds: seconds, dataWait: seconds / 4)
    }
    #expect(times.secondsPerStep == 2.5)
    #expect(times.dataWait == 0.25)
  }

  @Test(arguments: [
    (0, "0 s"), (41.2, "42 s"), (303, "5 min 03 s"), (12_000, "3 h 20 min"), (187_300, "2 d 4 h"),
    (-1, "unknown"), (.nan, "unknown"), (.infinity, "unknown"), (1e30, "years"),
  ])
  func `a time is said as people say it`(seconds: Double, text: String) {
    #expect(SpokenDuration.text(seconds) == text)
  }

  @Test func `numbers are short`() {
    #expect(
      [0, 7, 999, 1000, 1_234_567, -12_345].map(ShortNumber.count)
        == ["0", "7", "999", "1,000", "1,234,567", "-12,345"])
    #expect(
      [0, 0.25, 1500, 10_000, 150_000, 2_500_000, 1e-5].map(ShortNumber.mark)
        == ["0", "0.25", "1500", "10k", "150k", "2.5M", "1e-05"])
    #expect([0.0042, 0.142, 2.34].map(SpokenDuration.step) == ["4.2 ms", "142 ms", "2.34 s"])
  }
}
