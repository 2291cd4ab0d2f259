import Testing

@testable import Training

struct LearningScheduleTests {
  private func factors(
    _ schedule: LearningSchedule, _ epochs: [Int], _ method: String, _ constant: Int,
    _ decay: Int
  ) -> [Double] {
    let type = Methods.registered.first { $0.name == method }
    return epochs.map {
      schedule.factor(
        epoch: $0, constant: constant, decay: decay, afterEpochs: type?.decaysAfterEpochs == true)
    }
  }

  @Test func `the linear schedule of CycleGAN is that of its scheduler`() {
    // lambda_rule: 1 - max(0, epoch + 1 - n_epochs) / (n_epochs_decay + 1)
    let found = factors(.linear, [0, 99, 100, 149, 199], "cyclegan", 100, 100)
    let official: [Double] = [0.0, 0, 1, 50, 100].map { 1 - $0 / 101 }
    #expect(found == official)
  }

  @Test func `the linear schedule of Pix2PixHD falls after each epoch of decay`() {
    // update_learning_rate at the end of an epoch beyond niter: lr -= lr / niter_decay
    let found = factors(.linear, [0, 99, 100, 101, 199], "pix2pixhd", 100, 100)
    let official: [Double] = [0.0, 0, 0, 1, 99].map { 1 - $0 / 100 }
    #expect(found == official)
    #expect(factors(.linear, [49], "spade", 50, 0) == [1])
  }

  @Test func `steps and cosines fall as PyTorch's do`() {
    #expect(factors(.step, [0, 49], "cut", 100, 0) == [1, 1])
    #expect(abs(factors(.step, [50], "cut", 100, 0)[0] - 0.1) < 1e-12)
    #expect(abs(factors(.cosine, [50], "cut", 100, 0)[0] - 0.5) < 1e-12)
  }

  @Test func `a plateau of more than five epochs lowers the rate to a fifth`() {
    var watch = PlateauWatch()
    watch.observe(1)
    for _ in 0..<5 { watch.observe(0.995) }
    #expect(watch.factor == 1)
    watch.observe(0.995)
    #expect(watch.factor == 0.2)
    watch.observe(0.5)
    for _ in 0..<5 { watch.observe(0.6) }
    #expect(watch.factor == 0.2)
  }
}
