"""What a result without any network would be: the target's mean everywhere, and a cubic of the source's intensity.

usage: baselines.py SOURCE.nii.gz TARGET.nii.gz RESULT.nii.gz FOLDER [LOW:HIGH [CT.nii.gz]]

The head is where RESULT, or CT, is not air; it is written as FOLDER/head.nii.gz, for `tessera evaluate --mask`.
With a slab of slices both are fitted outside of it, and what is written is the slab, of RESULT and TARGET too.
"""
import os
import sys

import nibabel
import numpy

source, target, result = [nibabel.load(path) for path in sys.argv[1:4]]
folder = sys.argv[4]
slab = slice(*map(int, sys.argv[5].split(":"))) if len(sys.argv) > 5 else None
x, y, r = [numpy.asarray(image.dataobj).astype(float) for image in (source, target, result)]
ct = numpy.asarray(nibabel.load(sys.argv[6]).dataobj) if len(sys.argv) > 6 else r
head = ct > -1024
known = head.copy()
if slab:
    known[:, :, slab] = False
os.makedirs(folder, exist_ok=True)


def save(name, values, kind):
    image = nibabel.Nifti1Image(values.astype(kind), source.affine)
    image.header.set_xyzt_units("mm")
    nibabel.save(image.slicer[:, :, slab] if slab else image, f"{folder}/{name}.nii.gz")


curve = numpy.polyfit(x[known] / x.max(), y[known], 3)
save("head", head, numpy.uint8)
save("mean", numpy.where(head, y[known].mean(), r.min()), numpy.float32)
save("regression", numpy.where(head, numpy.polyval(curve, x / x.max()), r.min()), numpy.float32)
if slab:
    save("result", r, numpy.float32)
    save("target", y, numpy.float32)
