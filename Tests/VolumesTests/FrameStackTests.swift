import Base
import Foundation
import TestSupport
import Testing

@testable import Volumes

/// DICOM files with many frames, of which each says where it lies.
struct FrameStackTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func path(_ file: FramesFile) throws -> String {
    let path = directory.path("frames.dcm")
    try file.write(path)
    return path
  }

  private func reason(_ change: (inout FramesFile) -> Void) throws -> String {
    var file = FramesFile.regular()
    change(&file)
    let path = try path(file)
    let error = #expect(throws: TesseraError.self) { try VolumeFile.open(path).read() }
    #expect(error?.path == path && error?.description.contains("\n") == false)
    return error?.reason ?? ""
  }

  @Test(arguments: [false, true])
  func `a regular stack is read as it is stored, whichever way it runs`(isReversed: Bool) throws {
    var file = FramesFile.regular()
    if isReversed { file.frames.reverse() }
    let volume = try VolumeFile.open(try path(file)).read()
    let geometry = volume.geometry
    #expect(geometry.size == SIMD3(5, 4, 4) && geometry.spacing == SIMD3(4, 3, 8))
    #expect(geometry.origin == SIMD3(-10, 20, isReversed ? 29 : 5))
    #expect(geometry.axes == [SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, isReversed ? -1 : 1)])
    #expect(volume.samples == file.frames.flatMap { $0.samples.map(Float.init) })
    #expect(volume.modality == "MR")
    // The same place holds the same sample either way.
    let highest = geometry.place(SIMD3(0, 0, isReversed ? 0 : 3))
    #expect(highest == SIMD3(-10, 20, 29) && volume[0, 0, isReversed ? 0 : 3] == 300)
  }

  @Test func `an oblique stack lies where its frames say`() throws {
    var file = FramesFile.regular()
    let turn = (oblique[0].all + oblique[1].all)
    for z in file.frames.indices {
      file.frames[z].turn = turn
      file.frames[z].place = (SIMD3(-10, 20, 5) + oblique[2] * (2.5 * Double(z))).all
    }
    let expected = VolumeGeometry(
      size: SIMD3(5, 4, 4), spacing: SIMD3(4, 3, 2.5), origin: SIMD3(-10, 20, 5), axes: oblique)
    #expect(try VolumeFile.open(try path(file)).geometry.matches(expected, tolerance: 1e-6))
  }

  @Test func `the slope of all frames is applied`() throws {
    var file = FramesFile.regular()
    for z in file.frames.indices {
      file.frames[z].slope = 2
      file.frames[z].intercept = -1024
    }
    let volume = try VolumeFile.open(try path(file)).read()
    #expect(volume.samples == file.frames.flatMap { $0.samples.map { 2 * Float($0) - 1024 } })
  }

  @Test(.enabled(if: VolumeOracle.python != nil, "needs pydicom"))
  func `places and values are those that pydicom finds`() throws {
    var file = FramesFile.regular()
    for z in file.frames.indices {
      file.frames[z].slope = 0.5
      file.frames[z].intercept = -3
    }
    let path = try path(file)
    let found: [[Double]] = try VolumeOracle.run(
      """
      import sys, json, pydicom, numpy as np
      from pydicom.pixels import apply_rescale
      d = pydicom.dcmread(sys.argv[1])
      f = d.PerFrameFunctionalGroupsSequence
      place = lambda k: [float(x) for x in f[k].PlanePositionSequence[0].ImagePositionPatient]
      rows, columns = [float(x) for x in f[0].PixelMeasuresSequence[0].PixelSpacing]
      p = f[0].PixelValueTransformationSequence[0]
      v = d.pixel_array * float(p.RescaleSlope) + float(p.RescaleIntercept)
      step = np.linalg.norm(np.subtract(place(1), place(0)))
      print(json.dumps([place(0), [columns, rows, step], v.ravel().tolist()]))
      """, path)
    let volume = try VolumeFile.open(path).read()
    #expect(volume.geometry.origin.all == found[0] && volume.geometry.spacing.all == found[1])
    #expect(volume.samples.map(Double.init) == found[2])
  }

  @Test func `frames that are stored in another order than they lie in are refused`() throws {
    #expect(try reason { $0.frames.swapAt(1, 2) }.contains("not stored in the order"))
    let odd = try reason { file in file.frames = [0, 2, 1, 3].map { file.frames[$0] } }
    #expect(odd.contains("order"))
  }

  @Test func `a slope of its own for each frame is refused`() throws {
    #expect(try reason { $0.frames[3].slope = 1.1 }.contains("2 slopes"))
    #expect(try reason { $0.frames[3].intercept = -4 }.contains("2 intercepts"))
    #expect(try reason { $0.frames[3].unit = "HU" }.contains("2 units"))
  }

  @Test func `two volumes in one file are refused`() throws {
    let said = try reason { file in
      file.frames += file.frames
      for z in 4..<8 { file.frames[z].time = 2 }
    }
    #expect(said.contains("2 points in time"))
    #expect(try reason { $0.frames += $0.frames }.contains("8 frames lie at 4 places"))
    #expect(try reason { $0.frames[2].stack = "2" }.contains("2 stacks"))
    #expect(try reason { $0.frames[2].echo = 20 }.contains("2 echo times"))
    #expect(try reason { $0.frames[2].kind = "DERIVED\\PRIMARY\\PHASE" }.contains("2 kinds"))
  }

  @Test func `frames that are no regular stack are refused`() throws {
    #expect(try reason { $0.frames.remove(at: 1) }.contains("slices are missing"))
    #expect(try reason { $0.frames[3].place[2] += 2 }.contains("frame 3 and frame 4"))
    #expect(try reason { $0.frames[1].turn = [0, 1, 0, 1, 0, 0] }.contains("turned"))
    #expect(try reason { $0.frames[1].spacing = [3, 5] }.contains("sizes of pixels"))
    #expect(
      try reason { for z in 0..<4 { $0.frames[z].place[0] += 3 * Double(z) } }.contains("tilt"))
  }

  @Test func `frames that do not say where they lie are refused`() throws {
    #expect(try reason { $0.hasGroups = false }.contains("do not say"))
    #expect(try reason { $0.described = 3 }.contains("describes 3"))
    // An ultrasound film.
    let film = try reason {
      $0.hasGroups = false
      $0.kind = "1.2.840.10008.5.1.4.1.1.3.1"
    }
    #expect(film.contains("do not say"))
  }

  @Test func `a folder with one file of frames stands for it`() throws {
    let folder = directory.path("study")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var file = FramesFile.regular()
    try file.write("\(folder)/frames.dcm")
    #expect(try VolumeFile.open(folder).geometry.size.z == 4)
    file.frames.swapAt(1, 2)
    try file.write("\(folder)/frames.dcm")
    let error = #expect(throws: TesseraError.self) { try VolumeFile.open(folder) }
    #expect(error?.path == folder && error?.reason.hasPrefix("frames.dcm: ") == true)
    try file.write("\(folder)/again.dcm")
    let two = #expect(throws: TesseraError.self) { try VolumeFile.open(folder) }
    #expect(two?.reason.contains("give it by itself") == true)
  }

  @Test func `a file that ends in a frame is refused`() throws {
    let path = try path(.regular())
    let data = try Data(contentsOf: URL(filePath: path))
    try data.dropLast(50).write(to: URL(filePath: path))
    let error = #expect(throws: TesseraError.self) { try VolumeFile.open(path).read() }
    #expect(error?.path == path && error?.reason.contains("110 of 160 bytes") == true)
  }
}
