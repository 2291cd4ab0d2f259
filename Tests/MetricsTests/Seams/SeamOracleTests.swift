import Foundation
import TesseraPlugin
import TestSupport
import Testing

@testable import Metrics

/// The same definitions written down once more in NumPy.
struct SeamOracleTests {
  private static let program = """
    import sys, json, numpy as np
    path, other, h, w, c, pitch, offset, white = sys.argv[1:2] + sys.argv[2:3] + [
      int(x) for x in sys.argv[3:9]]
    stored, second = (np.fromfile(p, "<f8").reshape(h, w, c) for p in (path, other))
    scale = 255 / white
    image = stored * scale
    planes = [image[..., i] for i in range(c)]
    if c == 3: planes.append(image @ np.array([0.2126, 0.7152, 0.0722]))
    f = 1 / 1536

    phase = max(q for q in (1, 2, 4, 8, 16) if pitch % q == 0 and q <= pitch // 7)
    controls = [j * pitch // 7 // phase * phase for j in range(1, 7)]

    def steps(v):
      n = max(1, v.shape[0] // 64)
      edges = [64 * i for i in range(n)] + [v.shape[0]]
      groups = [[] for _ in range(7)]
      for seam in range(offset - pitch, v.shape[1], pitch):
        for group, at in enumerate([0] + controls):
          x = seam + at
          if x < 4 or x > v.shape[1] - 4: continue
          for a, b in zip(edges, edges[1:]):
            groups[group].append(v[a:b, x:x+4].mean() - v[a:b, x-4:x].mean())
      square = [np.nanmean(np.square(g)) for g in groups]
      control = np.nanmean(np.square(np.concatenate(groups[1:])))
      ratios = [np.sqrt((s + f) / (control + f)) for s in square]
      return [ratios[0], np.sqrt(square[0]), min(ratios[1:]), max(ratios[1:])]

    def comb(v):
      g = np.nanmean(np.abs(np.diff(v, axis=1)), axis=0)
      tiles = len(g) // pitch
      g = g[:tiles * pitch]
      spectrum = np.sqrt(np.abs(np.fft.fft(g - g.mean())) ** 2 + len(g) / 6 / v.shape[0])
      n = min(3, tiles // 2)
      top, beside = [], []
      for k in range(1, min(256, (pitch - 1) // 2) + 1):
        nearest = round(k * 16 / pitch) / 16
        if abs(k / pitch - nearest) * len(g) < n + 1 - 1e-9: continue
        top.append(spectrum[k * tiles])
        beside += [spectrum[k * tiles + j] for j in range(-n, n + 1) if j]
      return np.mean(top) / np.mean(beside)

    d = np.abs(stored - second).ravel() * scale
    d = d[np.isfinite(d)]
    shift = [np.sqrt((d ** 2).mean()), d.max(),
      np.percentile(d, 99.9, method="inverted_cdf"), float((d > 0).sum())]
    print(json.dumps([[[steps(v) + [comb(v)] for v in p]
      for p in (planes, [v.T for v in planes])], [[shift]]]))
    """

  private func compare(
    _ image: ArraySource, _ other: ArraySource, _ grid: SeamGrid, tolerance: Double = 1e-6
  ) throws {
    let info = image.info
    let expected: [[[[Double]]]] = try MetricsOracle.run(
      Self.program, [image, other].map { $0.samples.map(Double.init) },
      [
        info.height, info.width, info.channels, grid.pitch, grid.offset,
        Int(info.sampleFormat.white),
      ])
    let report = try SeamSuite(grid).measure(image, against: other)
    for (seams, numbers) in zip([report.vertical, report.horizontal], expected[0]) {
      #expect(seams.steps.count == numbers.count && seams.combs.count == numbers.count)
      for ((step, comb), numbers) in zip(zip(seams.steps, seams.combs), numbers) {
        let ours = [
          step.ratio, step.levels, step.lowestControl, step.highestControl, comb.ratio,
        ]
        for (our, number) in zip(ours, numbers) {
          #expect(abs(our / number - 1) < tolerance, "\(step) \(comb) \(numbers)")
        }
      }
    }
    let shift = try #require(report.gridShift)
    let numbers = expected[1][0][0]
    #expect(abs(shift.rms / numbers[0] - 1) < tolerance)
    #expect(abs(shift.maximum / numbers[1] - 1) < tolerance)
    #expect(abs(shift.percentile999 / numbers[2] - 1) < 5e-4)
    #expect(Double(shift.differingSamples - shift.nonFiniteDifferences) == numbers[3])
  }

  private func image(
    _ width: Int, _ height: Int, _ channels: Int, _ format: SampleFormat, unit: Float, pitch: Int,
    seed: Int, isBad: (Int, Int) -> Bool = { _, _ in false }
  ) -> ArraySource {
    ArraySource(width: width, height: height, channels: channels, format: format) { x, y, channel in
      if isBad(x, y) { return .nan }
      let noise = MemorySource.noise(x, y, channel + seed) / 3
      let tile = MemorySource.noise(x / pitch, y / pitch, channel) / 8
      return Float(40 + noise + tile) * unit
    }
  }

  @Test(arguments: [(64, 0), (96, 10), (128, 77), (101, 50), (256, 0)])
  func `8-bit RGB has the figures of NumPy`(grid: (pitch: Int, offset: Int)) throws {
    try compare(
      image(701, 533, 3, .uint8, unit: 1, pitch: grid.pitch, seed: 0),
      image(701, 533, 3, .uint8, unit: 1, pitch: grid.pitch, seed: 5),
      SeamGrid(pitch: grid.pitch, offset: grid.offset))
  }

  @Test func `16-bit gray has the figures of NumPy`() throws {
    try compare(
      image(400, 300, 1, .uint16, unit: 190, pitch: 48, seed: 0),
      image(400, 300, 1, .uint16, unit: 190, pitch: 48, seed: 9), SeamGrid(pitch: 48))
  }

  @Test func `floats of two channels with NaN have the figures of NumPy`() throws {
    let isBad = { (x: Int, y: Int) in x == 131 && y % 9 == 3 || y == 222 && x < 50 }
    try compare(
      image(400, 300, 2, .float32, unit: 1 / 255, pitch: 64, seed: 0, isBad: isBad),
      image(400, 300, 2, .float32, unit: 1 / 255, pitch: 64, seed: 3),
      SeamGrid(pitch: 64), tolerance: 1e-5)
  }
}
