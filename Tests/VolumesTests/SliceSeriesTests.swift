import Base
import Foundation
import TestSupport
import Testing

@testable import Volumes

struct SliceSeriesTests {
  private let directory: TemporaryDirectory
  private let writer = SliceSeriesWriter(
    title: "synthetic CT, not for clinical use", derivation: "made by a test")

  init() throws { directory = try TemporaryDirectory() }

  private func series(_ name: String = "series", axes: [SIMD3<Double>]? = nil) throws -> String {
    var geometry = phantom().geometry
    geometry.size.z = 5
    if let axes { geometry.axes = axes }
    let path = directory.path(name)
    try writer.write(phantom(geometry), to: path)
    return path
  }

  private func reason(_ path: String) -> String {
    let error = #expect(throws: TesseraError.self) { try VolumeFile.open(path) }
    return error?.description ?? ""
  }

  @Test(arguments: [false, true])
  func `a series that was written is read back`(isOblique: Bool) throws {
    let path = try series(axes: isOblique ? oblique : nil)
    let volume = try VolumeFile.open(path).read()
    var geometry = phantom().geometry
    geometry.size.z = 5
    if isOblique { geometry.axes = oblique }
    #expect(volume.geometry.matches(geometry, tolerance: 1e-6))
    #expect(volume.samples == phantom(geometry).samples && volume.modality == "CT")
    #expect(directory.contents.filter { !$0.hasPrefix("series") }.isEmpty)
  }

