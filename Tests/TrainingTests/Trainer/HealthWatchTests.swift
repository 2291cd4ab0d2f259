import Testing

@testable import Training

struct HealthWatchTests {
  @Test func `a discriminator that has won is reported once, after many steps`() {
    var watch = HealthWatch()
    var reports = 0
    for _ in 0..<1000 {
      let losses = [
        Loss("G_GAN", value: 1), Loss("D_real", value: 0.001), Loss("D_fake", value: 0),
      ]
      if watch.observe(losses, mode: .lsgan) != nil { reports += 1 }
    }
    #expect(reports == 1)
  }

  @Test func `a discriminator that is in doubt now and then is healthy`() {
    var watch = HealthWatch()
    for step in 0..<1000 {
      let losses = [Loss("D_A", value: step % 150 == 0 ? 0.2 : 0.001)]
      #expect(watch.observe(losses, mode: .lsgan) == nil)
    }
  }

  @Test func `results that are negatives are noticed, and those that should be are not`() {
    let source = (0..<100).map { Float($0) / 50 - 1 }
    let negative = source.map { -$0 }
    var watch = HealthWatch()
    #expect(watch.observe(source: source, made: source, target: nil) == nil)
    #expect(watch.observe(source: source, made: negative, target: negative) == nil)
    #expect(watch.observe(source: source, made: negative, target: nil) != nil)
    #expect(watch.observe(source: source, made: negative, target: nil) == nil)
    var other = HealthWatch()
    #expect(other.observe(source: source, made: negative, target: source) != nil)
  }
}
