"""Turns the CT template of Rorden et al. 2012 (scct.nii) into Hounsfield units.

The file holds "Cormack units", which spread -100 to 100 HU over ten times their width and begin at
-1024 HU: https://github.com/neurolabusc/Clinical (clinical_h2c.m).
"""
import sys

import nibabel
import numpy

source, target = sys.argv[1:]
image = nibabel.load(source)
units = numpy.asarray(image.dataobj).astype(float)
units = units.reshape(units.shape[:3])
above_air = numpy.where(units < 900, units, numpy.where(units < 3100, 900 + (units - 900) / 11, units - 2000))
result = nibabel.Nifti1Image(numpy.round(above_air - 1024).astype(numpy.int16), image.affine)
result.header.set_xyzt_units("mm")
nibabel.save(result, target)
