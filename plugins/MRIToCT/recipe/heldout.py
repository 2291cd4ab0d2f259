"""Cuts a slab of 40 mm out of both templates, and says what a CT of it would be without any network.

usage: heldout.py cut MRI.nii.gz CT.nii.gz FOLDER          what lies below and above it, to learn from
       heldout.py measure MRI.nii.gz CT.nii.gz RESULT.nii.gz FOLDER

`measure` writes the slab of the result and of the CT, its head (where the result is not air), the mean CT
of the head outside the slab, and a cubic of the MRI's intensity fitted there.
"""
import os
import sys

import nibabel
import numpy

LOW, HIGH = 36, 56  # slices of 2 mm
mri, ct = [nibabel.load(path) for path in sys.argv[2:4]]

if sys.argv[1] == "cut":
    for domain, image in (("A", mri), ("B", ct)):
        folder = f"{sys.argv[4]}/{domain}/train"
        os.makedirs(folder, exist_ok=True)
        nibabel.save(image.slicer[:, :, :LOW], f"{folder}/below.nii.gz")
        nibabel.save(image.slicer[:, :, HIGH:], f"{folder}/above.nii.gz")
    sys.exit()

result = nibabel.load(sys.argv[4])
x, y, r = [numpy.asarray(image.dataobj).astype(float) for image in (mri, ct, result)]
head = r > -1024
known = head.copy()
known[:, :, LOW:HIGH] = False


def save(name, values, kind=numpy.float32):
    image = nibabel.Nifti1Image(values.astype(kind), mri.affine)
    image.header.set_xyzt_units("mm")
    nibabel.save(image.slicer[:, :, LOW:HIGH], f"{sys.argv[5]}/{name}.nii.gz")


curve = numpy.polyfit(x[known] / x.max(), y[known], 3)
os.makedirs(sys.argv[5], exist_ok=True)
save("head", head, numpy.uint8)
save("result", r)
save("target", y)
save("mean", numpy.where(head, y[known].mean(), -1024))
save("regression", numpy.where(head, numpy.polyval(curve, x / x.max()), -1024))
