"""What a CT without any network would be: its mean everywhere, and a cubic of the MRI's intensity.

usage: baselines.py MRI.nii.gz CT.nii.gz RESULT.nii.gz FOLDER [LOW:HIGH]

The head is where RESULT is not air; it is written as FOLDER/head.nii.gz, for `tessera evaluate --mask`.
With a slab of slices both are fitted outside of it, and what is written is the slab, of RESULT and CT too.
"""
import os
import sys

import nibabel
import numpy

mri, ct, result = [nibabel.load(path) for path in sys.argv[1:4]]
folder = sys.argv[4]
slab = slice(*map(int, sys.argv[5].split(":"))) if len(sys.argv) > 5 else None
x, y, r = [numpy.asarray(image.dataobj).astype(float) for image in (mri, ct, result)]
head = r > -1024
known = head.copy()
if slab:
    known[:, :, slab] = False
os.makedirs(folder, exist_ok=True)


def save(name, values, kind):
    image = nibabel.Nifti1Image(values.astype(kind), mri.affine)
    image.header.set_xyzt_units("mm")
    nibabel.save(image.slicer[:, :, slab] if slab else image, f"{folder}/{name}.nii.gz")


curve = numpy.polyfit(x[known] / x.max(), y[known], 3)
save("head", head, numpy.uint8)
save("mean", numpy.where(head, y[known].mean(), -1024), numpy.float32)
save("regression", numpy.where(head, numpy.polyval(curve, x / x.max()), -1024), numpy.float32)
if slab:
    save("result", r, numpy.float32)
    save("target", y, numpy.float32)