  @Test(.enabled(if: VolumeOracle.python != nil && SharedData.isPresent, "needs both"))
  func `a derived series keeps the patient and is new in all else`() throws {
    let folder = SharedData.path("mri_ct/dicom/totalseg_ct_series")
    let volume = try VolumeFile.open(folder).read()
    let path = directory.path("derived")
    try writer.write(volume, to: path)
    let found: [String: Bool] = try VolumeOracle.run(
      """
      import sys, json, os, pydicom, numpy as np
      def load(d):
        s = [pydicom.dcmread(os.path.join(d, n)) for n in os.listdir(d)]
        return sorted(s, key=lambda x: float(x.ImagePositionPatient[2]))
      a, b = load(sys.argv[1]), load(sys.argv[2])
      hu = lambda s: s.pixel_array * float(s.RescaleSlope) + float(s.RescaleIntercept)
      r = {"slices": len(a) == len(b)}
      r["pixels"] = all(np.array_equal(hu(x), hu(y)) for x, y in zip(a, b))
      r["position"] = all(np.allclose([float(v) for v in x.ImagePositionPatient],
        [float(v) for v in y.ImagePositionPatient], atol=1e-6) for x, y in zip(a, b))
      r["spacing"] = all(list(x.PixelSpacing) == list(y.PixelSpacing) for x, y in zip(a, b))
      r["orientation"] = all(list(x.ImageOrientationPatient) == list(y.ImageOrientationPatient)
        for x, y in zip(a, b))
      for key in ("StudyInstanceUID", "FrameOfReferenceUID", "PatientID", "StudyDate"):
        r[key] = all(x.get(key) == y.get(key) for x, y in zip(a, b))
      r["series"] = len({y.SeriesInstanceUID for y in b}) == 1 and a[0].get(
        "SeriesInstanceUID") != b[0].SeriesInstanceUID
      r["instances"] = len({y.SOPInstanceUID for y in b}) == len(b)
      r["class"] = all(y.SOPClassUID == "1.2.840.10008.5.1.4.1.1.2" for y in b)
      r["meta"] = all(y.file_meta.MediaStorageSOPInstanceUID == y.SOPInstanceUID for y in b)
      r["derived"] = all(list(y.ImageType)[:2] == ["DERIVED", "SECONDARY"] for y in b)
      r["rescale"] = all(y.RescaleIntercept == -1024 and y.RescaleSlope == 1 for y in b)
      r["units"] = all(y.RescaleType == "HU" for y in b)
      r["source"] = all(y.SourceImageSequence[0].ReferencedSOPInstanceUID == x.SOPInstanceUID
        for x, y in zip(a, b) if x.get("SOPInstanceUID"))
      r["private"] = not any(e.tag.is_private for y in b for e in y)
      r["title"] = all("not for clinical use" in y.SeriesDescription for y in b)
      print(json.dumps(r))
      """, folder, path)
    for (what, holds) in found.sorted(by: { $0.key < $1.key }) { #expect(holds, "\(what)") }
    #expect(found.count == 19)
  }

  @Test(.enabled(if: VolumeOracle.python != nil, "needs pydicom"))
  func `what the standard wants in a CT slice is there even where nobody knows it`() throws {
    // Types 1 and 2 of the modules of the CT image, as dciodvfy asks for them.
    let missing: [String] = try VolumeOracle.run(
      """
      import sys, json, os, pydicom
      wanted = '''SOPClassUID SOPInstanceUID StudyDate StudyTime AccessionNumber Modality
        Manufacturer ReferringPhysicianName PatientName PatientID PatientBirthDate PatientSex
        SliceThickness KVP PatientPosition StudyInstanceUID SeriesInstanceUID StudyID SeriesNumber
        AcquisitionNumber InstanceNumber ImagePositionPatient ImageOrientationPatient
        FrameOfReferenceUID PositionReferenceIndicator SamplesPerPixel PhotometricInterpretation
        Rows Columns PixelSpacing BitsAllocated BitsStored HighBit PixelRepresentation
        RescaleIntercept RescaleSlope PixelData'''.split()
      slices = [pydicom.dcmread(os.path.join(sys.argv[1], n)) for n in os.listdir(sys.argv[1])]
      print(json.dumps([w for w in wanted if any(w not in s for s in slices)]))
      """, try series())
    #expect(missing.isEmpty)
  }

  @Test func `a missing slice is named`() throws {
    let path = try series()
    try FileManager.default.removeItem(atPath: "\(path)/CT.0003.dcm")
    let reason = reason(path)
    #expect(reason.contains("CT.0002.dcm and CT.0004.dcm") && reason.contains("missing"))
  }

  @Test func `the same slice twice, a lone slice and an empty folder are refused`() throws {
    let path = try series()
    let manager = FileManager.default
    try manager.copyItem(atPath: "\(path)/CT.0003.dcm", toPath: "\(path)/again.dcm")
    #expect(reason(path).contains("same place"))
    for name in ["again.dcm", "CT.0002.dcm", "CT.0003.dcm", "CT.0004.dcm", "CT.0005.dcm"] {
      try manager.removeItem(atPath: "\(path)/\(name)")
    }
    #expect(reason(path).contains("one slice"))
    try manager.removeItem(atPath: "\(path)/CT.0001.dcm")
    #expect(reason(path).contains("no DICOM images"))
  }

  @Test func `two series in a folder are told, and one of them can be chosen by a file`() throws {
    let (one, other) = (try series("one"), try series("other"))
    for name in try FileManager.default.contentsOfDirectory(atPath: other) {
      try FileManager.default.copyItem(atPath: "\(other)/\(name)", toPath: "\(one)/b\(name)")
    }
    #expect(reason(one).contains("2 series"))
    #expect(try VolumeFile.open("\(one)/bCT.0001.dcm").files.count == 5)
  }

  @Test func `a folder that exists is not written into`() throws {
    let path = try series()
    #expect(throws: TesseraError.self) { try writer.write(phantom(), to: path) }
  }

  @Test func `values beyond 16 bits are refused`() throws {
    var volume = phantom()
    volume.samples[0] = 40000
    #expect(throws: TesseraError.self) { try writer.write(volume, to: directory.path("beyond")) }
    #expect(directory.contents.isEmpty)
  }

  @Test func `an earlier result is replaced where that is asked for, a series of others never`()
    throws
  {
    let path = try series()
    #expect(throws: TesseraError.self) { try writer.write(phantom(), to: path) }
    var geometry = phantom().geometry
    geometry.size.z = 3
    try writer.write(phantom(geometry), to: path, replaces: true)
    #expect(try VolumeFile.open(path).geometry.size.z == 3)
    #expect(directory.contents.count == 4)
    let slice = "\(path)/CT.0001.dcm"
    try FileManager.default.moveItem(atPath: slice, toPath: "\(path)/CT.1.2.840.dcm")
    #expect(throws: TesseraError.self) { try writer.write(phantom(), to: path, replaces: true) }
    #expect(FileManager.default.fileExists(atPath: "\(path)/CT.1.2.840.dcm"))
  }
}
