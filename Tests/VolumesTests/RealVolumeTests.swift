import Base
import Foundation
import TestSupport
import Testing

@testable import Volumes

/// Real files as nibabel and pydicom read them.
@Suite(.enabled(if: SharedData.isPresent, "needs the shared data"))
struct RealVolumeTests {
  @Test(
    .enabled(if: VolumeOracle.python != nil, "needs TESSERA_ORACLE_PYTHON"),
    arguments: cases(
      ["volumes/avg152T1_LR_nifti.nii.gz", "volumes/example_ct_sm.nii.gz"],
      slow: [
        "templates/MNI152_T1_2mm.nii.gz", "templates/scct.nii",
        "templates/scct_stripped_hu.nii.gz", "templates/ct_brain_atlas_1mm.nii.gz",
        "volumes/CT_AVM.nii.gz", "volumes/example_ct.nii.gz", "volumes/example_mr_sm.nii.gz",
        "dicom/totalseg_ct_series",
      ]))
  func `sizes, places and samples are those that other readers find`(name: String) throws {
    let path = SharedData.path("mri_ct/\(name)")
    let file = try VolumeFile.open(path)
    let volume = try file.read()
    let other = try VolumeOracle.read(path)
    let geometry = volume.geometry
    #expect([geometry.size.x, geometry.size.y, geometry.size.z] == other.size)
    for (found, expected) in zip(geometry.affine, other.affine) {
      #expect(abs(found - expected) < 1e-4)
    }
    if !other.orientation.isEmpty { #expect(geometry.orientation == other.orientation) }
    let sum = volume.samples.reduce(0.0) { $0 + Double($1) }
    let range = other.greatest - other.least
    #expect(abs(sum / Double(volume.samples.count) - other.mean) < 1e-5 * range)
    #expect(abs(Double(volume.samples.min() ?? 0) - other.least) < 1e-5 * range)
    #expect(abs(Double(volume.samples.max() ?? 0) - other.greatest) < 1e-5 * range)
  }

  @Test func `odd DICOM files are read or refused in one line`() throws {
    let folder = SharedData.path("mri_ct/dicom/pydicom")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(names.count > 50)
    var readable = 0
    for name in names {
      let path = "\(folder)/\(name)"
      do throws(TesseraError) {
        _ = try HeaderFile(path, .dicom)
        readable += 1
      } catch {
        #expect(error.description.hasPrefix(path) && !error.description.contains("\n"))
      }
    }
    #expect(readable > 20)
  }

  @Test func `a file of a series stands for the whole series`() throws {
    let folder = SharedData.path("mri_ct/dicom/totalseg_ct_series")
    let name = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()[7]
    let whole = try VolumeFile.open(folder)
    let one = try VolumeFile.open("\(folder)/\(name)")
    #expect(one.geometry == whole.geometry && one.files.count == 20)
    #expect(whole.modality == "CT")
  }
}
