"""An MRI in the numbers of ct-to-mri: scaled.py MRI.nii.gz CT.nii.gz LOW:HIGH OUTPUT.nii.gz

0 and 1000 are the percentiles 1 and 99.5 of the head (where CT is not air) outside of the slab of slices.
"""
import sys

import nibabel
import numpy

mri, ct = [nibabel.load(path) for path in sys.argv[1:3]]
values = numpy.asarray(mri.dataobj).astype(float)
known = numpy.asarray(ct.dataobj) > -1024
known[:, :, slice(*map(int, sys.argv[3].split(":")))] = False
low, high = numpy.percentile(values[known], [1, 99.5])
scaled = numpy.clip((values - low) / (high - low), 0, 1) * 1000
image = nibabel.Nifti1Image(scaled.astype(numpy.float32), mri.affine)
image.header.set_xyzt_units("mm")
nibabel.save(image, sys.argv[4])
