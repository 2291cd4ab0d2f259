import Base
import Foundation
import TestSupport
import Testing

@testable import Training

struct LossLogTests {
  private static let names = ["G_GAN", "D_real", "KLD"]

  private func fill(_ log: LossLog, _ steps: some Sequence<Int>, time: Double = 0.1) throws {
    for step in steps {
      var losses = [("G_GAN", 1 / Double(step)), ("D_real", Double(Float(0.1) * Float(step)))]
      if step % 3 == 0 { losses.append(("KLD", 1e-9 * Double(step))) }
      try log.append(
        step: step, epoch: 1 + step / 10, seconds: time, dataWait: time / 8, losses: losses)
    }
  }

  private func text(_ path: String) throws -> String {
    try String(contentsOfFile: path, encoding: .utf8)
  }

  @Test func `rows are written as they are read`() throws {
    let folder = try TemporaryDirectory()
    let path = folder.path("loss.csv")
    let log = try LossLog(path, losses: Self.names)
    try fill(log, [1, 3])
    try log.append(
      step: 4, epoch: 1, seconds: 0.25, dataWait: 0,
      losses: [("G_GAN", .nan), ("D_real", -.infinity)])
    try log.flush()
    #expect(
      try text(path)
        == """
        step,epoch,seconds,dataWait,G_GAN,D_real,KLD
        1,1,0.1,0.0125,1.0,0.1,
        3,1,0.1,0.0125,0.33333334,0.3,3e-09
        4,1,0.25,0.0,nan,-inf,

        """.replacingOccurrences(of: "0.3,", with: "\(Float(0.1) * 3),"))
    let table = try LossTable.read(path)
    #expect(table.columns == LossLog.leading + Self.names)
    #expect(table["step"] == [1, 3, 4])
    #expect(table["KLD"] == [nil, 3e-9, nil])
    #expect(table["G_GAN"][2]?.isNaN == true)
    #expect(table["D_real"][2] == -.infinity)
    #expect(log.table.count == 3)
    #expect(table["nobody"].isEmpty)
  }

  @Test func `only whole lines reach the disk, a batch at a time`() throws {
    let folder = try TemporaryDirectory()
    let path = folder.path("loss.csv")
    let log = try LossLog(path, losses: Self.names, batch: 4)
    try fill(log, 1...6)
    #expect(try LossTable.read(path)["step"] == [1, 2, 3, 4])
    #expect(try text(path).hasSuffix("\n"))
    try log.flush()
    #expect(try LossTable.read(path)["step"] == [1, 2, 3, 4, 5, 6])
  }

  @Test func `a resumed run leaves the rows of one that was never stopped`() throws {
    let folder = try TemporaryDirectory()
    let (whole, stopped) = (folder.path("whole.csv"), folder.path("stopped.csv"))
    do { try fill(try LossLog(whole, losses: Self.names), 1...40) }
    do { try fill(try LossLog(stopped, losses: Self.names), 1...33) }
    // Killed in the middle of a line, after a checkpoint at 20; and again after one at 20.
    for tail in ["34,4,0.1,0.01", "34,4,0.1,0.0125,0.02,1,2\n\0\0\0\0\n", ""] {
      let handle = try FileHandle(forWritingTo: URL(filePath: stopped))
      try handle.seekToEnd()
      handle.write(Data(tail.utf8))
      try handle.close()
      let log = try LossLog(stopped, losses: Self.names, resumingFrom: 20)
      #expect(log.table.count == 20)
      #expect(try LossTable.read(stopped)["step"].count == 20)
      try fill(log, 21...40)
      try log.flush()
      let isSame = try text(stopped) == text(whole)
      #expect(isSame)
    }
  }

  @Test func `a damaged row ends what is kept`() throws {
    let folder = try TemporaryDirectory()
    let path = folder.path("loss.csv")
    do { try fill(try LossLog(path, losses: Self.names), 1...9) }
    for damaged in ["5,1,0.1,0.1,x,1,", "5,1,0.1,0.1,1", "", ",1,1,1,1,1,1", "5,1,1,1,1,1,1,1"] {
      var lines = try text(path).components(separatedBy: "\n")
      lines[5] = damaged
      let copy = folder.path("copy.csv")
      try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: copy))
      let log = try LossLog(copy, losses: Self.names, resumingFrom: 9)
      #expect(log.table["step"] == [1, 2, 3, 4], "\(damaged)")
    }
  }

  @Test func `a loss that turns up late gets a column, in a resumed run too`() throws {
    let folder = try TemporaryDirectory()
    let (whole, stopped) = (folder.path("whole.csv"), folder.path("stopped.csv"))
    // Nothing is known before the first step; KLD comes with the third.
    do { try fill(try LossLog(whole, batch: 2), 1...9) }
    #expect(try LossTable.read(whole)["KLD"] == [nil, nil, 3e-9, nil, nil, 6e-9, nil, nil, 9e-9])
    #expect(try LossTable.read(whole).columns == LossLog.leading + Self.names)
    #expect(folder.contents == ["whole.csv"])
    // Killed before and after the column came, resumed from before and after.
    for (killed, resumed) in [(2, 1), (5, 2), (8, 7), (3, 3), (1, 0)] {
      do { try fill(try LossLog(stopped), 1...killed) }
      do {
        let log = try LossLog(stopped, resumingFrom: resumed)
        try fill(log, (resumed + 1)...9)
        #expect(log.table.count == 9)
      }
      #expect(try text(stopped) == text(whole), "killed at \(killed), resumed from \(resumed)")
    }
  }

  @Test func `a file that is no table of losses is refused and stays`() throws {
    let folder = try TemporaryDirectory()
    let path = folder.path("loss.csv")
    for (content, words) in [
      ("epoch,step,psnr\n1,2,3\n", "its columns begin with epoch,step,psnr instead of step,epoch"),
      ("", "no line with the names"), ("step,epoch", "no line with the names"),
    ] {
      try Data(content.utf8).write(to: URL(filePath: path))
      let error = #expect(throws: TesseraError.self) {
        _ = try LossLog(path, losses: Self.names, resumingFrom: 5)
      }
      #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
      #expect(try text(path) == content)
    }
  }

  @Test func `resuming at the start, or without a file, begins it anew`() throws {
    let folder = try TemporaryDirectory()
    let path = folder.path("loss.csv")
    let log = try LossLog(path, losses: Self.names, resumingFrom: 7)
    try fill(log, 8...9)
    try log.flush()
    #expect(try LossTable.read(path)["step"] == [8, 9])
    #expect(try LossLog(path, losses: Self.names, resumingFrom: 0).table.count == 0)
  }

  @Test func `validation is cut at the step to resume from`() throws {
    let folder = try TemporaryDirectory()
    let path = folder.path("validation.csv")
    do {
      let log = try ValidationLog(path, metrics: ["psnr", "ssim"])
      for epoch in 1...5 {
        try log.append(epoch: epoch, step: epoch * 100, metrics: [("psnr", 20 + Double(epoch))])
      }
    }
    let log = try ValidationLog(path, metrics: ["psnr", "ssim"], resumingFrom: 399)
    #expect(log.table["epoch"] == [1, 2, 3])
    try log.append(epoch: 4, step: 400, metrics: [("psnr", 30), ("ssim", 0.5)])
    #expect(
      try text(path) == """
        epoch,step,psnr,ssim
        1,100,21.0,
        2,200,22.0,
        3,300,23.0,
        4,400,30.0,0.5

        """)
  }
}
