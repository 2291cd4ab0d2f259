import Base
import Foundation
import TestSupport
import Testing

@testable import Volumes

struct VolumeWriterTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  @Test(arguments: ["nii", "nii.gz", "mha", "nrrd"], [false, true])
  func `what was written is read back`(ending: String, isOblique: Bool) throws {
    var geometry = phantom().geometry
    if isOblique { geometry.axes = oblique }
    let volume = phantom(geometry)
    let path = directory.path("phantom.\(ending)")
    try VolumeWriter.write(volume, to: path, as: .int16, note: "made by a test")
    let back = try VolumeFile.open(path).read()
    #expect(back.samples == volume.samples && back.storedAs == .int16)
    #expect(back.geometry.matches(geometry, tolerance: 1e-5))
    #expect(directory.contents == ["phantom.\(ending)"])
  }

  @Test(
    .enabled(if: VolumeOracle.python != nil, "needs TESSERA_ORACLE_PYTHON"),
    arguments: [false, true])
  func `nibabel finds every sample where it was put`(isOblique: Bool) throws {
    var geometry = phantom().geometry
    if isOblique { geometry.axes = oblique }
    let path = directory.path("phantom.nii.gz")
    try VolumeWriter.write(phantom(geometry), to: path, as: .float32)
    let found: [String: [Double]] = try VolumeOracle.run(
      """
      import sys, json, nibabel, numpy as np
      i = nibabel.load(sys.argv[1]); d = np.asanyarray(i.dataobj)
      lps = np.diag([-1, -1, 1, 1])
      q, s = i.get_qform(), i.get_sform()
      print(json.dumps({"corner": [float(d[4, 0, 0]), float(d[0, 3, 0]), float(d[0, 0, 2])],
        "qform": (lps @ q)[:3].ravel().tolist(), "sform": (lps @ s)[:3].ravel().tolist(),
        "codes": [float(i.header["qform_code"]), float(i.header["sform_code"])]}))
      """, path)
    #expect(found["corner"] == [-146, -120, 50])
    for key in ["qform", "sform"] {
      for (a, b) in zip(found[key] ?? [], geometry.affine) { #expect(abs(a - b) < 1e-5) }
    }
    #expect(found["codes"]?.allSatisfy { $0 > 0 } == true)
  }

  @Test func `a sample that does not fit is an error, and leaves nothing`() throws {
    var volume = phantom()
    volume.samples[7] = 40000
    let path = directory.path("phantom.nii")
    #expect(throws: TesseraError.self) {
      try VolumeWriter.write(volume, to: path, as: .int16)
    }
    volume.samples[7] = .nan
    #expect(throws: TesseraError.self) { try VolumeWriter.write(volume, to: path, as: .uint8) }
    #expect(directory.contents.isEmpty)
  }

  @Test func `an ending that cannot be written names those that can`() {
    let error = #expect(throws: TesseraError.self) {
      try VolumeWriter.write(phantom(), to: directory.path("phantom.png"), as: .int16)
    }
    #expect(error?.reason.contains(".nii.gz") == true)
  }
}
